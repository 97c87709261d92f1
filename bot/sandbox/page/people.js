/** The list of people: whom one can be, and whom one can only name. */
import { avatar, isPlayable, kindOf } from "./person.js";
import { cityOf, tell } from "./time.js";
import { h, patchList } from "./dom.js";

/** @typedef {import("./state.js").State} State */

/** @param {State} state @param {HTMLElement} place @param {() => void} chosen called after a choice */
export function mountPeople(state, place, chosen) {
  const mine = h("ul", { "aria-labelledby": "you-are" });
  const others = h("ul", { "aria-labelledby": "also-here" });
  const alsoHere = h("h3", { id: "also-here" }, "Also here");
  place.append(h("h3", { id: "you-are" }, "You are"), mine, alsoHere, others);

  const choose = (id) => {
    state.go(id);
    chosen();
  };
  const render = () => {
    const { app, people } = state.workspace;
    const unplayable = people.filter((person) => !isPlayable(person) && person.id !== app.bot_user_id);
    patchList(mine, state.people.map((person) => rowOf(state, person)), (row) => row.person.id, (row) => playable(row, choose));
    patchList(others, unplayable, (person) => person.id, unplayableRow);
    alsoHere.hidden = !unplayable.length;
  };
  for (const news of ["workspace", "seat", "route", "clock"]) state.addEventListener(news, render);
}

function rowOf(state, person) {
  const isMe = person.id === state.me;
  const isReading = isMe && state.tab === "messages";
  return {
    person,
    isMe,
    time: `${tell(state.now(), person, "weekday_time")} · ${cityOf(person.tz)}`,
    unread: isReading ? 0 : (state.seats.get(person.id)?.unread ?? 0),
    hasModal: !isMe && Boolean(state.seats.get(person.id)?.modals.length),
  };
}

function playable({ person, isMe, time, unread, hasModal }, choose) {
  const about = [person.title, person.tz_label].filter(Boolean).join(" · ");
  return h("li", {}, h("button", {
    type: "button", class: "person", "aria-current": isMe ? "true" : null, title: about || null, "data-key": person.id, onclick: () => choose(person.id),
  },
  avatar(person),
  h("span", { class: "person-text" },
    h("span", { class: "person-name" }, person.real_name, hasModal ? h("span", { class: "half-open" }, " (form open)") : null),
    h("span", { class: "person-time" }, time)),
  unread ? h("span", { class: "unread", "aria-label": `${unread} unread` }, String(unread)) : null));
}

const unplayableRow = (person) =>
  h("li", { class: "person unplayable" }, avatar(person),
    h("span", { class: "person-text" },
      h("span", { class: "person-name" }, person.real_name),
      h("span", { class: "person-time" }, `@${person.name} · ${kindOf(person)}`)));
