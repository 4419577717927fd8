// Checks the header of the open page at its present width, with a login of forty characters. Passes sentences about what is cut to the
// callback in the last argument.
const done = arguments[arguments.length - 1];
const LOGIN = "octocatwhoselogincannotbebrokenanywhere0";
const MOST = 6; // entries
const WIDE = 992; // px: 62rem, from where the entries are in a row
const said = [];

const header = document.querySelector(".lintel");
// What a closed menu contains has a box, but is not shown.
const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1;
const name = (element) => (element.textContent || "").replace(/\s+/g, " ").trim().slice(0, 40) || element.className;

// The one that may be cut: the name of the community.
const mayBeCut = (element) => element.matches(".mark .name, .mark .name *, .vh, .vh *");

function check(state) {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) said.push(`${state}: the page scrolls sideways`);
  for (const element of header.querySelectorAll("a, button, summary, .name, .count, b, .meta, legend")) {
    if (!shown(element) || mayBeCut(element)) continue;
    const box = element.getBoundingClientRect();
    if (box.left < -0.5 || box.right > width + 0.5) said.push(`${state}: “${name(element)}” leaves the view`);
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline") {
      said.push(`${state}: “${name(element)}” is cut: ${element.scrollWidth} of ${element.clientWidth} px`);
    }
  }
  const beam = [...header.querySelectorAll(".beam > *")].filter(shown);
  for (const [place, element] of beam.entries()) {
    const next = beam[place + 1];
    if (next && element.getBoundingClientRect().right > next.getBoundingClientRect().left + 0.5) {
      const first = element.matches(".mainnav:not([open])") || !element.matches(".mainnav");
      if (first && width >= WIDE) said.push(`${state}: “${name(element)}” overlaps “${name(next)}”`);
    }
  }
}

for (const login of header.querySelectorAll(".whoami b")) login.textContent = LOGIN;
const entries = header.querySelectorAll(".mainnav li");
if (entries.length > MOST) said.push(`the header has ${entries.length} entries`);
if (entries.length < 5) said.push(`the header has only ${entries.length} entries`);
check("closed");
for (const menu of header.querySelectorAll("details")) {
  if (!shown(menu.querySelector("summary"))) continue;
  menu.open = true;
  check(menu.matches(".account") ? "account menu" : "menu");
  menu.open = false;
}
if (document.documentElement.clientWidth >= WIDE) {
  const hidden = [...entries].filter((entry) => !shown(entry)).length;
  if (hidden > 0) said.push(`${hidden} entries are not shown`);
}
done(said);
