/** People as the page shows them. */
import { h } from "./dom.js";

/** @typedef {import("./types.js").Person} Person */

/** Bots, deactivated people and people of other organisations cannot be played: they are there to be refused. */
export const isPlayable = (person) => !person.deleted && !person.is_bot && !person.is_stranger;

/** Why a person cannot be played. */
export function kindOf(person) {
  if (person.is_bot) return "app";
  if (person.deleted) return "deactivated";
  return person.is_stranger ? "other organisation" : "";
}

const initials = (person) =>
  (person.real_name || person.name).split(/\s+/).map((part) => part[0]).slice(0, 2).join("").toUpperCase();

/** White or near-black, whichever can be read on this colour. */
function inkOn(color) {
  const [red, green, blue] = [1, 3, 5].map((at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.22 ? "#1d1c1d" : "#ffffff";
}

/** A square with the person's initials in their colour. @param {Person} person */
export function avatar(person) {
  const color = /^#?[0-9a-f]{6}$/i.test(person.color ?? "") ? `#${person.color.replace("#", "")}` : "#5b6b7a";
  const node = h("span", { class: "avatar", "aria-hidden": "true" }, initials(person));
  node.style.backgroundColor = color;
  node.style.color = inkOn(color);
  return node;
}

export const appAvatar = () => h("img", { class: "avatar", src: "/page/bot.svg", alt: "", width: "36", height: "36" });
