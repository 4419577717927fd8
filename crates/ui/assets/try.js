// Sends the request of an operation of the API in the session of the person, and shows the response.
const LONGEST = 20000; // characters of a response that are shown

// Returns the address that a form asks, with the values of its fields in the path and the query.
function addressOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const { name, value, dataset } of form.querySelectorAll("[data-in]")) {
    if (dataset.in === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value !== "") query.append(name, value);
  }
  const asked = query.toString();
  return asked ? `${path}?${asked}` : path;
}

// Returns a body as it is shown: JSON with a line for each value.
function laidOut(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(form) {
  const body = form.elements.body?.value;
  if (body !== undefined) JSON.parse(body);
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const start = performance.now();
  const answer = await fetch(addressOf(form), { method: form.dataset.method, headers, body, cache: "no-store" });
  const text = laidOut(await answer.text());
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n…` : text;
  return { answer, text: shown, took: Math.round(performance.now() - start) };
}

export function activate(part) {
  const form = part.querySelector("form");
  const [button, note] = [form.querySelector("button"), form.querySelector("[role=status]")];
  const [result, words, { method }] = [part.querySelector(".samples"), note.textContent, form.dataset];
  let isConfirmed;
  const begin = () => {
    button.textContent = "Send";
    note.textContent = words;
    isConfirmed = method === "GET";
  };
  begin();
  part.hidden = false;
  form.addEventListener("input", begin);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!isConfirmed) {
      isConfirmed = true;
      button.textContent = `Send ${method}`;
      note.textContent = `This changes data on this server, ${words}. Send it?`;
      return;
    }
    button.disabled = true;
    note.textContent = "Sending";
    try {
      const { answer, text, took } = await send(form);
      const [status, time] = [result.querySelector("b"), result.querySelector("span")];
      status.textContent = `${answer.status} ${answer.statusText}`.trim();
      status.classList.toggle("bad", !answer.ok);
      time.textContent = `${took} ms`;
      result.querySelector("code").textContent = text || "No body";
      result.hidden = false;
      begin();
      note.textContent = `Status ${answer.status}, ${words}`;
    } catch (error) {
      begin();
      note.textContent = error instanceof SyntaxError ? `The body is not JSON: ${error.message}` : `Not sent: ${error.message}`;
    } finally {
      button.disabled = false;
    }
  });
}
