// Checks a form of a document while it is filled in. A field is named by its place in the document, such as
// `diminishing.floor`; a field named `json` holds the whole document.
const PAUSE = 600; // ms without typing until the document is checked

// Reads a number as it is written. Other text stays text, so that the error quotes it.
const read = (text) => (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text);

function put(document, path, value) {
  const [rule, part] = path.split(".");
  if (part === undefined) document[rule] = value;
  else (document[rule] ??= {})[part] = value;
}

// Returns the rows of a rule that are not empty, each with its fields by the last part of their names.
function rows(form, rule) {
  const rows = new Map();
  for (const field of form.querySelectorAll(`[name^="${rule}."]`)) {
    const [, row, part] = field.name.split(".");
    const cells = rows.get(row) ?? {};
    rows.set(row, { ...cells, [part]: field });
  }
  const isFilled = (cells) => Object.values(cells).some((field) => field.value.trim());
  return [...rows.values()].filter(isFilled);
}

// Returns the document that the fields state, the field of each of its parts, and the errors that a document cannot have.
function stated(form) {
  const places = new Map();
  const errors = [];
  const document = { size_bonus: [], types: {} };
  for (const field of form.querySelectorAll("input[id]")) {
    const text = field.value.trim();
    places.set(field.name, field);
    if (/^(size_bonus|types)\./.test(field.name)) continue;
    if (field.type === "checkbox") put(document, field.name, field.checked);
    else if (!field.inputMode) put(document, field.name, text.split(",").map((name) => name.trim()).filter(Boolean));
    else if (text) put(document, field.name, read(text));
  }
  for (const cells of rows(form, "size_bonus")) {
    const at = `size_bonus.${document.size_bonus.length}`;
    const band = {};
    for (const [part, field] of Object.entries(cells)) {
      if (field.value.trim()) band[part] = read(field.value.trim());
      places.set(`${at}.${part}`, field);
    }
    places.set(at, cells.lines);
    document.size_bonus.push(band);
  }
  for (const { name, factor } of rows(form, "types")) {
    const type = name.value.trim();
    if (Object.hasOwn(document.types, type)) {
      errors.push({ pointer: `#/document/types.${type}`, detail: `The type ${type} is listed twice. Keep one of them.` });
    }
    document.types[type] = read(factor.value.trim());
    places.set(`types.${type}`, factor);
  }
  return [JSON.stringify(document), places, errors];
}

// Finds the field of an error: that of its part, or of the rule that contains it.
function fieldOf(pointer, places) {
  let path = pointer.replace(/^#\/document\/?/, "").replaceAll("/", ".");
  path = path.replaceAll("~1", "/").replaceAll("~0", "~");
  while (path) {
    if (places.has(path)) return places.get(path);
    path = path.slice(0, Math.max(0, path.lastIndexOf(".")));
  }
  return undefined;
}

// Shows the error beside its field; without one, removes it.
function mark(field, detail) {
  const id = `${field.id}-e`;
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  document.getElementById(id)?.remove();
  field.removeAttribute("aria-invalid");
  if (detail) {
    const error = document.createElement("p");
    error.className = "err";
    error.id = id;
    error.textContent = detail.replaceAll("`", "");
    field.parentElement.append(error);
    field.setAttribute("aria-invalid", "true");
    described.push(id);
  }
  if (described.length) field.setAttribute("aria-describedby", described.join(" "));
  else field.removeAttribute("aria-describedby");
}

const counted = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

// Describes a document without errors.
function effect({ pull_request_count: all, changed_count: changed, points_before: before, points_after: after }) {
  const pulls = counted(all, "pull request", "pull requests");
  const points = (number) => number.toLocaleString("en");
  return `These rules are valid. By them, ${points(changed)} of ${pulls} of the last 30 days would have other points: ${points(after)} instead of ${points(before)} in total.`;
}

async function ask(address, text, signal) {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const answer = await fetch(address, { method: "POST", headers, body: `{"document":${text}}`, signal });
  return [answer.status, await answer.json()];
}

// Returns the document of a form, the fields that show its errors, and the errors that are known without the server.
function documentOf(form) {
  const json = form.elements.namedItem("json");
  if (!json) return stated(form);
  try {
    JSON.parse(json.value);
    return [json.value, new Map([["json", json]]), []];
  } catch (error) {
    return ["", new Map([["json", json]]), [{ pointer: "", detail: `The document is not JSON: ${error.message}.` }]];
  }
}

export function activate(form) {
  const said = form.querySelector("[data-said]");
  const fields = () => form.querySelectorAll(".input");
  let soon;
  let asking;
  function show(errors, places) {
    const json = places.get("json");
    const wrong = new Map();
    for (const { pointer, detail } of errors) {
      const field = json ?? fieldOf(pointer, places);
      if (field && !wrong.has(field)) wrong.set(field, detail);
    }
    for (const field of fields()) mark(field, wrong.get(field));
    const [first] = errors;
    const more = errors.length - 1;
    const others = more > 0 ? ` ${counted(more, "other field is", "other fields are")} wrong, too.` : "";
    said.textContent = first.detail.replaceAll("`", "") + others;
  }
  async function check() {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const [text, places, errors] = documentOf(form);
    if (errors.length) return show(errors, places);
    try {
      const [status, answer] = await ask(form.dataset.check, text, signal);
      if (answer.errors) show(answer.errors, places);
      else {
        for (const field of fields()) mark(field);
        said.textContent = status === 200 ? effect(answer) : answer.detail;
      }
    } catch {
      // The button still checks the form.
      if (!signal.aborted) said.textContent = "";
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(check, PAUSE);
  });
}
