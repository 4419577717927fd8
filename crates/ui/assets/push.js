// Enables push notifications in this browser, the only setting that needs a script.
const PATH = "/api/v1/me/push-subscriptions";
const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

async function call(method, body) {
  const headers = body ? { "content-type": "application/json" } : {};
  const answer = await fetch(PATH, { method, headers, body: body && JSON.stringify(body) });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.detail);
  return result;
}

// Decodes the server's key (URL-safe base64) into bytes.
function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Error("notifications are blocked. Allow notifications for this site in the browser's settings.");
  }
  const { public_key: key } = await call("GET");
  const worker = await navigator.serviceWorker.register("/service-worker.js");
  await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  // A subscription with a different key is left over from another server at this origin, so it is replaced.
  let subscription;
  try {
    subscription = await worker.pushManager.subscribe(options);
  } catch {
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    subscription = await worker.pushManager.subscribe(options);
  }
  await call("POST", subscription.toJSON());
  location.assign("/settings/notifications");
}

export function activate(part) {
  if (!can) return;
  const [button, said] = [part.querySelector("button"), part.querySelector("[role=status]")];
  part.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await subscribe();
    } catch (error) {
      said.textContent = `This browser could not be added: ${error.message}`;
    } finally {
      button.disabled = false;
    }
  });
}
