/** Files below a message: what they are called, how large they are, and a way to have them. */
import { h } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {import("./types.js").Message} Message @typedef {import("./types.js").SharedFile} SharedFile */

/** As Slack says it: whole kilobytes, and one digit more for what is larger. @param {number} bytes */
export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** @param {string} user whose screen it is @param {Message} message */
export function filesOf(user, message) {
  return (message.files ?? []).map((file) => (file.deleted ? h("p", { class: "file file-deleted" }, "This file was deleted.") : shown(user, file)));
}

/** @param {string} user @param {SharedFile} file */
function shown(user, file) {
  return h("div", { class: "file" },
    icon("file"),
    h("span", { class: "file-about" }, h("strong", {}, file.title), h("span", { class: "file-size" }, `${file.name} · ${sizeOf(file.size)}`)),
    h("a", {
      class: "button", href: `/page/api/seat/${user}/files/${file.id}`, download: file.name, "data-key": `${file.id}/download`,
      "aria-label": `Download ${file.name}`,
    }, "Download"));
}
