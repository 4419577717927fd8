// Returns complaints about the open page as sentences; the list is empty if there are none.
const done = arguments[arguments.length - 1];
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
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
axe.run(document, { runOnly: tags, resultTypes: ["violations"] }).then(
  ({ violations }) => {
    for (const { id, help, nodes } of violations) {
      said.push(`axe ${id} (${help}): ${nodes.map((node) => node.html.slice(0, 160)).join(" ")}`);
    }
    done(said);
  },
  (error) => done([...said, `axe failed: ${error}`]),
);
