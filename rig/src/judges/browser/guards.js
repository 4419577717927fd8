// Checks that the browser enforces the headers of the open page. Returns a sentence for each action that it should
// have blocked.
const done = arguments[arguments.length - 1];
const said = [];
const refused = new Set();
addEventListener("securitypolicyviolation", (event) => refused.add(event.effectiveDirective));
const tell = (what) => said.push(`${what} is let through`);

const asked = async () => {
  const { headers } = await fetch(location.href);
  const wanted = {
    "x-content-type-options": /^nosniff$/,
    "referrer-policy": /./,
    "permissions-policy": /./,
    "x-frame-options": /^DENY$/i,
    "content-security-policy": /default-src 'none'.*frame-ancestors 'none'/,
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (!value.test(headers.get(name) ?? "")) said.push(`${name} is ${headers.get(name)}`);
  }
  if (/unsafe-/.test(headers.get("content-security-policy"))) tell("unsafe code");
};

const planted = async () => {
  const script = document.createElement("script");
  script.textContent = "window.planted = 'a script in the page'";
  document.head.append(script);
  const button = document.createElement("button");
  button.setAttribute("onclick", "window.planted = 'a handler in an attribute'");
  document.body.append(button);
  button.click();
  button.remove();
  const box = document.createElement("div");
  box.setAttribute("style", "position: fixed");
  document.body.append(box);
  if (getComputedStyle(box).position === "fixed") tell("a style in an attribute");
  box.remove();
  const image = new Image();
  const foreign = new Promise((resolve) => image.addEventListener("error", resolve));
  image.src = "https://elsewhere.invalid/pixel.png";
  await foreign;
  await fetch("https://elsewhere.invalid/").catch(() => undefined);
  // Violations are reported with a delay.
  await new Promise((resolve) => setTimeout(resolve, 200));
  if (window.planted) tell(window.planted);
  for (const directive of ["script-src-elem", "script-src-attr", "img-src", "connect-src"]) {
    if (!refused.has(directive)) tell(`what ${directive} forbids`);
  }
};

// A framed page of this site must be blocked, which shows as an empty page of another origin.
const framed = async () => {
  const frame = document.createElement("iframe");
  frame.src = location.href;
  document.body.append(frame);
  await new Promise((resolve) => setTimeout(resolve, 500));
  let inside = null;
  try {
    inside = frame.contentDocument?.querySelector("main");
  } catch {
    // Access to another origin is refused.
  }
  if (inside) tell("a frame around the page");
  frame.remove();
};

asked()
  .then(planted)
  .then(framed)
  .then(() => done(said), (error) => done([...said, `the look failed: ${error}`]));
