/** One interactive element where it stands, and what happens when it is used. */
import { clearError } from "./errors.js";
import { confirmed } from "./confirm.js";

/** @typedef {import("./types.js").Element} Element @typedef {import("./types.js").Value} Value */

/**
 * One element where it stands.
 * @typedef {Object} Spot
 * @property {Element} element
 * @property {import("./types.js").Surface} surface
 * @property {string} block_id
 * @property {string} key the same over redrawings, for the focus
 * @property {boolean} dispatches whether using it tells the app
 * @property {boolean} optional
 * @property {Record<string, string>} labelled attributes that name and describe the control
 */

/** The value that the spot's element has now. @param {Spot} spot @returns {Value} */
export const valueAt = ({ surface, block_id, element }) => surface.form.get(block_id, element.action_id);

const keep = (spot, value) => spot.surface.form.set(spot.block_id, spot.element.action_id, { type: spot.element.type, ...value });

/**
 * A person has set a value.
 * @param {Spot} spot
 * @param {Value} value without its type
 * @param {HTMLElement} source
 * @param {() => void} [undo] makes the control show the value before, when a person declines what the app asks first
 */
export async function change(spot, value, source, undo) {
  const before = valueAt(spot);
  keep(spot, value);
  clearError(source);
  if (!spot.dispatches || (await act(spot, value, source)) || !undo) return;
  keep(spot, before);
  undo();
}

/**
 * Tell the app that the element was used, once at a time, after asking if the app wants that.
 * @param {Spot} spot @param {Value} action @param {HTMLElement} source
 * @returns {Promise<boolean>} false if the person declined
 */
export async function act({ element, surface, block_id }, action, source) {
  if (source.getAttribute("aria-busy") === "true") return true;
  if (element.confirm && !(await confirmed(element.confirm, surface.reader))) return false;
  source.setAttribute("aria-busy", "true");
  try {
    await surface.press(block_id, element.action_id, action, source);
  } finally {
    source.removeAttribute("aria-busy");
  }
  return true;
}
