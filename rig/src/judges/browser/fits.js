// Finds what does not fit on the open page: broken words in narrow places, too wide tables, controls outside the view, too long pages.
// Defines `unfit`, which returns complaints as sentences.
const NARROW = 96; // 6rem: the width from which a place may break a long word
const TEXTS = "td, th, dd, dt, li, p, h1, h2, h3, h4, figcaption, label, legend, bdi";
const LONGEST = 6000; // px
const SCROLLERS = ".tabs, .seg.scroll, .code, .prose pre, .samples";

// Returns the first word of an element that is broken across lines, where neither a hyphen nor <wbr> allows it.
function brokenWord(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.checkVisibility()) continue; // what is folded has a place, too
    for (const { 0: word, index } of node.data.matchAll(/[^\s/\-–—·]+/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top)));
      if (lines.size > 1) return word;
    }
  }
  return null;
}

// Returns the texts in narrow places whose words are broken.
function narrowTexts() {
  const said = [];
  for (const place of document.querySelectorAll(TEXTS)) {
    const box = place.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const style = getComputedStyle(place);
    if (style.display === "inline" || style.display === "contents") continue;
    const space = box.width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const word = space < NARROW && brokenWord(place);
    if (word) said.push(`${place.localName} of ${Math.round(space)} px breaks the word ${word.slice(0, 40)}`);
  }
  return said.slice(0, 3);
}

function hiddenControls() {
  const { clientWidth } = document.documentElement;
  const outside = [...document.querySelectorAll("main :is(a, button, input, select, textarea, summary)")].filter((control) => {
    const box = control.getBoundingClientRect();
    const isShown = box.width > 1 && box.height > 1 && control.checkVisibility({ visibilityProperty: true });
    return isShown && !control.closest(SCROLLERS) && (box.right > clientWidth + 1 || box.left < -1);
  });
  return outside.slice(0, 3).map((control) => `${control.localName} “${control.textContent.trim().slice(0, 40)}” is outside the view`);
}

// Returns the tables that are wider than their place, though they say that they fit.
function wideTables() {
  const wide = [...document.querySelectorAll(".table-wrap.fits")].filter((wrap) => wrap.scrollWidth > wrap.clientWidth + 1);
  return wide.map((wrap) => `the table “${wrap.querySelector("caption")?.textContent.trim().slice(0, 40)}” is ${wrap.scrollWidth - wrap.clientWidth} px too wide`);
}

function unfit(isDemo) {
  const height = document.documentElement.scrollHeight;
  const long = isDemo && height > LONGEST ? [`is ${height} px long`] : [];
  return [...narrowTexts(), ...wideTables(), ...hiddenControls(), ...long];
}
