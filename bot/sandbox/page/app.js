/** Puts the page together: state, parts, the address bar, the stream, and the keys that concern everything. */
import { api } from "./api.js";
import { icon } from "./icons.js";
import { listen } from "./stream.js";
import { mountClock } from "./clock.js";
import { mountComposer } from "./composer.js";
import { mountHint } from "./hint.js";
import { mountHome } from "./home.js";
import { mountMessages } from "./messages.js";
import { mountModals } from "./modal.js";
import { mountPeople } from "./people.js";
import { mountSidebar } from "./sidebar.js";
import { mountTabs } from "./tabs.js";
import { say } from "./dom.js";
import { State } from "./state.js";

const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const state = new State();

const sidebar = mountSidebar(at("sidebar"), at("open-sidebar"), at("scrim"));
at("open-sidebar").append(icon("menu"));
mountPeople(state, at("people"), sidebar.close);
mountClock(state, at("clock"));
mountTabs(state, [at("tab-home"), at("tab-messages")]);
mountHome(state, at("home"));
mountMessages(state, at("log"));
const composer = mountComposer(state, at("composer-place"));
mountModals(state, at("modal-layer"), at("seat"), () => (state.tab === "home" ? at("tab-home") : composer));
mountHint(state, at("hint"));

state.addEventListener("workspace", () => {
  const { team, app } = state.workspace;
  at("team").textContent = team.name;
  at("app-name").textContent = app.name;
  at("skip").textContent = `Skip to the message to ${app.name}`;
});
state.addEventListener("route", () => {
  at("as-whom").textContent = `You are ${state.nameOf(state.me)}`;
  document.title = `${state.nameOf(state.me)} – ${state.workspace.team.name}`;
});

/** Opening a tab tells the app, as in Slack. */
let opened = "";
state.addEventListener("route", async () => {
  const [user, tab] = [state.me, state.tab];
  if (opened === `${user}/${tab}`) return;
  opened = `${user}/${tab}`;
  const answer = await (tab === "home" ? api.openHome(user) : api.openMessages(user));
  if (answer.error) state.notice(user, answer.error);
  await state.refresh([user]);
});

/** What arrives while one looks at it is read. */
let readUpTo = "";
function read() {
  const seat = state.seats.get(state.me);
  const last = `${state.me}/${seat?.messages.at(-1)?.ts}`;
  if (!seat?.unread || state.tab !== "messages" || document.hidden || last === readUpTo) return;
  readUpTo = last;
  void api.openMessages(state.me);
}
state.addEventListener("seat", read);
document.addEventListener("visibilitychange", read);

at("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address bar's hash says who and where
  state.go(state.me, "messages");
  composer.focus();
});
addEventListener("hashchange", () => state.readRoute());
addEventListener("keydown", (event) => {
  if (event.key !== "F6") return;
  event.preventDefault();
  const inSidebar = at("sidebar").contains(document.activeElement);
  if (!inSidebar) return sidebar.open();
  sidebar.close();
  const modal = /** @type {HTMLElement|null} */ (at("modal-layer").querySelector("[role=dialog]"));
  (modal ?? (state.tab === "home" ? at("panel-home") : composer)).focus();
});

async function load() {
  if (!(await state.loadWorkspace())) return say(at("connection"), "The local Slack does not answer.");
  state.readRoute();
  await state.refresh(null);
  say(at("connection"), null);
}

/** One load at a time; the first when the stream is up, so that no change is missed between the two. */
let loading = Promise.resolve();
listen({
  changed(users) {
    if (users === null) loading = loading.then(load);
    else void state.refresh(users);
  },
  clock: (clock) => state.workspace && state.setClock(clock),
  connected(up) {
    if (up) loading = loading.then(load);
    else say(at("connection"), "Connection lost. Trying again…");
  },
});
