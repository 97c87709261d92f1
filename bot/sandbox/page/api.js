/** The only place that talks to the server. No call ever throws: what went wrong comes back as a sentence. */

const BASE = "/page/api";
const SILENT = "The local Slack did not answer. Is it still running?";

async function call(path, options) {
  try {
    const response = await fetch(BASE + path, options);
    const body = await response.json();
    return response.ok ? body : { ok: false, error: body.error ?? SILENT };
  } catch {
    return { ok: false, error: SILENT };
  }
}

const post = (path, body = {}) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const atSeat = (user, what, body) => post(`/seat/${encodeURIComponent(user)}/${what}`, body);

export const api = {
  /** @returns {Promise<import("./types.js").Workspace & {error?: string}>} */
  workspace: () => call("/workspace"),
  /** @returns {Promise<import("./types.js").Seat & {error?: string}>} */
  seat: (user) => call(`/seat/${encodeURIComponent(user)}`),
  command: (user, text) => atSeat(user, "command", { text }),
  say: (user, text) => atSeat(user, "say", { text }),
  press: (user, press) => atSeat(user, "press", press),
  submit: (user, view_id, values) => atSeat(user, "submit", { view_id, values }),
  close: (user, view_id, all) => atSeat(user, "close", { view_id, all }),
  openHome: (user) => atSeat(user, "home"),
  openMessages: (user) => atSeat(user, "messages"),
  shortcut: (user, callback_id, message_ts) =>
    atSeat(user, "shortcut", message_ts ? { callback_id, message_ts } : { callback_id }),
  /** @param {"next"|"hour"|"day"|"week"} move */
  moveClock: (move) => post("/clock", { move }),
};
