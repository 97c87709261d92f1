/** A rich_text block as DOM nodes. */
import { h } from "./dom.js";
import { emojiNode, link, mention } from "./mrkdwn.js";
import { slackDate } from "./time.js";

/** @typedef {import("./types.js").Reader} Reader */

const STYLES = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]];

/** @type {Record<string, (element: any, reader: Reader) => any>} */
const LEAVES = {
  text: (element) => element.text.split("\n").flatMap((line, index) => [index ? h("br") : null, line]),
  link: (element) => link(element.url, element.text),
  emoji: (element) => emojiNode(element.name) ?? `:${element.name}:`,
  user: (element, reader) => mention(element.user_id, reader),
  channel: (element) => h("span", { class: "mention" }, `#${element.channel_id}`),
  usergroup: (element) => h("span", { class: "mention" }, `@${element.usergroup_id}`),
  broadcast: (element) => h("span", { class: "mention" }, `@${element.range}`),
  date: (element, reader) => h("time", {}, slackDate(element.timestamp, element.format, reader)),
};

function leaf(element, reader) {
  const content = LEAVES[element.type]?.(element, reader) ?? element.fallback ?? element.text ?? "";
  return STYLES.filter(([style]) => element.style?.[style]).reduce((inside, [, tag]) => h(tag, {}, inside), content);
}

const leaves = (part, reader) => part.elements.map((element) => leaf(element, reader));

/** @type {Record<string, (part: any, reader: Reader) => HTMLElement>} */
const PARTS = {
  rich_text_section: (part, reader) => h("p", {}, leaves(part, reader)),
  rich_text_quote: (part, reader) => h("blockquote", {}, leaves(part, reader)),
  rich_text_preformatted: (part, reader) => h("pre", {}, leaves(part, reader)),
  rich_text_list: (part, reader) =>
    h(part.style === "ordered" ? "ol" : "ul", { class: `indent-${Math.min(part.indent ?? 0, 4)}`, start: part.offset ? part.offset + 1 : null },
      part.elements.map((item) => h("li", {}, leaves(item, reader)))),
};

/** @param {import("./types.js").Block} block @param {Reader} reader */
export const richText = (block, reader) =>
  h("div", { class: "rich-text" }, block.elements.map((part) => PARTS[part.type]?.(part, reader)));
