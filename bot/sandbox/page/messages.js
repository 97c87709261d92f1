/** The direct messages with the app, as one person sees them. */
import { api } from "./api.js";
import { appAvatar, avatar } from "./person.js";
import { filesOf } from "./files.js";
import { format, isoDay, nearDay, tell } from "./time.js";
import { h, patchList } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { openMenu } from "./menu.js";
import { showBlocks } from "./blocks.js";
import { surfaceOf } from "./surface.js";

/** @typedef {import("./state.js").State} State @typedef {import("./types.js").Message} Message */

/** Messages of one author closer than this stand together under one name, in ms. */
const TOGETHER = 5 * 60 * 1000;

/** @param {State} state @param {HTMLElement} log */
export function mountMessages(state, log) {
  /** @type {Map<string, string>} what went wrong at a message */
  const problems = new Map();
  let shownFor = "";

  const render = () => {
    const seat = state.seats.get(state.me);
    if (!seat) return;
    const place = `${state.me}/${state.tab}`;
    const follow = shownFor !== place || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    shownFor = place;
    log.setAttribute("aria-label", `Messages with ${state.workspace.app.name}`);
    const complain = (ts) => (sentence) => {
      if (sentence) problems.set(`${seat.user}/${ts}`, sentence);
      else problems.delete(`${seat.user}/${ts}`);
    };
    patchList(log, itemsOf(state, seat, problems), (item) => item.key, (item) => drawItem(state, seat.user, item, complain));
    if (follow) log.scrollTop = log.scrollHeight;
  };
  for (const news of ["route", "clock", "workspace"]) state.addEventListener(news, render);
  state.addEventListener("seat", (event) => /** @type {CustomEvent} */ (event).detail === state.me && render());
}

const instantOf = (message) => new Date(Number(message.ts) * 1000);

/** Day dividers and messages, in order. */
function itemsOf(state, seat, problems) {
  const person = state.person(seat.user);
  if (!seat.messages.length) return [{ key: `${seat.user}/empty`, app: state.workspace.app.name }];
  let before = null;
  return seat.messages.flatMap((message) => {
    const at = instantOf(message);
    const day = isoDay(at, person.tz);
    const isNewDay = !before || isoDay(instantOf(before), person.tz) !== day;
    const isCompact = !isNewDay && before.user === message.user && before.ephemeral === message.ephemeral
      && at.getTime() - instantOf(before).getTime() < TOGETHER;
    before = message;
    const item = { key: `${seat.user}/${message.ts}`, message, isCompact, zone: person.tz, problem: problems.get(`${seat.user}/${message.ts}`) };
    if (!isNewDay) return [item];
    return [{ key: `${seat.user}/${day}`, day: nearDay(at, state.now(), person) ?? tell(at, person, "day") }, item];
  });
}

function drawItem(state, user, item, complain) {
  if (item.app) return h("p", { class: "empty" }, `This is where ${item.app} writes to you. Nothing has come yet.`);
  if (item.day) return h("div", { class: "day", role: "separator", "aria-label": item.day }, h("span", {}, item.day));
  return drawMessage(state, user, item, complain(item.message.ts));
}

function drawMessage(state, user, { message, isCompact, problem }, complain) {
  const surface = surfaceOf(state, user, { type: "message", message_ts: message.ts }, complain);
  const body = h("div", { class: "blocks message-body" });
  if (message.blocks?.length) showBlocks(body, message.blocks, surface);
  else if (message.text) body.append(h("div", { class: "section-text" }, mrkdwn(message.text, surface.reader)));
  body.append(...filesOf(user, message));
  return h("article", { class: `message${isCompact ? " compact" : ""}${message.ephemeral ? " ephemeral" : ""}`, "data-ts": message.ts },
    gutter(state, user, message, isCompact),
    h("div", { class: "message-main" },
      message.ephemeral ? h("p", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
      isCompact ? null : byline(state, user, message),
      body,
      message.edited ? h("span", { class: "edited" }, "(edited)") : null,
      problem ? h("p", { class: "problem", role: "alert" }, problem) : null),
    message.ephemeral ? null : more(state, user, message));
}

const isByApp = (state, message) => Boolean(message.bot_id) || message.user === state.workspace.app.bot_user_id;

function gutter(state, user, message, isCompact) {
  if (isCompact) return h("span", { class: "gutter" }, timeOf(state, user, message));
  const author = state.person(message.user) ?? { id: message.user, name: message.user, real_name: "Slack", tz: "UTC" };
  return h("span", { class: "gutter" }, isByApp(state, message) ? appAvatar() : avatar(author));
}

function byline(state, user, message) {
  const isApp = isByApp(state, message);
  const name = isApp ? state.workspace.app.name : message.user === "USLACKBOT" ? "Slackbot" : state.nameOf(message.user);
  return h("p", { class: "byline" }, h("strong", {}, name), isApp ? h("span", { class: "badge-app" }, "APP") : null, timeOf(state, user, message));
}

function timeOf(state, user, message) {
  const [at, person] = [instantOf(message), state.person(user)];
  return h("time", { datetime: at.toISOString(), title: tell(at, person, "moment") }, format(at, person, "time"));
}

/** The message shortcuts of the app. */
function more(state, user, message) {
  const items = state.workspace.shortcuts.filter((shortcut) => shortcut.type === "message").map((shortcut) => ({
    label: shortcut.name,
    detail: shortcut.description,
    choose: async () => {
      const answer = await api.shortcut(user, shortcut.callback_id, message.ts);
      state.notice(user, answer.ok ? "" : answer.error);
      await state.refresh([user]);
    },
  }));
  if (!items.length) return null;
  const node = h("button", {
    type: "button", class: "icon-button more", "aria-label": "Message shortcuts", "aria-haspopup": "menu", "aria-expanded": "false",
    "data-key": `${message.ts}/more`, title: "Message shortcuts", onclick: () => openMenu(node, items, "Message shortcuts"),
  }, icon("more"));
  return node;
}
