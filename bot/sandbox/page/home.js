/** App Home, one drawing per person so that what is half typed there stays. */
import { h, say } from "./dom.js";
import { showBlocks } from "./blocks.js";
import { surfaceOf } from "./surface.js";

/** @param {import("./state.js").State} state @param {HTMLElement} place */
export function mountHome(state, place) {
  /** @type {Map<string, {view_id: string, root: HTMLElement, draw: (view: import("./types.js").View) => void}>} */
  const drawings = new Map();

  const drawingFor = (user, view) => {
    const known = drawings.get(user);
    if (known?.view_id === view.id) return known;
    const drawing = { view_id: view.id, ...newDrawing(state, user, view.id) };
    drawings.set(user, drawing);
    return drawing;
  };

  const render = () => {
    const view = state.seats.get(state.me)?.home;
    if (!view) return place.replaceChildren(empty(state));
    const drawing = drawingFor(state.me, view);
    drawing.draw(view);
    if (place.firstChild !== drawing.root) place.replaceChildren(drawing.root);
  };
  state.addEventListener("seat", (event) => /** @type {CustomEvent} */ (event).detail === state.me && render());
  state.addEventListener("route", render);
  state.addEventListener("workspace", render);
}

function newDrawing(state, user, view_id) {
  const banner = h("p", { class: "banner", role: "alert", hidden: true });
  const body = h("div", { class: "blocks" });
  const surface = surfaceOf(state, user, { type: "view", view_id }, (sentence) => say(banner, sentence));
  const draw = (view) => {
    surface.reader = state.reader(user);
    showBlocks(body, view.blocks, surface, view.state?.values);
  };
  return { root: h("div", {}, banner, body), draw };
}

const empty = (state) => h("p", { class: "empty" }, `${state.workspace.app.name} has not put anything here yet.`);
