// Downloads the credentials of the demo's people, and verifies them like a stranger: only from what the server publishes.
// The rules are those of Open Badges 3.0 (1EdTech), "Proofs" and "Data models"
// (www.imsglobal.org/spec/ob/v3p0/#jwt-proof, #data-models). Stops at the first failure.
import assert from 'node:assert/strict';
import { SignJWT, base64url, compactVerify, createRemoteJWKSet, decodeProtectedHeader, generateKeyPair, jwtVerify } from 'jose';

const [site, ...sessions] = process.argv.slice(2);
const PATIENCE = 60_000;
const told = (what) => console.log(`ok: ${what}`);

async function get(path, session) {
  const headers = session ? { cookie: `guildhall-session=${session}` } : {};
  const answer = await fetch(new URL(path, site), { headers });
  assert.equal(answer.status, 200, `${path} was answered ${answer.status}`);
  return answer;
}

/** Returns the credential of each badge of a signed-in person. */
async function credentials(session) {
  const { login } = await (await get('/api/v1/me', session)).json();
  const badges = `/api/v1/people/${login}/badges`;
  const { items } = await (await get(badges)).json();
  const found = [];
  for (const badge of items) {
    const answer = await get(`${badges}/${badge.slug}/credential`, session);
    assert.equal(answer.headers.get('content-type'), 'application/jwt');
    found.push({ login, badge, token: await answer.text() });
  }
  return found;
}

/** Waits until a person has a badge: badges are awarded some time after the season is loaded. */
async function earned() {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    const found = (await Promise.all(sessions.map(credentials))).flat();
    if (found.length > 0) return found;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error(`none of the demo's people earned a badge within ${PATIENCE / 1000} s`);
}

const isText = (value) => typeof value === 'string' && value.length > 0;
const isUri = (value) => isText(value) && URL.canParse(value);
const isInstant = (value) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(value);
const isOf = (type) => (value) => Array.isArray(value) && value.includes(type);

// The members that the specification requires, by the class that they belong to. An achievement's criteria have an ID, a
// narrative or both.
const REQUIRED = {
  AchievementCredential: ['', {
    '@context': (all) => all[0] === 'https://www.w3.org/ns/credentials/v2'
      && /^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context-3\.\d+\.\d+\.json$/.test(all[1]),
    id: isUri,
    type: (all) => isOf('VerifiableCredential')(all) && (isOf('OpenBadgeCredential')(all) || isOf('AchievementCredential')(all)),
    name: isText,
    issuer: (issuer) => typeof issuer === 'object' || isUri(issuer),
    validFrom: isInstant,
    credentialSubject: (subject) => typeof subject === 'object',
  }],
  Profile: ['issuer', { id: isUri, type: isOf('Profile') }],
  AchievementSubject: ['credentialSubject', {
    id: isUri, type: isOf('AchievementSubject'), achievement: (achievement) => typeof achievement === 'object',
  }],
  Achievement: ['credentialSubject.achievement', {
    id: isUri,
    type: isOf('Achievement'),
    name: isText,
    description: isText,
    criteria: (criteria) => isText(criteria.narrative) || isUri(criteria.id),
  }],
  Image: ['credentialSubject.achievement.image', { id: isUri, type: (type) => type === 'Image' }],
};

/** Returns the required members that are missing or malformed. */
function missing(credential) {
  return Object.entries(REQUIRED).flatMap(([name, [path, members]]) => {
    const object = path === '' ? credential : path.split('.').reduce((part, key) => part?.[key], credential);
    const isWrong = ([member, isRight]) => object?.[member] === undefined || !isRight(object[member]);
    return Object.entries(members).filter(isWrong).map(([member]) => `${name}.${member}`);
  });
}

/** Returns the credential without each member that it must have. */
function* incomplete(credential) {
  for (const [name, [path, members]] of Object.entries(REQUIRED)) {
    for (const member of Object.keys(members)) {
      const copy = structuredClone(credential);
      const object = path === '' ? copy : path.split('.').reduce((part, key) => part[key], copy);
      delete object[member];
      yield [`${name}.${member}`, copy];
    }
  }
}

const json = (part) => JSON.parse(new TextDecoder().decode(base64url.decode(part)));
const encoded = (value) => base64url.encode(JSON.stringify(value));
const found = await earned();
told(`${found.length} credentials of ${new Set(found.map((one) => one.login)).size} people`);

// Section 8.2.3: the URI in `kid` leads to the key.
const { kid } = decodeProtectedHeader(found[0].token);
const address = new URL(kid);
address.hash = '';
assert.equal(address.href, `${site}/.well-known/jwks.json`);
const published = await (await get(address)).json();
assert.deepEqual(published.keys.map((key) => [key.kid, key.kty, key.crv]), [[kid, 'OKP', 'Ed25519']]);
assert.ok(published.keys.every((key) => !('d' in key)), 'a private key is published');
const keys = createRemoteJWKSet(address);
const options = {
  algorithms: ['EdDSA'], issuer: site, typ: 'JWT', requiredClaims: ['iss', 'jti', 'nbf', 'sub'],
};
const verified = (token) => jwtVerify(token, keys, options);

for (const { login, badge, token } of found) {
  const { payload, protectedHeader } = await verified(token);
  const compact = await compactVerify(token, keys, { algorithms: ['EdDSA'] });
  assert.deepEqual(JSON.parse(new TextDecoder().decode(compact.payload)), payload);
  const others = Object.keys(protectedHeader).filter((name) => !['alg', 'kid', 'jwk', 'typ'].includes(name));
  assert.deepEqual(others, [], 'headers that the specification does not allow');
  assert.deepEqual(missing(payload), [], `${login}'s ${badge.slug}`);
  // Section 8.2.5.1: the claims repeat what the credential says.
  assert.equal(payload.iss, payload.issuer.id);
  assert.equal(payload.sub, payload.credentialSubject.id);
  assert.equal(payload.jti, payload.id);
  assert.equal(payload.nbf, Date.parse(payload.validFrom) / 1000);
  assert.equal(payload.validFrom, badge.awarded_at.replace(/\.\d+Z$/, 'Z'));
  assert.equal(payload.credentialSubject.achievement.name, badge.name);
  assert.ok((payload.evidence ?? []).every((one) => isOf('Evidence')(one.type)));
}
told('jose verifies them with the published key, and they have the members that Open Badges 3.0 requires');

const { token } = found[0];
const [header, payload, signature] = token.split('.');
const credential = json(payload);
for (const [name, copy] of incomplete(credential)) {
  assert.ok(missing(copy).includes(name), `${name} is not looked for`);
}
told('a credential without one of them is noticed');

const { issuer, credentialStatus, credentialSubject: { id, achievement } } = credential;
assert.match(id, /^urn:uuid:/, 'the subject is a login, which others can get');
for (const uri of [issuer.id, issuer.url, achievement.id, achievement.criteria.id]) await get(uri);
// 1EdTech Revocation List Status Method: a credential that the list does not name was not revoked.
assert.equal(credentialStatus.type, '1EdTechRevocationList');
const revocations = await (await get(credentialStatus.id)).json();
assert.equal(revocations.id, credentialStatus.id);
assert.equal(revocations.issuer, issuer.id);
assert.ok(revocations.revokedCredential.every((one) => one.revoked && one.id !== credential.id));
const image = await get(achievement.image.id);
assert.match(image.headers.get('content-type'), /^image\/svg\+xml/);
told('the issuer, the badge, its image and the list of revoked credentials are where it says');

const flipped = base64url.decode(signature);
flipped[0] ^= 1;
const foreign = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
const forged = (key, head) => new SignJWT(credential).setProtectedHeader(head).sign(key);
const secret = base64url.decode(published.keys[0].x);
const BAD_SIGNATURE = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';
for (const [what, changed, code] of [
  ['another name', [header, encoded({ ...credential, name: 'Best of all' }), signature].join('.'), BAD_SIGNATURE],
  ['another person', [header, encoded({ ...credential, sub: `${site}/people/none` }), signature].join('.'), BAD_SIGNATURE],
  ['another signature', [header, payload, base64url.encode(flipped)].join('.'), BAD_SIGNATURE],
  ['the key of a stranger', await forged(foreign.privateKey, { alg: 'EdDSA', typ: 'JWT', kid }), BAD_SIGNATURE],
  ['an unknown key', await forged(foreign.privateKey, { alg: 'EdDSA', typ: 'JWT', kid: `${kid}x` }), 'ERR_JWKS_NO_MATCHING_KEY'],
  ['no signature', `${encoded({ alg: 'none', typ: 'JWT', kid })}.${payload}.`, 'ERR_JOSE_ALG_NOT_ALLOWED'],
  ['the public key as a secret', await forged(secret, { alg: 'HS256', typ: 'JWT', kid }), 'ERR_JOSE_ALG_NOT_ALLOWED'],
]) {
  await assert.rejects(verified(changed), { code }, what);
}
told('credentials that were changed or forged are refused');
