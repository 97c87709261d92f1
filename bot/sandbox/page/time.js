/** Instants as the person who reads them would say them: in their zone, and where Slack says them in their locale. */

/** @typedef {import("./types.js").Person} Person */

const FORMATS = {
  date: { day: "numeric", month: "long", year: "numeric" },
  date_short: { day: "numeric", month: "short", year: "numeric" },
  date_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** What the page itself says, in the page's own English. */
const OWN_FORMATS = {
  day: { weekday: "long", day: "numeric", month: "long" },
  moment: { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  weekday_time: { weekday: "short", hour: "2-digit", minute: "2-digit" },
};

const localeOf = (person) => (person.locale || "en-GB").replace("_", "-");

const said = (at, locale, options, zone) => new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }).format(at);

/** A date or time in a message. @param {Person} person @param {keyof typeof FORMATS} how */
export const format = (at, person, how) => said(at, localeOf(person), FORMATS[how], person.tz);

/** A date or time in the page's own lines. @param {Person} person @param {keyof typeof OWN_FORMATS} how */
export const tell = (at, person, how) => said(at, "en-GB", OWN_FORMATS[how], person.tz);

/** The wall clock of a zone, as ISO text to the minute: "2026-11-25T09:00". */
export function wallClock(at, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hourCycle: "h23",
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).formatToParts(at);
  const of = (type) => parts.find((part) => part.type === type).value;
  return `${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}

export const isoDay = (at, zone) => wallClock(at, zone).slice(0, 10);

/** Epoch seconds of a wall-clock time in a zone. In a gap of daylight saving time, the time after the gap. */
export function epochOf(wall, zone) {
  const asIfUtc = Date.parse(`${wall.slice(0, 16)}Z`);
  const offsetAt = (at) => Date.parse(`${wallClock(new Date(at), zone)}Z`) - Math.floor(at / 60000) * 60000;
  const first = asIfUtc - offsetAt(asIfUtc);
  return Math.round((asIfUtc - offsetAt(first)) / 1000);
}

/** "Today", "Yesterday", "Tomorrow", or nothing. */
export function nearDay(at, now, person) {
  const [day, today] = [at, now].map((each) => Date.parse(isoDay(each, person.tz)));
  return { 0: "Today", "-1": "Yesterday", 1: "Tomorrow" }[(day - today) / 86400000];
}

/** The city of a zone: "America/New_York" → "New York". */
export const cityOf = (zone) => (zone.split("/").pop() ?? zone).replaceAll("_", " ");

function ago(at, now) {
  const seconds = (at - now) / 1000;
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, size] = steps.find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/**
 * Slack's `<!date^epoch^{date} at {time}|fallback>`.
 * @param {import("./types.js").Reader} reader
 */
export function slackDate(epoch, pattern, reader) {
  const [at, now] = [new Date(Number(epoch) * 1000), reader.now()];
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "date_num") return isoDay(at, reader.person.tz);
    if (token === "ago") return ago(at, now);
    const name = token.replace(/_pretty$/, "");
    if (!(name in FORMATS)) return whole;
    const near = name !== token && nearDay(at, now, reader.person);
    return near ? near.toLowerCase() : format(at, reader.person, name);
  });
}
