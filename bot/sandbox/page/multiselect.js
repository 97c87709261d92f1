/** A select of several: a button that says what is chosen, and a list under it that opens in place. */
import { act, change, valueAt } from "./spot.js";
import { h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { optionsOf } from "./form.js";
import { plain } from "./mrkdwn.js";

/** @typedef {import("./spot.js").Spot} Spot */

/** @param {Spot} spot */
export function multiStaticSelect(spot) {
  const chosen = new Set(valueAt(spot).selected_options.map((option) => option.value));
  const list = h("div", { class: "multi-list", role: "listbox", "aria-multiselectable": "true", tabindex: "0", id: uid("list"), hidden: true,
    "aria-labelledby": spot.labelled["aria-labelledby"] });
  const said = h("span", { class: "multi-said", id: uid("said") });
  const button = h("button", { ...spot.labelled, type: "button", class: "field multi-button", "data-key": spot.key,
    "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": list.id,
    "aria-labelledby": [spot.labelled["aria-labelledby"], said.id].filter(Boolean).join(" ") }, said, icon("down"));
  list.append(...groupsOf(spot.element));
  const control = { spot, chosen, list, said, button, before: "" };
  button.addEventListener("click", () => toggle(control));
  button.addEventListener("keydown", (event) => event.key === "ArrowDown" && (event.preventDefault(), show(control)));
  list.addEventListener("click", (event) => pick(control, event.target.closest("[role=option]")));
  list.addEventListener("keydown", (event) => onKey(event, control));
  list.addEventListener("focusout", (event) => !box.contains(event.relatedTarget) && hide(control));
  const box = h("div", { class: "multi" }, button, list);
  say(control);
  return box;
}

function groupsOf(element) {
  const groups = element.option_groups ?? [{ options: element.options }];
  return groups.map(({ label, options }) =>
    h("div", { role: "group", "aria-label": label ? plain(label) : null },
      label ? h("p", { class: "multi-group", "aria-hidden": "true" }, plain(label)) : null,
      options.map((option) => h("div", { role: "option", id: uid("option"), "data-value": option.value }, icon("check"), plain(option.text)))));
}

const rows = ({ list }) => [...list.querySelectorAll("[role=option]")];

function say({ spot, chosen, said, list }) {
  for (const row of rows({ list })) row.setAttribute("aria-selected", String(chosen.has(row.dataset.value)));
  const names = optionsOf(spot.element).filter((option) => chosen.has(option.value)).map((option) => plain(option.text));
  said.replaceChildren(...(names.length
    ? names.map((name) => h("span", { class: "chip" }, name))
    : [h("span", { class: "placeholder" }, plain(spot.element.placeholder) || "Choose…")]));
}

function show(control) {
  control.list.hidden = false;
  control.before = [...control.chosen].join();
  control.button.setAttribute("aria-expanded", "true");
  control.list.focus();
  activate(control, rows(control).find((row) => control.chosen.has(row.dataset.value)) ?? rows(control)[0]);
}

/** The app hears of the whole choice when the list closes, as in Slack. */
function hide(control) {
  if (control.list.hidden) return;
  control.list.hidden = true;
  control.button.setAttribute("aria-expanded", "false");
  const { selected_options } = valueAt(control.spot);
  if (control.spot.dispatches && control.before !== [...control.chosen].join()) void act(control.spot, { selected_options }, control.button);
}

const toggle = (control) => (control.list.hidden ? show(control) : hide(control));

function activate({ list }, row) {
  list.querySelector(".active")?.classList.remove("active");
  row?.classList.add("active");
  row?.scrollIntoView({ block: "nearest" });
  if (row) list.setAttribute("aria-activedescendant", row.id);
}

function pick(control, row) {
  if (!row) return;
  const { spot, chosen } = control;
  const most = spot.element.max_selected_items ?? Infinity;
  if (chosen.has(row.dataset.value)) chosen.delete(row.dataset.value);
  else if (chosen.size < most) chosen.add(row.dataset.value);
  activate(control, row);
  say(control);
  const selected_options = optionsOf(spot.element).filter((option) => chosen.has(option.value));
  void change({ ...spot, dispatches: false }, { selected_options }, control.button);
}

function onKey(event, control) {
  const all = rows(control);
  const index = all.findIndex((row) => row.classList.contains("active"));
  const goal = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: all.length - 1 }[event.key];
  if (goal !== undefined) activate(control, all[Math.max(0, Math.min(goal, all.length - 1))]);
  else if (event.key === " " || event.key === "Enter") pick(control, all[index]);
  else if (event.key === "Escape") {
    hide(control);
    control.button.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation(); // Escape closes the list, not the modal around it
}
