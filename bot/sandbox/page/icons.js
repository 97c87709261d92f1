/** The few line drawings of the page. */

const PATHS = {
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  close: "M5 5l10 10M15 5L5 15",
  back: "M12.500 4.500L7 10l5.500 5.500",
  more: "M10 4.500v.01M10 10v.01M10 15.500v.01",
  bolt: "M11.500 2.500L4.500 11.500H10l-1.500 6 7-9H10z",
  send: "M3 3.500l14 6.500-14 6.500 2-6.500zM5 10h6",
  check: "M4.500 10.500l3.500 3.500 7.500-8",
  down: "M5.500 8l4.500 4.500L14.500 8",
  file: "M5 2.500h6.500L15.500 6.500v11h-10.500zM11.500 2.500v4h4",
  eye: "M2.500 10S5 5 10 5s7.500 5 7.500 5-2.500 5-7.500 5-7.500-5-7.500-5zM10 12a2 2 0 100-4 2 2 0 000 4z",
};

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
