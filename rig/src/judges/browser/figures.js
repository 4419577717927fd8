// Reads the figures of the open page, and passes them to the callback in the last argument.
const done = arguments[arguments.length - 1];
const words = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();
const number = (text) => Number((text.match(/-?[\d,]+/) ?? ["0"])[0].replaceAll(",", ""));
const all = (selector) => [...document.querySelectorAll(selector)];
// What only screen readers get is part of no figure.
const seen = (element) => {
  const copy = element.cloneNode(true);
  for (const hidden of copy.querySelectorAll(".vh, [aria-hidden]")) hidden.remove();
  return words(copy);
};
// Ranks of people on a board, by what leads to them.
const row = (element) => ({
  person: element.querySelector("a[href^='/people/']")?.getAttribute("href") ?? "",
  points: number(seen(element.querySelector("td:last-child, .pts") ?? element)),
});
const facts = all("main dl > dt, main dl > div > dt").map((name) => [words(name), seen(name.nextElementSibling)]);
// Things in lists can have the same name.
const headings = all("main h2").filter((one) => one.checkVisibility()).map(words);
const repeats = (list) => list.filter((one, place) => list.indexOf(one) !== place);

done({
  work: number(words(document.querySelector(".mainnav .count"))),
  notices: number(words(document.querySelector(".tool[href='/inbox'] .count"))),
  side: all(".sidelist nav a:has(.count)").map((link) => [link.getAttribute("href"), number(words(link.querySelector(".count")))]),
  tabs: all(".kinds a:has(.count)").map((link) => [link.getAttribute("href"), number(words(link.querySelector(".count")))]),
  dues: all(".dues .count").map((count) => number(words(count))),
  month: document.querySelector("main a[href^='/leaderboards/months/']")?.getAttribute("href") ?? "",
  lede: words(document.querySelector("main .lede, main h1 + p")),
  place: words(document.querySelector("#own-rank")),
  people: number(words(document.querySelector("main p > span > strong"))),
  rows: all(".worklist > li").length,
  needs: all("[aria-labelledby='needs'] .agenda > ol > li").length,
  listed: all("main tbody tr, main .list > li, main ol > li, main ul.rows > li, main article").length,
  // Other tabs list the rest.
  elsewhere: all("main .tabs a:not([aria-current]) .count").reduce((sum, count) => sum + number(words(count)), 0),
  board: all(".board tbody tr").map(row),
  facts,
  repeated: [...repeats(headings), ...repeats(facts.map(String))],
});
