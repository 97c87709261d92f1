/** Buttons and overflow menus. */
import { act } from "./spot.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { plain } from "./mrkdwn.js";

/** @typedef {import("./spot.js").Spot} Spot */

const visit = (url) => url && window.open(url, "_blank", "noopener");

/** @param {Spot} spot */
export function button(spot) {
  const { element } = spot;
  const node = h("button", {
    type: "button",
    class: `button ${element.style ?? ""}`,
    "data-key": spot.key,
    "aria-label": element.accessibility_label,
    onclick: () => {
      visit(element.url);
      void act(spot, element.value === undefined ? {} : { value: element.value }, node);
    },
  }, plain(element.text));
  return node;
}

/** @param {Spot} spot */
export function overflow(spot) {
  const items = spot.element.options.map((option) => ({
    label: plain(option.text),
    detail: plain(option.description),
    choose: () => {
      visit(option.url);
      void act(spot, { selected_option: option }, node);
    },
  }));
  const node = h("button", {
    type: "button",
    class: "button overflow",
    "data-key": spot.key,
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "aria-label": "More actions",
    onclick: () => openMenu(node, items, "More actions"),
  }, icon("more"));
  return node;
}
