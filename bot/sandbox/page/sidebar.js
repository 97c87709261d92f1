/** The sidebar as a drawer on narrow screens. */
import { focusable } from "./dom.js";

/** @param {HTMLElement} sidebar @param {HTMLElement} opener @param {HTMLElement} scrim */
export function mountSidebar(sidebar, opener, scrim) {
  const set = (isOpen) => {
    sidebar.classList.toggle("open", isOpen);
    scrim.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
  };
  const open = () => {
    set(true);
    /** @type {HTMLElement} */ (sidebar.querySelector("[aria-current]") ?? focusable(sidebar)[0] ?? sidebar).focus();
  };
  const close = () => {
    if (!sidebar.classList.contains("open")) return;
    set(false);
    if (sidebar.contains(document.activeElement) && opener.getClientRects().length) opener.focus();
  };
  opener.addEventListener("click", open);
  scrim.addEventListener("click", close);
  sidebar.addEventListener("keydown", (event) => event.key === "Escape" && close());
  return { open, close };
}
