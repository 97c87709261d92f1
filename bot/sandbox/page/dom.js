/** Building and patching DOM nodes. Text always arrives as text nodes, never as HTML. */

const AS_PROPERTY = new Set(["value", "checked", "disabled", "hidden", "selected", "inert"]);
let made = 0;

/** An id that no other node of this page has. */
export const uid = (prefix) => `${prefix}-${++made}`;

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] attributes; `on…` are listeners; null, undefined and false are left out
 * @param {...any} children nodes, strings, or arrays of them
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(node, name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (AS_PROPERTY.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

/** A control that the keyboard can reach, in the order of the page. */
export function focusable(root) {
  const selector = "a[href], button, input, select, textarea, [tabindex]";
  return [...root.querySelectorAll(selector)].filter(
    (node) => !node.disabled && node.tabIndex >= 0 && !node.closest("[hidden], [inert]") && node.getClientRects().length,
  );
}

/** Run `change`, then put the focus and the caret back on the control with the same data-key, if it went. */
export function keepingFocus(root, change) {
  const before = document.activeElement;
  const key = root.contains(before) ? before?.closest("[data-key]")?.dataset.key : undefined;
  const caret = key && caretOf(before);
  change();
  if (!key || (before.isConnected && document.activeElement === before)) return;
  const after = before.isConnected ? before : root.querySelector(`[data-key="${CSS.escape(key)}"]`);
  after?.focus({ preventScroll: true });
  if (after && caret) after.setSelectionRange?.(...caret);
}

function caretOf(node) {
  try {
    return node.selectionStart === null || node.selectionStart === undefined ? null : [node.selectionStart, node.selectionEnd];
  } catch {
    return null; // number and date inputs have no caret to read
  }
}

/** @type {WeakMap<Element, Map<string, {print: string, node: HTMLElement}>>} */
const drawn = new WeakMap();

/**
 * Make `parent` show `items` in order. A node whose item has not changed stays as it is, with all that was typed in it.
 * @template T
 * @param {HTMLElement} parent
 * @param {T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => HTMLElement} draw
 */
export function patchList(parent, items, keyOf, draw) {
  const before = drawn.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const print = JSON.stringify(item);
    const known = before.get(key);
    after.set(key, known?.print === print ? known : { print, node: draw(item) });
  }
  keepingFocus(parent, () => arrange(parent, [...after.values()].map((entry) => entry.node)));
  drawn.set(parent, after);
}

function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.childNodes[index] !== node) parent.insertBefore(node, parent.childNodes[index] ?? null);
  });
}

/** Say a sentence in a place, or take it away. */
export function say(place, sentence) {
  if (place.textContent !== (sentence ?? "")) place.textContent = sentence ?? "";
  place.hidden = !sentence;
}
