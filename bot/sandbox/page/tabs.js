/** Home and Messages, as a tab list with arrow keys. */
import { h } from "./dom.js";

/** @param {import("./state.js").State} state @param {HTMLElement[]} tabs in order: home, messages */
export function mountTabs(state, tabs) {
  const names = /** @type {("home"|"messages")[]} */ (["home", "messages"]);
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => state.go(state.me, names[index]));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = 1 - index;
      state.go(state.me, names[other]);
      tabs[other].focus();
    });
  });
  const unread = h("span", { class: "unread-here" });
  tabs[1].append(" ", unread);
  const count = () => {
    const number = state.tab === "home" ? state.seats.get(state.me)?.unread : 0;
    unread.replaceChildren(...(number ? [h("span", { "aria-label": `${number} unread` }, String(number))] : []));
  };
  for (const news of ["route", "seat"]) state.addEventListener(news, count);
  state.addEventListener("route", () => tabs.forEach((tab, index) => {
    const isChosen = state.tab === names[index];
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
  }));
}
