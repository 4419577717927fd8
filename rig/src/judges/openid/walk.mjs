// Uses the server and the provider like a browser: with a cookie jar per origin, redirects followed manually, and
// forms submitted as the pages contain them. Stops at the first failure.
import assert from 'node:assert/strict';

const [site, issuer] = process.argv.slice(2);

class Browser {
  jars = new Map();

  jar(url) {
    const origin = new URL(url).origin;
    if (!this.jars.has(origin)) this.jars.set(origin, new Map());
    return this.jars.get(origin);
  }

  async ask(url, form) {
    const jar = this.jar(url);
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
    if (form) headers['sec-fetch-site'] = 'same-origin';
    const body = form && new URLSearchParams(form);
    const method = form ? 'POST' : 'GET';
    const answer = await fetch(url, { method, headers, body, redirect: 'manual' });
    for (const set of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = set.split(';');
      const [name, value] = pair.split(/=(.*)/s);
      const isOver = attributes.some((one) => /max-age=0$|expires=thu, 01 jan 1970/i.test(one.trim()));
      if (isOver || value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  /** Follows redirects until a page, or until `stop` accepts the URL. */
  async follow(url, form, stop = () => false) {
    for (let steps = 0; steps < 20; steps += 1) {
      if (stop(url)) return { url };
      const answer = await this.ask(url, form);
      form = undefined;
      const to = answer.headers.get('location');
      if (!to) return { url, status: answer.status, text: await answer.text() };
      url = new URL(to, url).href;
    }
    throw new Error(`it leads on and on: ${url}`);
  }

  /** Goes to the provider from `begin`, signs in there as `login`, and returns the callback URL. */
  async wayBack(begin, login) {
    const isBack = (url) => url.startsWith(`${site}/sign-in/openid/callback`);
    let page = await this.follow(site + begin, undefined, isBack);
    for (let steps = 0; page.text !== undefined && steps < 4; steps += 1) {
      assert.equal(page.status, 200, page.text);
      const action = /action="([^"]+)"/.exec(page.text)?.[1];
      const prompt = /name="prompt" value="([^"]+)"/.exec(page.text)?.[1];
      assert.ok(action && prompt, page.text);
      const form = prompt === 'login' ? { prompt, login, password: 'any' } : { prompt };
      page = await this.follow(new URL(action, page.url).href, form, isBack);
    }
    assert.ok(isBack(page.url), page.url);
    return page.url;
  }

  session() {
    return this.jar(site).get('guildhall-session');
  }
}

const own = async (browser) => (await browser.ask(`${site}/api/v1/me`)).json();
const refuses = async (answer, status, code) => {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  assert.ok(text.includes(code), text);
};
const told = (what) => console.log(`ok: ${what}`);

const heron = new Browser();
heron.jar(site).set('guildhall-session', 'guildhall_session_planted');
let back = await heron.wayBack('/sign-in/openid?return=/projects', 'heron');
assert.equal(new URL(back).searchParams.get('iss'), issuer);
let answer = await heron.ask(back);
assert.equal(answer.headers.get('location'), '/projects');
assert.equal((await own(heron)).login, 'heron.id');
assert.ok(!heron.session().includes('planted'));
told('a person comes in, by a session of its own');

await refuses(await heron.ask(back), 400, 'SIGN_IN_NOT_BEGUN_HERE');
told('the same way back is refused a second time');

const again = new Browser();
answer = await again.ask(await again.wayBack('/sign-in/openid?return=//evil.example', 'heron'));
assert.equal(answer.headers.get('location'), '/');
assert.equal((await own(again)).login, 'heron.id');
assert.notEqual(again.session(), heron.session());
told('they are known again, and led to no other site');

const thief = new Browser();
back = await thief.wayBack('/sign-in/openid', 'heron');
const changed = new URL(back);
changed.searchParams.set('state', 'another');
await refuses(await thief.ask(changed.href), 400, 'SIGN_IN_NOT_BEGUN_HERE');
await refuses(await new Browser().ask(back), 400, 'SIGN_IN_NOT_BEGUN_HERE');
assert.equal(thief.session(), undefined);
told("another state and another browser's way back are refused");

const wren = new Browser();
await wren.ask(`${site}/sign-in/demo`, { as: 'contributor' });
const login = (await own(wren)).login;
let page = await wren.follow(await wren.wayBack('/settings/identities/link/openid', 'kestrel'));
assert.ok(page.text.includes('kestrel') && page.text.includes('Link it to'), page.text);
let known = await (await wren.ask(`${site}/api/v1/me/identities`)).json();
assert.equal(known.items.length, 1, 'coming back links nothing');
answer = await wren.ask(`${site}/settings/identities/link`, {});
assert.equal(answer.headers.get('location'), '/settings/identities');
const kestrel = new Browser();
await kestrel.ask(await kestrel.wayBack('/sign-in/openid', 'kestrel'));
assert.equal((await own(kestrel)).login, login);
told('what is linked and confirmed lets its person in');

const finch = new Browser();
await finch.ask(`${site}/sign-in/demo`, { as: 'maintainer' });
await finch.follow(await finch.wayBack('/settings/identities/link/openid', 'heron'));
await refuses(await finch.ask(`${site}/settings/identities/link`, {}), 409, 'IDENTITY_TAKEN');
told("another person's account is refused");

known = await (await kestrel.ask(`${site}/api/v1/me/identities`)).json();
const linked = known.items.find((item) => item.provider === issuer);
await refuses(
  await kestrel.ask(`${site}/settings/identities/${linked.id}/unlink`, {}), 409, 'LAST_SIGN_IN_METHOD',
);
told('the last way in stays');

answer = await heron.ask(`${site}/settings/account/close`, { login: 'heron.id' });
assert.equal(answer.headers.get('location'), '/');
assert.equal((await again.ask(`${site}/api/v1/me`)).status, 401);
const returned = new Browser();
await returned.ask(await returned.wayBack('/sign-in/openid', 'heron'));
assert.equal((await own(returned)).login, 'heron.id');
told('a closed account ends its sessions, and comes back by signing in');
