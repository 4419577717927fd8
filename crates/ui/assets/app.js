// Progressive enhancements of the pages. Every link and form works without this script.
const main = document.getElementById("main");
const WAIT = 300; // ms until the busy state is shown
const REST = 5000; // minimum ms between refreshes of live numbers
const RETRY = 60000; // ms until a rejected event stream is opened, or a failed refresh made, again
const FAREWELL = 2000; // maximum ms that signing out waits for the push service
const CONTROLS = "a, button, input, label, select, summary, textarea, [title]"; // what people point at for a reason

// A live region that announces page changes to screen readers.
const status = document.createElement("p");
status.className = "vh";
status.setAttribute("role", "status");
document.body.append(status);

// Scrolls a current tab into view.
function showCurrent() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const list = tab.parentElement;
    const [at, within] = [tab.getBoundingClientRect(), list.getBoundingClientRect()];
    list.scrollLeft += at.left - within.left - (within.width - at.width) / 2;
  }
}

async function load(address, { headers, signal }) {
  const answer = await fetch(address, { headers: { accept: "text/html", ...headers }, signal });
  const type = answer.headers.get("content-type") ?? "";
  if (!answer.ok || !type.startsWith("text/html")) throw new Error(`answered ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Loads another part of a list in place. On errors the browser loads the whole page.
let turning;
let typing;
async function turn(address, { isNew }) {
  // A search that waits for more typing would end this, or replace what it shows.
  clearTimeout(typing);
  turning?.abort();
  turning = new AbortController();
  const { signal } = turning;
  const waiting = setTimeout(() => {
    main.setAttribute("aria-busy", "true");
    status.textContent = "Loading";
  }, WAIT);
  try {
    const page = await load(address, { signal });
    main.replaceChildren(...document.adoptNode(page.getElementById("main")).childNodes);
    fresh = undefined;
    document.title = page.title;
    if (isNew) history.pushState(null, "", address);
    here = location.pathname + location.search;
    listen();
    activate();
    arrive(new URL(address).hash);
  } catch {
    if (!signal.aborted) location.assign(address);
  } finally {
    clearTimeout(waiting);
    if (!signal.aborted) main.removeAttribute("aria-busy");
  }
}

// Runs the page-specific scripts.
function activate() {
  greet();
  for (const keys of main.querySelectorAll("[data-keys]")) keys.hidden = false;
  writeDates(document);
  markOwn(main);
  for (const part of main.querySelectorAll("[data-script]")) {
    import(part.dataset.script).then((script) => script.activate(part), () => {});
  }
}

// Marks the viewer's row on a board, whose page is the same for everyone.
function markOwn(part) {
  const own = document.querySelector(".account .whoami")?.getAttribute("href");
  for (const link of part.querySelectorAll("th > .who.top a")) {
    if (link.getAttribute("href") === own) link.closest("tr").classList.add("me");
  }
}

function arrive(hash) {
  showCurrent();
  status.textContent = document.title;
  main.focus({ preventScroll: true });
  const place = hash && document.getElementById(hash.slice(1));
  place?.closest("details")?.setAttribute("open", "");
  if (place) place.scrollIntoView({ block: "center" });
  else if (main.getBoundingClientRect().top < 0) main.scrollIntoView();
}

// Returns true for the links and forms of a list, which are loaded in place.
function leads(element) {
  return element?.closest(".tabs, .kinds, .pager, .facets, tr.gap, [data-search]") && main.contains(element);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!isPlain || event.defaultPrevented || !leads(link) || link.origin !== location.origin || isUnsent()) return;
  event.preventDefault();
  turn(link.href, { isNew: true });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!leads(form) || form.method !== "get") return;
  event.preventDefault();
  turn(addressOf(form), { isNew: true });
});

// Asks before a person leaves a page with a text that they typed into another form than the one they submit.
let sent;
document.addEventListener("submit", (event) => (sent = event.target));
addEventListener("pageshow", () => (sent = undefined));
addEventListener("beforeunload", (event) => {
  if (isUnsent()) event.preventDefault();
});

function isUnsent() {
  // A preview has what a person typed in hidden fields.
  const preview = document.querySelector("form[data-preview]");
  if (preview && preview !== sent) return true;
  const texts = [...document.querySelectorAll("form[method=post] :is(textarea, input:not([type]))")];
  return texts.some((text) => text.form !== sent && text.value !== text.defaultValue);
}

// Returns the address that a form leads to, without its empty fields.
function addressOf(form) {
  const address = new URL(form.action);
  address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  return address.href;
}

// Searches while a person types. The form keeps the focus and what was typed.
document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-search]");
  if (!form || event.target.type !== "search") return;
  clearTimeout(typing);
  typing = setTimeout(find, WAIT, form);
});

async function find(form) {
  const address = addressOf(form);
  turning?.abort();
  turning = new AbortController();
  try {
    const page = await load(address, { signal: turning.signal });
    const [before, found] = [main, page].map((part) => part.querySelector("[data-found]"));
    if (!before || !found) return;
    before.replaceWith(document.adoptNode(found));
    writeDates(main);
    history.replaceState(null, "", address);
    here = location.pathname + location.search;
    status.textContent = found.querySelector("h2").textContent;
  } catch {
    // The form still searches.
  }
}

// Closes the open menu on a click elsewhere and on Escape.
function closeMenus(but) {
  for (const menu of document.querySelectorAll(".lintel details[open]")) {
    if (!menu.contains(but)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".lintel details[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Begins a search with "/", outside of fields.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.metaKey || event.ctrlKey || event.altKey || event.target.closest("input, select, textarea")) return;
  event.preventDefault();
  (main.querySelector("[action='/search'] [type=search]") ?? document.querySelector(".find")).focus();
  document.activeElement.closest(".find")?.click();
});

// Moves between the rows of a list that are not folded with j and k while one of them has the focus.
document.addEventListener("keydown", (event) => {
  const by = { j: 1, k: -1 }[event.key];
  const row = event.target.closest("[data-list] li");
  if (!by || !row || event.metaKey || event.ctrlKey || event.altKey) return;
  const rows = [...row.closest("[data-list]").querySelectorAll("li")].filter((one) => one.checkVisibility());
  rows[rows.indexOf(row) + by]?.querySelector("a").focus();
});

// Unsubscribes the browser from push notifications on sign-out. Its push service then reports that to the server.
async function unsubscribe() {
  const worker = await navigator.serviceWorker.getRegistration();
  await (await worker?.pushManager?.getSubscription())?.unsubscribe();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/sign-out" || !("serviceWorker" in navigator)) return;
  event.preventDefault();
  const enough = new Promise((done) => setTimeout(done, FAREWELL));
  await Promise.race([unsubscribe().catch(() => {}), enough]);
  form.submit();
});

// Handles back and forward between parts; the browser handles jumps within a page.
let here = location.pathname + location.search;
addEventListener("popstate", () => {
  const there = location.pathname + location.search;
  if (there !== here) turn(location.href, { isNew: false });
});

// Refreshes live numbers in place. A part that a person uses waits, and so does one whose new content would move what they use:
// nothing changes under a pointer.
let lastLook = 0;
let look;
let fresh; // the page whose parts are shown as soon as they may be, and its address
function lookSoon() {
  clearTimeout(look);
  look = setTimeout(refresh, Math.max(0, lastLook + REST - Date.now()));
}

async function refresh() {
  lastLook = Date.now();
  const address = here;
  try {
    // The header tells the server that no person opened the page.
    fresh = { address, page: await load(address, { headers: { "x-refresh": "1" } }) };
    renew();
  } catch {
    // Keep the current numbers.
    if (stream) look = setTimeout(refresh, RETRY);
  }
}

// Shows the new parts, but those that have to wait.
function renew() {
  if (fresh?.address !== here) fresh = undefined;
  if (!fresh) return;
  const used = inUse();
  const parts = [...main.querySelectorAll("[data-live]")];
  if (parts.map((part) => replace(part, fresh.page, used)).every(Boolean)) fresh = undefined;
}

// Shows the new content of a part; returns false if it has to wait.
function replace(part, page, used) {
  const next = page.querySelector(`[data-live="${part.dataset.live}"]`)?.cloneNode(true);
  const open = next?.querySelectorAll("details") ?? [];
  part.querySelectorAll("details").forEach((details, place) => open[place]?.toggleAttribute("open", details.open));
  if (next) {
    writeDates(next);
    markOwn(next);
  }
  if (!next || next.innerHTML === part.innerHTML) return true;
  if (isBusy(part, used)) return false;
  const [places, before] = [placesOf(used), [...part.childNodes]];
  fill(part, document.adoptNode(next).childNodes);
  if (placesOf(used) === places) return true;
  fill(part, before);
  return false;
}

// Replaces the content of a part, whose tables stay where they were scrolled to.
function fill(part, nodes) {
  const tables = () => [...part.querySelectorAll(".table-wrap")];
  const lefts = tables().map((table) => table.scrollLeft);
  part.replaceChildren(...nodes);
  tables().forEach((table, place) => (table.scrollLeft = lefts[place] ?? 0));
}

// Returns the elements that a person uses: the focused one, the pressed one and the control under a pointer that can hover.
function inUse() {
  const innermost = (state) => [...document.querySelectorAll(state)].at(-1);
  const hovered = matchMedia("(hover: hover) and (pointer: fine)").matches && innermost(":hover")?.closest(CONTROLS);
  const used = [document.activeElement, innermost(":active"), hovered];
  // What has the focus or is pressed while nothing is.
  return used.filter((element) => element && !element.contains(main));
}

function placesOf(elements) {
  const boxes = elements.map((element) => element.getBoundingClientRect());
  return boxes.map(({ left, top }) => `${left} ${top}`).join();
}

// Returns true if a person uses a part, selected something in it or typed into it.
function isBusy(part, used) {
  const chosen = getSelection();
  const isChosen = !chosen.isCollapsed && chosen.containsNode(part, true);
  const fields = [...part.querySelectorAll("input, textarea")];
  const isTyped = fields.some(({ value, defaultValue }) => value !== defaultValue);
  return isChosen || isTyped || used.some((element) => part.contains(element));
}

// Shows what waited once the person does something else. A click follows its press, so that not even that is too early.
let renewing;
for (const kind of ["pointerover", "pointerup", "pointercancel", "focusout", "selectionchange"]) {
  document.addEventListener(kind, () => {
    clearTimeout(renewing);
    if (fresh) renewing = setTimeout(renew, WAIT);
  });
}

// Keeps a single event stream open while a page with live numbers is visible. A page of its own subject names its stream.
let stream;
let streamed;
let wasOpen = false; // only the first stream is as new as the page
function listen() {
  const wanted = document.visibilityState === "visible" && main.querySelector("[data-live]");
  const address = wanted ? (main.querySelector("[data-events]")?.dataset.events ?? "/live") : undefined;
  if (address === streamed) return;
  stream?.close();
  stream = undefined;
  streamed = address;
  if (!address) return;
  stream = new EventSource(address);
  stream.addEventListener("posted", lookSoon);
  stream.addEventListener("open", () => {
    if (wasOpen) lookSoon();
    wasOpen = true;
  });
  stream.addEventListener("error", retry);
}

// Opens the stream again later after an answer with an error, such as while too many are open. The browser itself reconnects only
// after a lost connection.
let retrying;
function retry() {
  if (stream?.readyState !== EventSource.CLOSED) return;
  stream = streamed = undefined;
  clearTimeout(retrying);
  retrying = setTimeout(listen, RETRY);
}

document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => {
  stream?.close();
  stream = streamed = undefined;
});
addEventListener("pageshow", listen);
showCurrent();
listen();
activate();

// Suggests people while a person types a login or a name. The field takes any value, and the list of the page stays without an answer.
let suggesting;
document.addEventListener("input", ({ target, inputType }) => {
  // A choice from the list is no reason to look again.
  if (target.getAttribute("list") !== "people" || !inputType || inputType === "insertReplacementText") return;
  clearTimeout(suggesting);
  suggesting = setTimeout(suggest, WAIT, target);
});

async function suggest(field) {
  const text = field.value.trim();
  if (text.length < 2) return;
  const answer = await fetch(`/suggestions/people?q=${encodeURIComponent(text)}`).catch(() => undefined);
  if (!answer?.ok || field.value.trim() !== text || !field.list) return;
  const options = (await answer.json()).map(({ value, label }) => new Option(label, value));
  field.list.replaceChildren(...options);
}

// Moves to the errors of a refused form, in browsers that leave the focus where it was.
main.querySelector("[data-focus]")?.focus();
// Shows in a preview what is typed or checked, counts its characters, and names the fields whose changes are not saved.
document.addEventListener("input", ({ target }) => {
  const form = target.closest("form");
  if (!form) return;
  preview(target);
  sayChanges(form);
});

// What was typed is gone only after this event.
document.addEventListener("reset", ({ target: form }) => setTimeout(() => {
  for (const row of form.querySelectorAll("li[hidden]")) row.hidden = !filled(row);
  for (const field of form.elements) preview(field);
  sayChanges(form);
}));

function preview(field) {
  if (field.type === "checkbox") {
    const checked = [...field.form.querySelectorAll(`[name="${field.name}"]:checked`)];
    const names = checked.map((box) => box.labels[0].textContent.trim().toLowerCase()).join(", ");
    for (const place of document.querySelectorAll(`[data-lists="${field.name}"]`)) place.textContent = names && `Open to ${names}.`;
  } else if (field.id && field.matches("input, textarea")) {
    for (const place of document.querySelectorAll(`[data-shows="${field.id}"]`)) place.textContent = field.value.trim() || place.dataset.empty || "";
    for (const place of document.querySelectorAll(`[data-counts="${field.id}"]`)) place.textContent = [...field.value].length;
  }
}

// Names what is changed in a form with a bar that says so, with links to it.
function sayChanges(form) {
  const place = form.querySelector("[data-unsaved]");
  if (!place) return;
  place.dataset.unsaved ||= place.textContent;
  const isOther = (field) => "defaultValue" in field && field.value !== field.defaultValue;
  const isChanged = (field) => (field.type === "checkbox" ? field.checked !== field.defaultChecked : isOther(field));
  const changed = new Map();
  for (const field of [...form.elements].filter(isChanged)) {
    const name = field.closest("fieldset")?.querySelector("legend") ?? field.labels?.[0];
    changed.set(name?.textContent.trim() ?? field.name, field.id || field.closest("fieldset")?.id);
  }
  const links = [...changed].map(([name, id]) => Object.assign(document.createElement("a"), { textContent: name, href: `#${id}` }));
  const between = (number) => (number === 0 ? "" : number === links.length - 1 ? " and " : ", ");
  const said = [...links.flatMap((link, number) => [between(number), link]), " changed"];
  place.replaceChildren(...(links.length ? said : [place.dataset.unsaved]));
  for (const discard of form.querySelectorAll("[type=reset]")) discard.hidden = !links.length;
}

// Adds and removes rows of fields in place; without this, the server does so.
const fieldsOf = (row) => [...row.querySelectorAll("input")];
const filled = (row) => fieldsOf(row).some(({ value }) => value);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-row]");
  if (!button) return;
  event.preventDefault();
  const group = button.closest("fieldset");
  const rows = [...group.querySelectorAll("li")];
  const shown = rows.filter((row) => !row.hidden);
  const at = rows.indexOf(button.closest("li"));
  if (at < 0) rows[shown.length].hidden = false;
  else {
    // Those behind the removed one move up, so that the fields stay numbered.
    for (let place = at; place < rows.length; place += 1) {
      const next = rows[place + 1] && fieldsOf(rows[place + 1]);
      fieldsOf(rows[place]).forEach((field, part) => (field.value = next?.[part].value ?? ""));
    }
    if (shown.length > 1) shown.at(-1).hidden = true;
  }
  fieldsOf(rows[at < 0 ? shown.length : Math.max(0, at - 1)])[0].focus();
  group.querySelector("[data-row=add]").hidden = rows.every((row) => !row.hidden);
  sayChanges(button.form);
});
// Proposes the browser's time zone where a person has not set one. They confirm it by saving the form.
for (const field of document.querySelectorAll("[data-zone]")) {
  field.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

// Leads on to another site by the one form of a page. Whoever comes back stays on the page.
const leaving = document.querySelector("form[data-leave]");
const [arrival] = performance.getEntriesByType("navigation");
if (arrival?.type !== "back_forward") leaving?.requestSubmit();

// Shows what a person types or chooses in its preview.
document.addEventListener("input", ({ target }) => {
  for (const shown of main.querySelectorAll("[data-echo]")) {
    if (!shown.dataset.echo.split(" ").includes(target.name)) continue;
    const chosen = target.type === "radio" && (target.dataset.says ?? target.labels[0]?.querySelector("b")?.textContent);
    const day = target.type === "datetime-local" && target.value && inFull(new Date(target.value));
    shown.textContent = chosen || day || target.value.trim() || shown.dataset.empty || shown.textContent;
  }
});

// Writes a beginning as `in_full` of the server does.
function inFull(at) {
  const day = `${at.getDate()} ${at.toLocaleDateString("en-GB", { month: "long" })} ${at.getFullYear()}`;
  return `${WEEKDAYS[at.getDay()].slice(0, 3)} ${day}, ${clockOf(at)}`;
}
