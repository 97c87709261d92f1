/** The clock: what time it is, what is due next, and the buttons that move it on. */
import { api } from "./api.js";
import { cityOf, tell } from "./time.js";
import { h, say } from "./dom.js";

/** @typedef {import("./state.js").State} State */

const MOVES = [["next", "Next thing due"], ["hour", "+1 hour"], ["day", "+1 day"], ["week", "+1 week"]];

/** How often the clock is asked for anew, in ms. */
const ASK = 5000;

/** How long after something happened the app is asked what is due now, in ms: it may have more to do first. */
const SETTLED = 400;

/** @param {State} state @param {HTMLElement} place */
export function mountClock(state, place) {
  const time = h("p", { class: "clock-time" });
  const due = h("p", { class: "clock-due" });
  const status = h("p", { class: "clock-status", role: "status" });
  const buttons = MOVES.map(([move, label]) =>
    h("button", { type: "button", class: "clock-move", "data-move": move, onclick: () => go(move) }, label));
  place.append(time, due, h("div", { class: "clock-moves", role: "group", "aria-label": "Move the clock forward" }, buttons), status);
  let isMoving = false;

  const go = async (move) => {
    if (isMoving) return;
    setMoving(true);
    status.textContent = "Moving the clock…";
    const answer = await api.moveClock(move);
    setMoving(false);
    if (answer.error) return say(status, answer.error);
    state.setClock(/** @type {any} */ (answer));
    say(status, whatHappened(move, answer.steps));
    await state.refresh(null);
  };
  const setMoving = (value) => {
    isMoving = value;
    place.setAttribute("aria-busy", String(value));
    for (const button of buttons) button.setAttribute("aria-disabled", String(value));
  };

  const render = () => {
    const person = state.person(state.me);
    if (!person) return;
    time.replaceChildren(h("b", {}, tell(state.now(), person, "moment")), ` ${cityOf(person.tz)}`);
    const next = state.workspace.clock.next_due;
    due.textContent = next ? `Next due: ${tell(new Date(next), person, "moment")}` : "Nothing is due.";
  };
  for (const news of ["clock", "route", "workspace"]) state.addEventListener(news, render);

  let settling;
  state.addEventListener("seat", () => {
    clearTimeout(settling);
    settling = setTimeout(() => void state.askClock(), SETTLED);
  });
  setInterval(() => !document.hidden && void state.askClock(), ASK);
}

function whatHappened(move, steps) {
  if (!steps && move === "next") return "Nothing is due.";
  if (!steps) return "Moved. Nothing was due on the way.";
  return steps === 1 ? "Moved. One thing was due on the way." : `Moved. ${steps} things were due on the way.`;
}
