/** The values of the inputs on one surface, in Slack's shape. They outlive every redrawing of the blocks. */

/** @typedef {import("./types.js").Value} Value */

/** An input that nobody has filled: what Slack sends for each type. */
const EMPTY = {
  plain_text_input: { value: null },
  number_input: { value: null },
  email_text_input: { value: null },
  url_text_input: { value: null },
  datepicker: { selected_date: null },
  timepicker: { selected_time: null },
  datetimepicker: { selected_date_time: null },
  static_select: { selected_option: null },
  multi_static_select: { selected_options: [] },
  users_select: { selected_user: null },
  radio_buttons: { selected_option: null },
  checkboxes: { selected_options: [] },
};

/** Whether an element has a value at all (buttons and overflow menus have none). */
export const hasValue = (type) => type in EMPTY;

/** All options of a choice, in groups or not. */
export const optionsOf = (element) => element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);

/** The value that the app gave the element. */
function initialOf(element) {
  const value = { type: element.type };
  for (const field of Object.keys(EMPTY[element.type])) {
    const initial = field === "value" ? "initial_value" : field.replace("selected", "initial");
    value[field] = element[initial] ?? EMPTY[element.type][field];
  }
  return value;
}

/** Whether a value can still be shown by this element: same type, and what was chosen is still on offer. */
function fits(value, element) {
  if (value?.type !== element.type) return false;
  const chosen = [value.selected_option, ...(value.selected_options ?? [])].filter(Boolean);
  const offered = new Set(optionsOf(element).map((option) => option.value));
  return chosen.every((option) => offered.has(option.value));
}

/** A value to compare by: of an option, the text that the app gave it does not count. */
const print = (value) => JSON.stringify(value, (_, part) => (part?.text?.text === undefined ? part : part.value));

export class Form {
  /** @type {Map<string, Map<string, Value>>} */ #values = new Map();
  /** @type {Map<string, string>} what the app gave each element, as a print */ #given = new Map();

  /**
   * The value to show when an element is drawn: what was typed here, else what the server knows, else the initial one.
   * @param {import("./types.js").Values} [known]
   */
  seed(block_id, element, known) {
    this.#given.set(`${block_id}\n${element.action_id}`, print(initialOf(element)));
    const candidates = [this.#values.get(block_id)?.get(element.action_id), known?.[block_id]?.[element.action_id]];
    const value = candidates.find((candidate) => fits(candidate, element)) ?? initialOf(element);
    this.set(block_id, element.action_id, value);
    return value;
  }

  /** @param {Value} value */
  set(block_id, action_id, value) {
    if (!this.#values.has(block_id)) this.#values.set(block_id, new Map());
    this.#values.get(block_id).set(action_id, value);
  }

  /** Whether anything was entered that is not as the app gave it. */
  isChanged() {
    return [...this.#values].some(([block_id, row]) =>
      [...row].some(([action_id, value]) => print(value) !== this.#given.get(`${block_id}\n${action_id}`)));
  }

  get(block_id, action_id) {
    return this.#values.get(block_id)?.get(action_id);
  }

  /** Take over the elements of these blocks, and forget those that are gone. */
  keep(blocks, known) {
    const present = new Set();
    for (const [block_id, element] of inputsOf(blocks)) {
      this.seed(block_id, element, known);
      present.add(`${block_id}\n${element.action_id}`);
    }
    for (const [block_id, row] of this.#values) {
      for (const action_id of row.keys()) if (!present.has(`${block_id}\n${action_id}`)) row.delete(action_id);
      if (!row.size) this.#values.delete(block_id);
    }
  }

  /** @returns {import("./types.js").Values} */
  values() {
    return Object.fromEntries([...this.#values].map(([block_id, row]) => [block_id, Object.fromEntries(row)]));
  }
}

function inputsOf(blocks) {
  return (blocks ?? []).flatMap((block) =>
    [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])]
      .filter((element) => element && hasValue(element.type))
      .map((element) => [block.block_id, element]),
  );
}
