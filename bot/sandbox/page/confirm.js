/** Slack's "are you sure?" before an action. */
import { h } from "./dom.js";
import { plain, textNodes } from "./mrkdwn.js";

/**
 * @param {import("./types.js").Confirm} confirm
 * @param {import("./types.js").Reader} reader
 * @returns {Promise<boolean>}
 */
export function confirmed(confirm, reader) {
  const dialog = /** @type {HTMLDialogElement} */ (h("dialog", { class: "confirm", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
    h("form", { method: "dialog" },
      h("h2", { id: "confirm-title" }, plain(confirm.title)),
      h("div", { class: "confirm-text", id: "confirm-text" }, textNodes(confirm.text, reader)),
      h("footer", {},
        h("button", { class: "button", value: "deny" }, plain(confirm.deny)),
        h("button", { class: `button ${confirm.style ?? "primary"}`, value: "confirm" }, plain(confirm.confirm))))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "confirm");
    });
  });
}
