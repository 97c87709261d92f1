/** The message field: commands, completion, the shortcuts menu, and what came of the last thing sent. */
import { api } from "./api.js";
import { h, say } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { SuggestionList } from "./suggestions.js";

/** @typedef {import("./state.js").State} State */

/** @param {State} state @param {HTMLElement} place @returns {HTMLTextAreaElement} */
export function mountComposer(state, place) {
  const notice = h("p", { class: "notice", role: "alert", hidden: true });
  const waiting = h("p", { class: "waiting", role: "status" });
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "composer", rows: "1", autocomplete: "off", spellcheck: "true" }));
  const list = new SuggestionList(state, field);
  const send = h("button", { type: "button", class: "icon-button send", "aria-label": "Send", onclick: () => submit() }, icon("send"));
  place.append(notice, list.node, h("div", { class: "composer-box" }, shortcuts(state), field, send), waiting);
  const asked = new Map(); // how many answers each person waits for

  const showWaiting = () => {
    waiting.textContent = asked.get(state.me) ? `Waiting for ${state.workspace.app.name}…` : "";
  };
  const wait = (user, by) => {
    asked.set(user, (asked.get(user) ?? 0) + by);
    showWaiting();
  };

  const submit = async () => {
    const [user, text] = [state.me, field.value.trim()];
    if (!text) return;
    write("");
    state.notice(user, "");
    wait(user, 1);
    const answer = await (text.startsWith("/") ? api.command(user, text) : api.say(user, text));
    wait(user, -1);
    if (!answer.ok) giveBack(user, text, answer.error);
    await state.refresh([user]);
  };

  /** What could not be sent is not lost, unless something new was typed meanwhile. */
  const giveBack = (user, text, error) => {
    state.notice(user, error);
    if (state.drafts.get(user)) return;
    state.drafts.set(user, text);
    if (user === state.me) write(text);
  };

  const write = (text) => {
    field.value = text;
    remember();
  };
  const remember = () => {
    state.drafts.set(state.me, field.value);
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    list.update();
  };
  field.addEventListener("input", remember);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.takesKey(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    void submit();
  });

  const render = () => {
    field.placeholder = `Message ${state.workspace.app.name}, or / for commands`;
    field.setAttribute("aria-label", `Message ${state.workspace.app.name} as ${state.nameOf(state.me)}`);
    const draft = state.drafts.get(state.me) ?? "";
    if (field.value !== draft) write(draft);
    say(notice, state.notices.get(state.me));
    showWaiting();
  };
  for (const news of ["route", "workspace", "notice"]) state.addEventListener(news, render);
  return field;
}

/** Slack's lightning bolt: the app's global shortcuts. @param {State} state */
function shortcuts(state) {
  const run = async (shortcut) => {
    const user = state.me;
    const answer = await api.shortcut(user, shortcut.callback_id);
    state.notice(user, answer.ok ? "" : answer.error);
    await state.refresh([user]);
  };
  const show = () => {
    const items = state.workspace.shortcuts.filter((shortcut) => shortcut.type === "global").map((shortcut) => (
      { label: shortcut.name, detail: shortcut.description, choose: () => run(shortcut) }));
    openMenu(node, items.length ? items : [{ label: "This app has no shortcuts", choose: () => {} }], "Shortcuts");
  };
  const node = h("button", { type: "button", class: "icon-button bolt", "aria-label": "Shortcuts", title: "Shortcuts", "data-key": "shortcuts",
    "aria-haspopup": "menu", "aria-expanded": "false", onclick: show }, icon("bolt"));
  return node;
}
