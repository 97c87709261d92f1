/** What the composer offers while a command or a name is being typed. Pure: text in, suggestions out. */
import { kindOf } from "./person.js";

/**
 * @typedef {Object} Suggestion
 * @property {string} label
 * @property {string} [hint] what may follow the word
 * @property {string} [help]
 * @property {string} insert
 *
 * @typedef {{from: number, to: number, items: Suggestion[], isAsked: boolean}} Suggestions
 *   `from`–`to` is the text that a suggestion replaces; `isAsked` says that its first letters have been typed
 */

/**
 * @param {string} text
 * @param {number} caret
 * @param {import("./types.js").Workspace} workspace
 * @returns {Suggestions|null}
 */
export function suggest(text, caret, workspace) {
  const before = text.slice(0, caret);
  return names(before, workspace) ?? words(before, workspace) ?? commands(before, workspace);
}

/** The text after a suggestion is taken, and where the caret then stands. */
export function take(text, { from, to }, { insert }) {
  const rest = text.slice(to).replace(/^ /, "");
  return { text: `${text.slice(0, from)}${insert} ${rest}`, caret: from + insert.length + 1 };
}

/** Whether taking the suggestion would only repeat what stands there. */
export const isAlreadyThere = (text, { from, to }, { insert }) => text.slice(from, to).toLowerCase() === insert.toLowerCase();

function result(typed, caret, items) {
  if (!items.length) return null;
  return { from: caret - typed.length, to: caret, items, isAsked: typed.length > 0 };
}

const starts = (word, typed) => word.toLowerCase().startsWith(typed.toLowerCase());

function names(before, workspace) {
  const typed = /(?:^|\s)(@[\p{L}\p{N}._-]*)$/u.exec(before)?.[1];
  if (typed === undefined) return null;
  const part = typed.slice(1);
  const people = workspace.people.filter((person) =>
    [person.name, ...(person.real_name ?? "").split(" ")].some((word) => starts(word, part)));
  people.sort((one, other) => Number(Boolean(kindOf(one))) - Number(Boolean(kindOf(other))));
  return result(typed, before.length, people.map((person) => (
    { label: `@${person.name}`, hint: person.real_name, help: kindOf(person) || person.title, insert: `@${person.name}` })));
}

function words(before, workspace) {
  const [, command, typed] = /^(\/\S+) +(\S*)$/.exec(before) ?? [];
  const offered = workspace.commands.find((each) => each.command === command)?.words ?? [];
  if (typed === undefined) return null;
  const items = offered.filter(({ word }) => starts(word, typed)).map(({ word, hint, help }) => ({ label: word, hint, help, insert: word }));
  return result(typed, before.length, items);
}

function commands(before, workspace) {
  if (!/^\/\S*$/.test(before)) return null;
  const items = workspace.commands.filter(({ command }) => starts(command, before)).map(({ command, usage_hint, description }) => (
    { label: command, hint: usage_hint, help: description, insert: command }));
  return result(before, before.length, items);
}
