/** Slack's mrkdwn as DOM nodes. It never goes through HTML, so nothing that a person typed can become markup. */
import { withEmoji, emojiOf } from "./emoji.js";
import { h } from "./dom.js";
import { slackDate } from "./time.js";

/** @typedef {import("./types.js").Reader} Reader */

const SAFE_LINK = /^(https?:|mailto:)/i;
const unescape = (text) => text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);

/** A run between two equal marks that stand at the edges of words, as Slack wants them. */
const styled = (mark) =>
  new RegExp(`(?<![\\p{L}\\p{N}${mark}])[${mark}](?!\\s)([^${mark}\\n]+?)(?<!\\s)[${mark}](?![\\p{L}\\p{N}${mark}])`, "u");

/** What can stand inside a line, each with what it becomes. */
const INLINE = [
  { find: /`([^`\n]+)`/, draw: ([, code]) => h("code", {}, unescape(code)) },
  { find: /<([^<>\n]+)>/, draw: ([, inside], reader) => angle(inside, reader) },
  { find: styled("*"), draw: ([, inside], reader) => h("strong", {}, inline(inside, reader)) },
  { find: styled("_"), draw: ([, inside], reader) => h("em", {}, inline(inside, reader)) },
  { find: styled("~"), draw: ([, inside], reader) => h("s", {}, inline(inside, reader)) },
  { find: /:([a-z0-9_+-]+):/, draw: ([whole, name]) => emojiNode(name) ?? whole },
];

export function emojiNode(name) {
  const emoji = emojiOf(name);
  return emoji && h("span", { role: "img", "aria-label": name.replaceAll("_", " ") }, emoji);
}

/** @param {string} text @param {Reader} reader @returns {(Node|string)[]} */
function inline(text, reader) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const found = INLINE.map((rule) => ({ rule, match: rule.find.exec(rest) }))
      .filter(({ match }) => match)
      .sort((one, other) => one.match.index - other.match.index)[0];
    if (!found) return [...nodes, unescape(rest)];
    const { rule, match } = found;
    nodes.push(unescape(rest.slice(0, match.index)), rule.draw(match, reader));
    rest = rest.slice(match.index + match[0].length);
  }
  return nodes;
}

/** `<@U…>`, `<#C…|name>`, `<!date^…>`, `<!here>`, `<url|label>`. */
function angle(inside, reader) {
  const [target, label] = inside.split(/\|(.*)/s);
  if (target.startsWith("@")) return mention(target.slice(1), reader);
  if (target.startsWith("#")) return h("span", { class: "mention" }, `#${label || target.slice(1)}`);
  if (target.startsWith("!date^")) return date(target, label, reader);
  if (target.startsWith("!")) return h("span", { class: "mention" }, label || `@${target.slice(1).split("^")[0]}`);
  return link(unescape(target), label === undefined ? undefined : unescape(label));
}

/** @param {Reader} reader */
export function mention(id, reader) {
  return h("span", { class: id === reader.person.id ? "mention mention-me" : "mention" }, `@${reader.nameOf(id)}`);
}

export function link(url, label) {
  if (!SAFE_LINK.test(url)) return label ?? url;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, withEmoji(label || url.replace(/^mailto:/, "")));
}

function date(target, fallback, reader) {
  const [, epoch, pattern, url] = target.split("^");
  if (!/^\d+$/.test(epoch ?? "") || !pattern) return unescape(fallback ?? "");
  const said = slackDate(epoch, unescape(pattern), reader);
  const node = h("time", { datetime: new Date(Number(epoch) * 1000).toISOString(), title: fallback }, said);
  return url ? link(url, said) : node;
}

/** A run of lines: quotes together, the rest as they stand. */
function lines(text, reader) {
  const groups = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    const last = groups.at(-1);
    const content = quoted ? line.slice(quoted[0].length) : line;
    if (last && last.quoted === Boolean(quoted)) last.lines.push(content);
    else groups.push({ quoted: Boolean(quoted), lines: [content] });
  }
  return groups.map((group) => {
    const nodes = group.lines.flatMap((line, index) => [index ? h("br") : null, ...inline(line, reader)]);
    return group.quoted ? h("blockquote", {}, nodes) : nodes;
  });
}

/** @param {string} text @param {Reader} reader @returns {any[]} nodes and strings, for `h` */
export function mrkdwn(text, reader) {
  return text.split(/```([\s\S]+?)```\n?/).map((part, index) => {
    if (index % 2) return h("pre", {}, unescape(part.replace(/^\n|\n$/g, "")));
    return part ? lines(part, reader) : null;
  });
}

/** A Slack text object. @param {import("./types.js").Text|undefined} text @param {Reader} reader */
export function textNodes(text, reader) {
  if (!text) return null;
  if (text.type === "mrkdwn") return mrkdwn(text.text, reader);
  return plain(text);
}

/** Plain text: only emoji are replaced. */
export const plain = (text) => (text ? (text.emoji === false ? text.text : withEmoji(text.text)) : "");
