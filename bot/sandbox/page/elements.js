/** Interactive Block Kit elements: which module draws which. */
import { h } from "./dom.js";
import * as buttons from "./buttons.js";
import * as choices from "./choices.js";
import * as inputs from "./inputs.js";
import { multiStaticSelect } from "./multiselect.js";

/** @typedef {import("./spot.js").Spot} Spot */

/** @type {Record<string, (spot: Spot) => HTMLElement>} */
const DRAW = {
  button: buttons.button,
  overflow: buttons.overflow,
  plain_text_input: inputs.plainTextInput,
  number_input: inputs.numberInput,
  email_text_input: inputs.typedInput("email"),
  url_text_input: inputs.typedInput("url"),
  datepicker: inputs.datepicker,
  timepicker: inputs.timepicker,
  datetimepicker: inputs.datetimepicker,
  static_select: choices.staticSelect,
  users_select: choices.usersSelect,
  radio_buttons: choices.radioButtons,
  checkboxes: choices.checkboxes,
  multi_static_select: multiStaticSelect,
};

/** @param {Omit<Spot, "key">} spot */
export function drawElement(spot) {
  const draw = DRAW[spot.element.type];
  if (!draw) return h("span", { class: "unsupported" }, `(${spot.element.type} is not shown here)`);
  const { container } = spot.surface;
  const place = container.type === "view" ? container.view_id : container.message_ts;
  return draw({ ...spot, key: `${place}/${spot.block_id}/${spot.element.action_id}` });
}
