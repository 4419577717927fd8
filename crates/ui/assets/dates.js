// Writes instants in the reader's time zone: relative within a week, then the date. Without this script they stay as the server wrote
// them. `When` of the server has the same words.
const MINUTE = 60000;
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function clockOf(at) {
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}

// Returns the number of midnights from an instant to another.
function nightsBetween(at, now) {
  const day = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return (day(now) - day(at)) / (24 * 60 * MINUTE);
}

function ago(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"} ago`;
}

function inWords(at, now) {
  const nights = nightsBetween(at, now);
  const minutes = Math.floor((now - at) / MINUTE);
  const weekday = WEEKDAYS[at.getDay()];
  if (minutes === 0) return "just now";
  if (minutes > 0 && minutes < 60) return ago(minutes, "minute");
  if (nights === 0) return minutes > 0 ? ago(Math.floor(minutes / 60), "hour") : `today, ${clockOf(at)}`;
  if (nights === 1) return `yesterday, ${clockOf(at)}`;
  if (nights === -1) return `tomorrow, ${clockOf(at)}`;
  if (nights > 1 && nights < 7) return ago(nights, "day");
  if (nights < -1 && nights > -7) return `${weekday}, ${clockOf(at)}`;
  const day = `${at.getDate()} ${MONTHS[at.getMonth()]}`;
  if (at.getFullYear() !== now.getFullYear()) return `${day} ${at.getFullYear()}`;
  return `${weekday.slice(0, 3)} ${day}, ${clockOf(at)}`;
}

// Returns the time of the place that a page is about, if it differs from the reader's: " (17:00 in Lisbon)".
function there(at, zone) {
  const options = { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en-GB", options).formatToParts(at);
  const part = (type) => parts.find((one) => one.type === type).value;
  const clock = `${part("hour")}:${part("minute")}`;
  if (clock === clockOf(at)) return "";
  const isSameDay = part("weekday") === WEEKDAYS[at.getDay()].slice(0, 3);
  return ` (${isSameDay ? "" : `${part("weekday")} `}${clock} in ${zone.split("/").at(-1).replaceAll("_", " ")})`;
}

// Writes the greeting and the day of the home page for the hour of the reader. `Instant` of the server has the same words.
function greet() {
  const now = new Date();
  const hour = now.getHours();
  const words = hour >= 5 && hour < 12 ? "Good morning" : hour >= 12 && hour < 18 ? "Good afternoon" : "Good evening";
  const month = now.toLocaleDateString("en-GB", { month: "long" });
  for (const part of document.querySelectorAll("[data-greet]")) part.textContent = words;
  for (const day of document.querySelectorAll("[data-today]")) {
    day.textContent = `${WEEKDAYS[now.getDay()]}, ${now.getDate()} ${month}`;
  }
}

// Writes the instants of a part of the page. Those with a time in UTC are relative from then on.
function writeDates(part) {
  const now = new Date();
  for (const time of part.querySelectorAll('time[datetime$="Z"]')) {
    if (time.textContent.endsWith(" UTC") && !time.closest("[data-exact]")) {
      time.title ||= time.textContent;
      time.dataset.when = "";
    }
    const at = new Date(time.dateTime);
    if (time.dataset.when === undefined || Number.isNaN(at.getTime())) continue;
    const words = inWords(at, now);
    const place = time.dataset.zone;
    const text = place && words.includes(":") ? words + there(at, place) : words;
    if (time.textContent !== text) time.textContent = text;
  }
}

setInterval(() => writeDates(document), MINUTE);

