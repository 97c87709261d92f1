/** Modals: one drawing per person and view, so that each person's half-filled modal stays as it was left. */
import { api } from "./api.js";
import { confirmed } from "./confirm.js";
import { focusable, h, say } from "./dom.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";
import { showBlocks } from "./blocks.js";
import { showErrors } from "./errors.js";
import { surfaceOf } from "./surface.js";

/** What Slack asks before it throws away what was typed. */
const LEAVE = {
  title: { type: "plain_text", text: "Leave without saving?" },
  text: { type: "plain_text", text: "You have unsaved changes. What you entered here will be lost." },
  deny: { type: "plain_text", text: "Keep editing" },
  confirm: { type: "plain_text", text: "Leave" },
  style: "danger",
};

/** @typedef {import("./state.js").State} State @typedef {import("./types.js").View} View */

/**
 * @param {State} state
 * @param {HTMLElement} layer where modals stand, over the seat
 * @param {HTMLElement} seat what lies under them, and cannot be reached meanwhile
 * @param {() => HTMLElement|null} fallback where the focus goes when the opener is gone
 */
export function mountModals(state, layer, seat, fallback) {
  /** @type {Map<string, ModalDrawing>} */
  const drawings = new Map();
  let opener = null;

  const forgetClosed = () => {
    const open = [...state.seats].flatMap(([user, { modals }]) => modals.map((view) => `${user}/${view.id}`));
    for (const key of drawings.keys()) if (!open.includes(key)) drawings.delete(key);
  };

  const conceal = () => {
    if (layer.hidden) return;
    const hadFocus = layer.contains(document.activeElement);
    layer.hidden = true;
    layer.replaceChildren();
    seat.inert = false;
    if (!hadFocus) return;
    const key = opener?.closest("[data-key]")?.dataset.key;
    const back = opener?.isConnected ? opener : key && seat.querySelector(`[data-key="${CSS.escape(key)}"]`);
    (back || fallback())?.focus();
  };

  const reveal = (view, depth) => {
    const key = `${state.me}/${view.id}`;
    if (!drawings.has(key)) drawings.set(key, new ModalDrawing(state, state.me, view.id));
    const drawing = drawings.get(key);
    if (layer.hidden) opener = seat.contains(document.activeElement) ? document.activeElement : null;
    const isNew = layer.firstChild !== drawing.root;
    const takesFocus = !document.activeElement?.closest(".sidebar");
    layer.hidden = false;
    seat.inert = true;
    if (isNew) layer.replaceChildren(drawing.root);
    drawing.draw(view, depth);
    if (takesFocus && (isNew || !drawing.root.contains(document.activeElement))) drawing.focus();
  };

  const render = () => {
    forgetClosed();
    const modals = state.seats.get(state.me)?.modals ?? [];
    const top = modals.at(-1);
    if (top) reveal(top, modals.length);
    else conceal();
  };
  state.addEventListener("seat", render);
  state.addEventListener("route", render);
}

class ModalDrawing {
  #state; #user; #view_id; #surface; #hash = ""; #depth = 1; #isSending = false;
  #title = h("h2", { id: "modal-title" });
  #back = h("button", { type: "button", class: "icon-button", "aria-label": "Back", onclick: () => this.#close(false) }, icon("back"));
  #banner = h("p", { class: "banner", role: "alert", hidden: true });
  #body = h("div", { class: "blocks" });
  #submit = h("button", { type: "submit", class: "button primary", "data-key": "submit" });
  #closing = h("button", { type: "button", class: "button", "data-key": "close", onclick: () => this.#close(false) });

  constructor(state, user, view_id) {
    [this.#state, this.#user, this.#view_id] = [state, user, view_id];
    this.#surface = surfaceOf(state, user, { type: "view", view_id }, (sentence) => say(this.#banner, sentence));
    const all = h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => this.#close(true) }, icon("close"));
    this.root = h("div", { class: "modal", role: "dialog", "aria-labelledby": "modal-title", tabindex: "-1",
      onkeydown: (event) => this.#onKey(event) },
    h("header", {}, this.#back, this.#title, all),
    h("form", { novalidate: true, onsubmit: (event) => (event.preventDefault(), this.#send()) },
      h("div", { class: "modal-body" }, this.#banner, this.#body),
      h("footer", {}, this.#closing, this.#submit)));
  }

  /** @param {View} view @param {number} depth how many modals are open, this one included */
  draw(view, depth) {
    this.#depth = depth;
    this.#back.hidden = depth < 2;
    const hash = view.hash ?? JSON.stringify(view);
    if (hash === this.#hash) return;
    this.#hash = hash;
    this.#surface.reader = this.#state.reader(this.#user);
    this.#title.textContent = plain(view.title);
    this.#submit.textContent = plain(view.submit);
    this.#submit.hidden = !view.submit;
    this.#closing.textContent = plain(view.close) || (view.submit ? "Cancel" : "Close");
    showBlocks(this.#body, view.blocks, this.#surface, view.state?.values);
  }

  /** On the first field, without scrolling to it: what stands above a field far below is to be read first. */
  focus() {
    const first = focusable(this.#body).find((node) => node.matches("input, select, textarea, button.field"));
    (this.#body.querySelector("[data-autofocus]") ?? first ?? this.root).focus({ preventScroll: true });
  }

  async #send() {
    if (this.#isSending || this.#submit.hidden) return;
    this.#busy(true);
    const answer = await api.submit(this.#user, this.#view_id, this.#surface.form.values());
    this.#busy(false);
    const { first, homeless } = showErrors(this.#body, answer.errors ?? {});
    const sentence = answer.ok || first ? homeless.join(" ") : (answer.error ?? (homeless.join(" ") || "Something went wrong."));
    say(this.#banner, sentence);
    if (answer.ok) await this.#state.refresh([this.#user]);
    else this.#point(first);
  }

  /** Bring the first sentence about what is wrong into view, and the focus to its field. */
  #point(field) {
    field?.focus({ preventScroll: true });
    (field?.closest(".block") ?? this.#banner).scrollIntoView({ block: "nearest" });
  }

  #busy(isSending) {
    this.#isSending = isSending;
    this.#submit.setAttribute("aria-busy", String(isSending));
    this.root.setAttribute("aria-busy", String(isSending));
  }

  async #close(all) {
    if (this.#isLosing(all) && !(await confirmed(LEAVE, this.#surface.reader))) return;
    const answer = await api.close(this.#user, this.#view_id, all && this.#depth > 1);
    say(this.#banner, answer.ok ? null : answer.error);
    await this.#state.refresh([this.#user]);
  }

  /** Whether closing this modal, or all, would lose something that a person entered into a form. */
  #isLosing(all) {
    const open = this.#state.seats.get(this.#user)?.modals ?? [];
    const leaving = all ? open : open.filter((view) => view.id === this.#view_id);
    return leaving.some((view) => view.submit && this.#state.form(this.#user, view.id).isChanged());
  }

  #onKey(event) {
    if (event.key === "Escape") {
      event.preventDefault(); // else the same key would at once close the question, too
      void this.#close(false);
    }
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.#send();
    else if (event.key === "Enter" && /checkbox|radio/.test(event.target.type)) event.preventDefault(); // only texts submit
    else if (event.key === "Tab") this.#trap(event);
  }

  /** Tab goes round inside the modal. */
  #trap(event) {
    const stops = focusable(this.root);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (document.activeElement !== from && document.activeElement !== this.root) return;
    event.preventDefault();
    to?.focus();
  }
}
