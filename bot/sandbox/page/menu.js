/** A popup menu under a button: arrow keys, Home, End, Escape, Tab, and a press elsewhere. */
import { h } from "./dom.js";

let open = null;

/**
 * @param {HTMLElement} anchor
 * @param {{label: any, detail?: any, choose: () => void}[]} items
 * @param {string} name said by screen readers
 */
export function openMenu(anchor, items, name) {
  const again = open?.anchor === anchor;
  closeMenu();
  if (again) return;
  const menu = h("div", { class: "menu", role: "menu", "aria-label": name, onkeydown: (event) => onKey(event, menu, anchor) },
    items.map((item) => menuItem(item, anchor)));
  document.getElementById("main").append(menu);
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  open = { menu, anchor };
  document.addEventListener("pointerdown", onPressElsewhere);
  menu.firstElementChild?.focus();
}

export function closeMenu() {
  if (!open) return;
  open.menu.remove();
  open.anchor.setAttribute("aria-expanded", "false");
  document.removeEventListener("pointerdown", onPressElsewhere);
  open = null;
}

function menuItem({ label, detail, choose }, anchor) {
  const onclick = () => {
    closeMenu();
    anchor.focus();
    choose();
  };
  return h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick },
    h("span", {}, label), detail ? h("small", {}, detail) : null);
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
  const below = at.bottom + 4;
  const top = below + height < innerHeight - 8 ? below : Math.max(8, at.top - height - 4);
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function onPressElsewhere(event) {
  if (!open.menu.contains(event.target) && !open.anchor.contains(event.target)) closeMenu();
}

function onKey(event, menu, anchor) {
  const items = [...menu.children];
  const index = items.indexOf(document.activeElement);
  const goal = {
    ArrowDown: (index + 1) % items.length,
    ArrowUp: (index - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (goal !== undefined) items[goal].focus();
  else if (event.key === "Escape" || event.key === "Tab") {
    closeMenu();
    anchor.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
