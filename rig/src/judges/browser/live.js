// Runs before the scripts of a page. Notes when it listens for updates, and each page that it fetched for them.
window.isListening = false;
window.fetched = "";
window.EventSource = class extends EventSource {
  constructor(address) {
    super(address);
    this.addEventListener("open", () => (window.isListening = true));
  }
};
const { parseFromString } = DOMParser.prototype;
DOMParser.prototype.parseFromString = function (text, type) {
  // By the next task, the page has shown what it could.
  setTimeout(() => (window.fetched = text));
  return parseFromString.call(this, text, type);
};
// Waits until `is` returns true, and calls `done`.
window.once = (is, done) => (is() ? done() : setTimeout(window.once, 10, is, done));
// Notes an element and its place.
window.hold = (element) => {
  const { left, top } = element.getBoundingClientRect();
  window.held = { element, left, top };
};
// Returns what happened to the noted element, or null if it is where it was.
window.lost = () => {
  const { element, left, top } = window.held;
  if (!element.isConnected) return "it was replaced";
  const now = element.getBoundingClientRect();
  return now.left === left && now.top === top ? null : `it moved by ${now.left - left}, ${now.top - top} px`;
};
// Moves the page to the background or back.
window.turnVisible = (state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
};
