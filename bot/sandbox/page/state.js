/** What the page knows: the workspace, each person's seat, who is chosen, and what was typed but not sent. */
import { api } from "./api.js";
import { Form } from "./form.js";
import { isPlayable } from "./person.js";

export class State extends EventTarget {
  /** @type {import("./types.js").Workspace} */ workspace;
  /** @type {Map<string, import("./types.js").Seat>} */ seats = new Map();
  /** @type {Map<string, string>} what each person has typed into the composer */ drafts = new Map();
  /** @type {Map<string, string>} what each person was told above the composer */ notices = new Map();
  /** @type {Map<string, Form>} */ #forms = new Map();
  /** @type {Map<string, {again: boolean, done: Promise<void>}>} */ #fetching = new Map();
  #clockSetAt = 0;
  me = "";
  /** @type {"home"|"messages"} */ tab = "messages";

  tell(what, detail = null) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }

  get people() {
    return this.workspace.people.filter(isPlayable);
  }

  person(id) {
    return this.workspace.people.find((person) => person.id === id);
  }

  nameOf(id) {
    const { bot_user_id, bot_name } = this.workspace.app;
    const person = this.person(id);
    return person?.real_name || person?.name || (id === bot_user_id ? bot_name : id);
  }

  /** The values of one view's or message's inputs, as one person has them on their screen. */
  form(user, place) {
    const key = `${user}/${place}`;
    if (!this.#forms.has(key)) this.#forms.set(key, new Form());
    return this.#forms.get(key);
  }

  /** @returns {import("./types.js").Reader} */
  reader(user) {
    return {
      person: this.person(user),
      nameOf: (id) => this.nameOf(id),
      now: () => this.now(),
      people: this.workspace.people,
    };
  }

  now() {
    const { now, running } = this.workspace.clock;
    const since = running ? performance.now() - this.#clockSetAt : 0;
    return new Date(Date.parse(now) + since);
  }

  setClock(clock) {
    this.workspace.clock = { ...this.workspace.clock, now: clock.now, next_due: clock.next_due ?? null };
    this.#clockSetAt = performance.now();
    this.tell("clock");
  }

  /** What the app does can change what is due next, and nobody tells of that. */
  async askClock() {
    const workspace = await api.workspace();
    const isLate = Date.parse(workspace.clock?.now) < Date.parse(this.workspace?.clock.now); // it moved meanwhile
    if (!workspace.error && this.workspace && !isLate) this.setClock(workspace.clock);
  }

  /** @returns {Promise<boolean>} whether the server answered */
  async loadWorkspace() {
    const workspace = await api.workspace();
    if (workspace.error) return false;
    this.workspace = workspace;
    this.#clockSetAt = performance.now();
    this.tell("workspace");
    return true;
  }

  /** Fetch these people's seats anew (null: everyone's). A change during a fetch is fetched once more, after it. */
  async refresh(users) {
    const wanted = users ?? this.people.map((person) => person.id);
    await Promise.all(wanted.filter((id) => this.people.some((person) => person.id === id)).map((id) => this.#fetch(id)));
  }

  #fetch(user) {
    const running = this.#fetching.get(user);
    if (running) {
      running.again = true;
      return running.done;
    }
    const fetch = { again: false, done: Promise.resolve() };
    this.#fetching.set(user, fetch);
    fetch.done = this.#fetchUntilStill(user, fetch);
    return fetch.done;
  }

  async #fetchUntilStill(user, fetch) {
    do {
      fetch.again = false;
      const seat = await api.seat(user);
      if (!seat.error) this.seats.set(user, seat);
    } while (fetch.again);
    this.#fetching.delete(user);
    this.tell("seat", user);
  }

  notice(user, sentence) {
    if (sentence) this.notices.set(user, sentence);
    else this.notices.delete(user);
    this.tell("notice", user);
  }

  /** Where the address bar says to be: "#/ben/home". */
  readRoute() {
    const [, name, tab] = decodeURIComponent(location.hash.slice(1)).split("/");
    const person = this.people.find((each) => each.name === name) ?? this.people.find((each) => each.id === this.me) ?? this.people[0];
    this.me = person.id;
    this.tab = tab === "home" ? "home" : "messages";
    if (!name) history.replaceState(null, "", this.#hash()); // so that "back" finds this place again
    this.tell("route");
  }

  #hash(user = this.me, tab = this.tab) {
    return `#/${encodeURIComponent(this.person(user).name)}/${tab}`;
  }

  go(user, tab = this.tab) {
    const hash = this.#hash(user, tab);
    if (location.hash === hash) this.readRoute();
    else location.hash = hash; // the hashchange listener reads it
  }
}
