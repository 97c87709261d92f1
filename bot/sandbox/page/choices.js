/** Elements that choose among options: selects, radio buttons, checkboxes. */
import { change, valueAt } from "./spot.js";
import { h, uid } from "./dom.js";
import { isPlayable, kindOf } from "./person.js";
import { optionsOf } from "./form.js";
import { plain, textNodes } from "./mrkdwn.js";

/** @typedef {import("./spot.js").Spot} Spot @typedef {import("./types.js").Option} Option */

/** A native select: the keyboard, screen readers and phones know it. */
function select(spot, choices, chosen, onchange) {
  const nothing = h("option", { value: "", disabled: !spot.optional }, plain(spot.element.placeholder) || "Choose…");
  const node = h("select", {
    class: "field", "data-key": spot.key, "aria-label": spot.labelled.id ? null : plain(spot.element.placeholder) || "Choose",
    "data-autofocus": spot.element.focus_on_load ? "" : null, ...spot.labelled,
    onchange: () => onchange(node.value, node),
  }, nothing, choices);
  node.value = chosen ?? "";
  return h("span", { class: "select" }, node);
}

const optionNode = (option) => h("option", { value: option.value }, plain(option.text));

/** @param {Spot} spot */
export function staticSelect(spot) {
  const { element } = spot;
  const choices = element.option_groups
    ? element.option_groups.map((group) => h("optgroup", { label: plain(group.label) }, group.options.map(optionNode)))
    : element.options.map(optionNode);
  return select(spot, choices, valueAt(spot).selected_option?.value, (value, node) => {
    const option = optionsOf(element).find((each) => each.value === value) ?? null;
    change(spot, { selected_option: option }, node);
  });
}

/** Everyone can be chosen, also those whom the app should refuse: Slack's own menu offers them too. @param {Spot} spot */
export function usersSelect(spot) {
  const choices = spot.surface.reader.people.map((person) =>
    h("option", { value: person.id }, isPlayable(person) ? person.real_name : `${person.real_name} (${kindOf(person)})`));
  return select(spot, choices, valueAt(spot).selected_user, (value, node) =>
    change(spot, { selected_user: value || null }, node));
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
  const chosen = valueAt(spot).selected_option?.value;
  return h("div", { class: "choices", role: "radiogroup", ...groupNames(spot) }, spot.element.options.map((option, index) =>
    choice(spot, "radio", option, index, {
      name,
      checked: option.value === chosen,
      onchange: (event) => change(spot, { selected_option: option }, event.currentTarget),
    })));
}

/** @param {Spot} spot */
export function checkboxes(spot) {
  const ticked = new Set(valueAt(spot).selected_options.map((option) => option.value));
  return h("div", { class: "choices", role: "group", ...groupNames(spot) }, spot.element.options.map((option, index) =>
    choice(spot, "checkbox", option, index, {
      checked: ticked.has(option.value),
      onchange: ({ currentTarget }) => {
        if (currentTarget.checked) ticked.add(option.value);
        else ticked.delete(option.value);
        change(spot, { selected_options: spot.element.options.filter((each) => ticked.has(each.value)) }, currentTarget);
      },
    })));
}
