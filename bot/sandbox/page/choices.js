/** Elements that choose among options: selects, radio buttons, checkboxes. */
import { change, valueAt } from "./spot.js";
import { h, uid } from "./dom.js";
import { isPlayable, kindOf } from "./person.js";
import { optionsOf } from "./form.js";
import { plain, textNodes } from "./mrkdwn.js";

/** @typedef {import("./spot.js").Spot} Spot @typedef {import("./types.js").Option} Option */

/** A native select: the keyboard, screen readers and phones know it. */
function select(spot, choices, chosenNow, onchange) {
  const nothing = h("option", { value: "", disabled: !spot.optional }, plain(spot.element.placeholder) || "Choose…");
  const node = h("select", {
    class: "field", "data-key": spot.key, "aria-label": spot.labelled.id ? null : plain(spot.element.placeholder) || "Choose",
    "data-autofocus": spot.element.focus_on_load ? "" : null, ...spot.labelled,
    onchange: () => onchange(node.value, node, show),
  }, nothing, choices);
  const show = () => (node.value = chosenNow() ?? "");
  show();
  return h("span", { class: "select" }, node);
}

const optionNode = (option) => h("option", { value: option.value }, plain(option.text));

/** @param {Spot} spot */
export function staticSelect(spot) {
  const { element } = spot;
  const choices = element.option_groups
    ? element.option_groups.map((group) => h("optgroup", { label: plain(group.label) }, group.options.map(optionNode)))
    : element.options.map(optionNode);
  return select(spot, choices, () => valueAt(spot).selected_option?.value, (value, node, undo) => {
    const option = optionsOf(element).find((each) => each.value === value) ?? null;
    void change(spot, { selected_option: option }, node, undo);
  });
}

/** Everyone can be chosen, also those whom the app should refuse: Slack's own menu offers them too. @param {Spot} spot */
export function usersSelect(spot) {
  const choices = spot.surface.reader.people.map((person) =>
    h("option", { value: person.id }, isPlayable(person) ? person.real_name : `${person.real_name} (${kindOf(person)})`));
  return select(spot, choices, () => valueAt(spot).selected_user, (value, node, undo) =>
    void change(spot, { selected_user: value || null }, node, undo));
}

/** One radio button or checkbox with its texts. */
function choice(spot, type, option, index, attributes) {
  const [id, about] = [uid("choice"), option.description ? uid("about") : null];
  const { reader } = spot.surface;
  return h("div", { class: "choice" },
    h("input", {
      type, id, value: option.value, "data-key": `${spot.key}/${index}`, "aria-describedby": about,
      ...attributes, ...(index === 0 && spot.element.focus_on_load ? { "data-autofocus": "" } : {}),
    }),
    h("div", {}, h("label", { for: id }, textNodes(option.text, reader)),
      about ? h("div", { class: "choice-about", id: about }, textNodes(option.description, reader)) : null));
}

const groupNames = ({ labelled, element }) => ({
  "aria-labelledby": labelled["aria-labelledby"],
  "aria-describedby": labelled["aria-describedby"],
  "aria-label": labelled["aria-labelledby"] ? null : element.type === "checkboxes" ? "Options" : "Choices",
});

/** @param {Spot} spot */
export function radioButtons(spot) {
  const name = uid("radio");
  return choiceGroup(spot, "radiogroup", (option, index) => choice(spot, "radio", option, index, { name }),
    (option) => ({ selected_option: option }), ({ selected_option }) => (selected_option ? [selected_option] : []));
}

/** @param {Spot} spot */
export function checkboxes(spot) {
  const toggled = (option, { selected_options }) => {
    const isTicked = selected_options.some((each) => each.value === option.value);
    const values = new Set(selected_options.map((each) => each.value));
    if (isTicked) values.delete(option.value);
    else values.add(option.value);
    return { selected_options: spot.element.options.filter((each) => values.has(each.value)) };
  };
  return choiceGroup(spot, "group", (option, index) => choice(spot, "checkbox", option, index, {}), toggled, (value) => value.selected_options);
}

/**
 * @param {Spot} spot
 * @param {(option: Option, index: number) => HTMLElement} draw
 * @param {(option: Option, value: any) => any} after the value once the option was clicked
 * @param {(value: any) => Option[]} chosenIn
 */
function choiceGroup(spot, role, draw, after, chosenIn) {
  const { options } = spot.element;
  const rows = options.map(draw);
  const controls = rows.map((row) => row.querySelector("input"));
  const show = () => {
    const chosen = new Set(chosenIn(valueAt(spot)).map((option) => option.value));
    controls.forEach((control, index) => (control.checked = chosen.has(options[index].value)));
  };
  controls.forEach((control, index) =>
    control.addEventListener("change", () => void change(spot, after(options[index], valueAt(spot)), control, show)));
  show();
  return h("div", { class: "choices", role, ...groupNames(spot) }, rows);
}
