/** What the server tells the page by itself. */

/**
 * @param {{changed: (users: string[]|null) => void, clock: (clock: import("./types.js").Clock) => void,
 *   connected: (up: boolean) => void}} listener
 */
export function listen(listener) {
  const source = new EventSource("/page/api/stream");
  source.addEventListener("open", () => listener.connected(true));
  source.addEventListener("error", () => listener.connected(false));
  source.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    if (news.type === "changed") listener.changed(news.users ?? null);
    if (news.type === "clock") listener.clock(news);
  });
}
