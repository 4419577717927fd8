// Defines `window.look`, which passes complaints about the open page, and the number of axe's rules that were run, to `done`. The
// page is looked at in several widths and color schemes without loading it again.
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// The rules that read colors. All others read what does not depend on the color scheme.
const COLORS = ["color-contrast", "link-in-text-block"];
// What these rules read of an element. What is behind it has its own colors.
const LOOKS = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textDecorationLine", "textShadow", "display"];
const colors = { runOnly: { type: "rule", values: COLORS } };
const layout = { runOnly: TAGS, rules: Object.fromEntries(COLORS.map((rule) => [rule, { enabled: false }])) };
// The looks of each element in which its colors were checked.
const checked = new WeakMap();

// Returns the visible elements that do not look like at any time before.
function unlike() {
  return [...document.querySelectorAll("*")].filter((element) => {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    const style = getComputedStyle(element);
    const look = LOOKS.map((name) => style[name]).join();
    const before = checked.get(element) ?? new Set();
    checked.set(element, before);
    return !before.has(look) && before.add(look);
  });
}

// Returns what axe has to check. Once all rules have read the page in one width and the colors in both schemes, only what is laid
// out is read again in other widths, and the colors of what looks different there.
function axeRuns(part) {
  const include = unlike();
  const all = { everything: [[document, { runOnly: TAGS }]], colors: [[document, colors]], layout: [[document, layout]] }[part] ?? [];
  const isWhole = part === "everything" || part === "colors";
  return isWhole || include.length === 0 ? all : [...all, [{ include }, colors]];
}

// `part` is what to check: "everything", only "colors", "layout", only "new colors", or only what must "fit".
window.look = async (part, done) => {
  const said = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.right > root.clientWidth + 1 && getComputedStyle(element).position !== "absolute";
    });
    const names = wide.slice(0, 3).map((element) => `${element.localName}.${element.className}`);
    said.push(`scrolls sideways by ${root.scrollWidth - root.clientWidth} px: ${names.join(", ")}`);
  }
  for (const { name } of performance.getEntriesByType("resource")) {
    if (new URL(name).origin !== location.origin) said.push(`asks elsewhere: ${name}`);
  }
  for (const clipped of document.querySelectorAll(".card.flush, .stats, .banner")) {
    if (clipped.scrollWidth > clipped.clientWidth) said.push(`cuts off: ${clipped.className}`);
  }
  if (!document.title) said.push("has no title");
  // API reference and guides are documents: they may be long.
  said.push(...unfit(!/^\/(docs|guides)/.test(location.pathname)));
  if (part === "fit") return void done({ said, rules: 0 });
  // Colors change gradually: jump to the end.
  for (const animation of document.getAnimations()) animation.finish();
  let rules = 0;
  try {
    for (const [context, options] of axeRuns(part)) {
      // Style sheets are not fetched again: only experimental rules read them.
      const found = await axe.run(context, { ...options, resultTypes: ["violations"], preload: false });
      for (const { id, help, nodes } of found.violations) {
        said.push(`axe ${id} (${help}): ${nodes.map((node) => node.html.slice(0, 160)).join(" ")}`);
      }
      const ran = ["violations", "passes", "incomplete", "inapplicable"].flatMap((kind) => found[kind]);
      rules += new Set(ran.map(({ id }) => id)).size;
    }
  } catch (error) {
    said.push(`axe failed: ${error}`);
  }
  done({ said, rules });
};
arguments[arguments.length - 1]();
