/** Elements that are typed into: text, numbers, addresses, dates and times. */
import { act, change, valueAt } from "./spot.js";
import { epochOf, wallClock } from "./time.js";
import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";

/** @typedef {import("./spot.js").Spot} Spot */

/** How long typing must rest before an app that listens to each character hears of it, in ms. */
const REST = 400;

/** Attributes that all typed controls share. @param {Spot} spot */
const common = (spot) => ({
  class: "field",
  "data-key": spot.key,
  placeholder: plain(spot.element.placeholder) || null,
  autocomplete: "off",
  "data-autofocus": spot.element.focus_on_load ? "" : null,
  ...spot.labelled,
});

/** When typing tells the app: at Enter unless it asked for every character. @param {Spot} spot */
function typing(spot) {
  const on = spot.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const silent = { ...spot, dispatches: false };
  let resting;
  return {
    oninput(event) {
      const node = event.currentTarget;
      void change(silent, { value: node.value || null }, node);
      if (!spot.dispatches || !on.includes("on_character_entered")) return;
      clearTimeout(resting);
      resting = setTimeout(() => void act(spot, { value: node.value || null }, node), REST);
    },
    onkeydown(event) {
      const node = event.currentTarget;
      if (event.key !== "Enter" || event.isComposing || node.tagName === "TEXTAREA") return;
      if (!spot.dispatches || !on.includes("on_enter_pressed")) return;
      event.preventDefault(); // Enter belongs to the app here, not to the modal's submit button
      clearTimeout(resting);
      void act(spot, { value: node.value || null }, node);
    },
  };
}

/** @param {Spot} spot */
export function plainTextInput(spot) {
  const { multiline, max_length } = spot.element;
  const attributes = { ...common(spot), ...typing(spot), value: valueAt(spot).value ?? "" };
  const node = multiline ? h("textarea", { ...attributes, rows: "3" }) : h("input", { ...attributes, type: "text" });
  return max_length ? h("div", { class: "counted" }, node, counter(node, max_length)) : node;
}

/** Says how much room is left; it never cuts what was typed or pasted. */
function counter(node, most) {
  const count = h("span", { class: "counter", "aria-hidden": "true" });
  const update = () => {
    const length = [...node.value].length;
    count.textContent = `${length} / ${most}`;
    count.classList.toggle("over", length > most);
  };
  node.addEventListener("input", update);
  update();
  return count;
}

/** @param {Spot} spot */
export function numberInput(spot) {
  const { is_decimal_allowed, min_value, max_value } = spot.element;
  return h("input", {
    ...common(spot), ...typing(spot), type: "number", value: valueAt(spot).value ?? "",
    step: is_decimal_allowed ? "any" : "1", min: min_value, max: max_value, inputmode: is_decimal_allowed ? "decimal" : "numeric",
  });
}

/** @param {"email"|"url"} type */
export const typedInput = (type) => (/** @type {Spot} */ spot) =>
  h("input", { ...common(spot), ...typing(spot), type, value: valueAt(spot).value ?? "" });

/** @param {Spot} spot */
export const datepicker = (spot) =>
  picker(spot, "date", (value) => value.selected_date, (text) => ({ selected_date: text || null }));

/** @param {Spot} spot */
export const timepicker = (spot) =>
  picker(spot, "time", (value) => value.selected_time, (text) => ({ selected_time: text.slice(0, 5) || null }));

/** Slack counts in epoch seconds; the person sees the wall clock of their own zone. @param {Spot} spot */
export function datetimepicker(spot) {
  const zone = spot.surface.reader.person.tz;
  return picker(spot, "datetime-local",
    ({ selected_date_time: at }) => (at ? wallClock(new Date(at * 1000), zone) : ""),
    (text) => ({ selected_date_time: text ? epochOf(text, zone) : null }));
}

/** While a year is being typed, the control already says "0002-…": that is no date yet. */
const isWhole = (text) => !/^0\d{3}-/.test(text);

/**
 * @param {Spot} spot
 * @param {(value: any) => string|null} textOf
 * @param {(text: string) => any} valueOf
 */
function picker(spot, type, textOf, valueOf) {
  const show = () => (node.value = textOf(valueAt(spot)) ?? "");
  const onchange = () => void change({ ...spot, dispatches: spot.dispatches && isWhole(node.value) }, valueOf(node.value), node, show);
  const node = h("input", { ...common(spot), placeholder: null, class: `field field-${type}`, type, step: type === "date" ? null : "60", onchange });
  show();
  return node;
}
