// Defines `window.look`, which passes complaints about the open page to `done` as a list of sentences. The
// page is looked at in several widths and color schemes without loading it again.
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// The rules that read colors. All others read what does not depend on the color scheme.
const COLORS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

// `part` is what to check: "everything", only "colors", or only what must "fit".
window.look = (part, done) => {
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
  if (part === "fit") return void done(said);
  const runOnly = part === "colors" ? COLORS : TAGS;
  // Colors change gradually: jump to the end.
  for (const animation of document.getAnimations()) animation.finish();
  // Style sheets are not fetched again: only experimental rules read them.
  axe.run(document, { runOnly, resultTypes: ["violations"], preload: false }).then(
    ({ violations }) => {
      for (const { id, help, nodes } of violations) {
        said.push(`axe ${id} (${help}): ${nodes.map((node) => node.html.slice(0, 160)).join(" ")}`);
      }
      done(said);
    },
    (error) => done([...said, `axe failed: ${error}`]),
  );
};
arguments[arguments.length - 1]();
