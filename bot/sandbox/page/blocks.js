/** Block Kit blocks as DOM nodes. */
import { drawElement } from "./elements.js";
import { h, patchList, uid } from "./dom.js";
import { plain, textNodes } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** @typedef {import("./types.js").Block} Block @typedef {import("./types.js").Surface} Surface */

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

/** @type {Record<string, (block: Block, surface: Surface) => any>} */
const DRAW = {
  section,
  header: (block) => h("h2", {}, plain(block.text)),
  divider: () => h("hr"),
  context: (block, { reader }) => block.elements.map((each) =>
    each.type === "image" ? picture(each, "context-image") : h("span", {}, textNodes(each, reader))),
  actions: (block, surface) => block.elements.map((element) => free(element, block, surface)),
  image: (block) => [block.title ? h("p", { class: "image-title" }, plain(block.title)) : null, picture(block, "block-image")],
  input,
  rich_text: (block, { reader }) => richText(block, reader),
};

/**
 * Make `parent` show these blocks. Blocks that have not changed keep their nodes.
 * @param {HTMLElement} parent
 * @param {Block[]} blocks
 * @param {Surface} surface
 * @param {import("./types.js").Values} [known] values that the server knows of
 */
export function showBlocks(parent, blocks, surface, known) {
  surface.form.keep(blocks, known);
  const items = blocks.map((block, index) => ({ block, index: block.block_id ? -1 : index, zone: surface.reader.person.tz }));
  patchList(parent, items, ({ block, index }) => block.block_id ?? `#${index}`, ({ block }) => draw(block, surface));
}

function draw(block, surface) {
  const inside = DRAW[block.type]?.(block, surface) ?? `(${block.type} blocks are not shown here)`;
  return h("div", { class: `block block-${block.type}`, "data-block": block.block_id }, inside);
}

/** An element outside an input block: using it always tells the app. */
const free = (element, block, surface, labelled = {}) =>
  drawElement({ element, surface, block_id: block.block_id, dispatches: true, optional: false, labelled });

function section(block, surface) {
  const { reader } = surface;
  const id = uid("section");
  const fields = (block.fields ?? []).map((field) => h("div", { class: "section-field" }, textNodes(field, reader)));
  const { accessory } = block;
  return [
    h("div", { class: "section-body" },
      block.text ? h("div", { class: "section-text", id }, textNodes(block.text, reader)) : null,
      fields.length ? h("div", { class: "section-fields" }, fields) : null),
    accessory ? h("div", { class: "accessory" }, accessory.type === "image"
      ? picture(accessory, "accessory-image")
      : free(accessory, block, surface, GROUPS.has(accessory.type) && block.text ? { "aria-labelledby": id } : {})) : null,
  ];
}

/** @param {Block} block @param {Surface} surface */
function input(block, surface) {
  const [id, label, error] = [uid("control"), uid("label"), uid("error")];
  const hint = block.hint ? uid("hint") : null;
  const labelled = { id, "aria-labelledby": label, "aria-describedby": [hint, error].filter(Boolean).join(" ") };
  const optional = Boolean(block.optional);
  const element = drawElement({ element: block.element, surface, block_id: block.block_id,
    dispatches: Boolean(block.dispatch_action), optional, labelled });
  return [
    h(GROUPS.has(block.element.type) ? "span" : "label", { class: "input-label", id: label, for: id }, plain(block.label),
      optional ? h("span", { class: "optional" }, " (optional)") : null),
    element,
    h("p", { class: "field-error", id: error, hidden: true }),
    hint ? h("p", { class: "input-hint", id: hint }, plain(block.hint)) : null,
  ];
}

/** Pictures of other hosts are not fetched: nothing leaves this computer. The app's own, on it, are. */
function picture({ image_url, alt_text }, className) {
  const address = image_url && new URL(image_url, location.href);
  const isHere = address && (address.origin === location.origin || address.hostname === "127.0.0.1");
  if (isHere) return h("img", { class: className, src: image_url, alt: alt_text });
  return h("span", { class: `${className} picture-elsewhere`, role: "img", "aria-label": alt_text }, alt_text);
}
