/** The list over the message field: arrow keys, Tab or Enter to take, Escape to leave. */
import { h, uid } from "./dom.js";
import { isAlreadyThere, suggest, take } from "./completion.js";

export class SuggestionList {
  /** @type {import("./completion.js").Suggestions|null} */ #offer = null;
  #active = -1;
  #state; #field;
  node = h("div", { class: "suggestions", role: "listbox", id: "suggestions", "aria-label": "Suggestions", hidden: true });

  /** @param {import("./state.js").State} state @param {HTMLTextAreaElement} field */
  constructor(state, field) {
    [this.#state, this.#field] = [state, field];
    for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": "suggestions" })) {
      field.setAttribute(name, value);
    }
    field.addEventListener("blur", () => this.#show(null));
    this.node.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const row = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
      if (row) this.#take(Number(/** @type {HTMLElement} */ (row).dataset.index));
    });
  }

  /** Offer what fits the text and caret as they now are. */
  update() {
    const { value, selectionStart } = this.#field;
    this.#show(document.activeElement === this.#field ? suggest(value, selectionStart, this.#state.workspace) : null);
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was meant for the list */
  takesKey(event) {
    if (!this.#offer) return false;
    const count = this.#offer.items.length;
    if (event.key === "ArrowDown") this.#activate((this.#active + 1) % count);
    else if (event.key === "ArrowUp") this.#activate((Math.max(this.#active, 0) - 1 + count) % count);
    else if (event.key === "Escape") this.#show(null);
    else if (event.key === "Tab" && !event.shiftKey) this.#take(Math.max(this.#active, 0));
    else if (event.key === "Enter" && !event.shiftKey && this.#enterTakes()) this.#take(this.#active);
    else return false;
    event.preventDefault();
    return true;
  }

  /** Enter sends when nothing is chosen, or when the chosen word stands there already. */
  #enterTakes() {
    return this.#active >= 0 && !isAlreadyThere(this.#field.value, this.#offer, this.#offer.items[this.#active]);
  }

  #show(offer) {
    this.#offer = offer;
    this.node.hidden = !offer;
    this.node.replaceChildren(...(offer?.items ?? []).map((item, index) =>
      h("div", { role: "option", id: uid("suggestion"), "data-index": String(index) },
        h("b", {}, item.label), item.hint ? h("span", { class: "suggestion-hint" }, item.hint) : null,
        item.help ? h("span", { class: "suggestion-help" }, item.help) : null)));
    this.#activate(offer?.isAsked ? this.#best() : -1);
  }

  /** A word that stands there whole goes before a longer one. */
  #best() {
    const whole = this.#offer.items.findIndex((item) => isAlreadyThere(this.#field.value, this.#offer, item));
    return Math.max(whole, 0);
  }

  #activate(index) {
    this.#active = index;
    const rows = [...this.node.children];
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
    rows[index]?.scrollIntoView({ block: "nearest" });
    if (rows[index]) this.#field.setAttribute("aria-activedescendant", rows[index].id);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #take(index) {
    const { text, caret } = take(this.#field.value, this.#offer, this.#offer.items[index]);
    this.#field.value = text;
    this.#field.setSelectionRange(caret, caret);
    this.#field.dispatchEvent(new Event("input"));
  }
}
