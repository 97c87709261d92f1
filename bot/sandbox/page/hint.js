/** One line for who has no messages yet, until it is dismissed. */
import { h } from "./dom.js";
import { icon } from "./icons.js";

const DISMISSED = "hint-dismissed";

/** @param {import("./state.js").State} state @param {HTMLElement} place */
export function mountHint(state, place) {
  const dismiss = () => {
    localStorage.setItem(DISMISSED, "yes");
    place.hidden = true;
  };
  let shownTo = "";
  const render = () => {
    const isNew = state.seats.get(state.me)?.messages.length === 0;
    place.hidden = !isNew || localStorage.getItem(DISMISSED) === "yes";
    if (place.hidden || shownTo === state.me) return;
    shownTo = state.me;
    place.replaceChildren(
      h("span", {}, "New here? Type ", h("code", {}, firstCommand(state)), " or look at Home. Choose whom to be in the list of people, and move the clock to see what comes later."),
      h("button", { type: "button", class: "icon-button", "aria-label": "Hide this hint", onclick: dismiss }, icon("close")),
    );
  };
  for (const news of ["route", "seat"]) state.addEventListener(news, render);
}

/** The first word of the first command, with somebody else's name where it wants one. */
function firstCommand(state) {
  const [command] = state.workspace.commands;
  const [word] = command?.words ?? [];
  const other = state.people.find((person) => person.id !== state.me);
  const name = other && /@/.test(word?.hint ?? "") ? `@${other.name}` : null;
  return [command?.command ?? "/", word?.word, name].filter(Boolean).join(" ");
}
