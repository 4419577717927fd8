// Defines `window.checkMail`, which passes complaints about the open email to `done`. Images are blocked, as many mail programs do.
const COLORS = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] }, resultTypes: ["violations"], preload: false };
const SMALLEST = 40; // px: the height of a button that a thumb finds

// Returns what is cut off or wider than the view.
function cutOff() {
  const root = document.documentElement;
  const said = [];
  if (root.scrollWidth > root.clientWidth) said.push(`scrolls sideways by ${root.scrollWidth - root.clientWidth} px`);
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility()) continue;
    const box = element.getBoundingClientRect();
    const name = `${element.localName} “${element.textContent.trim().slice(0, 40)}”`;
    const isHiding = getComputedStyle(element).overflowX !== "visible";
    if (box.right > root.clientWidth + 1 || box.left < -1) said.push(`${name} is outside the view`);
    if (isHiding && element.scrollWidth > element.clientWidth + 1) said.push(`${name} is cut off`);
  }
  return said.slice(0, 3);
}

// Returns the buttons that a person sees and can press.
function buttons() {
  return [...document.querySelectorAll(".btn a[href]")].filter((button) => {
    const box = button.getBoundingClientRect();
    return button.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.width > 0 && box.height >= SMALLEST;
  });
}

window.checkMail = async (expected, done) => {
  const said = [...cutOff(), ...unfit(false)];
  const shown = [...document.images].filter((image) => image.naturalWidth > 0);
  if (shown.length > 0) said.push(`shows the image ${shown[0].src}`);
  const count = buttons().length;
  if (count !== expected) said.push(`has ${count} visible buttons, not ${expected}`);
  try {
    const { violations } = await axe.run(document, COLORS);
    for (const { id, nodes } of violations) {
      said.push(`axe ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" ")}`);
    }
  } catch (error) {
    said.push(`axe failed: ${error}`);
  }
  done(said);
};
arguments[arguments.length - 1]();
