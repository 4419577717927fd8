// Writes `description.json`: GitHub's description with only the operations that the server calls, because Prism takes
// twenty seconds to read all of it, and with additions that GitHub states elsewhere. The schemas and the parameters
// remain GitHub's. The calls are arguments such as `GET /repos/{full_name}/hooks`.
import { readFileSync, writeFileSync } from 'node:fs';

const [receiver, ...called] = process.argv.slice(2);
const PACKAGE = 'node_modules/@octokit/openapi/generated/api.github.com.json';
const whole = JSON.parse(readFileSync(PACKAGE, 'utf8'));
const find = (ref) => ref.slice(2).split('/').reduce((place, name) => place[name], whole);

// GitHub also serves each repository below its ID, where redirects from old names lead
// (docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects), but describes only
// the path with the name. The answers are the same.
const id = { name: 'repository_id', in: 'path', required: true, schema: { type: 'integer' } };
const named = whole.paths['/repos/{owner}/{repo}'].get;
const byId = { ...named, responses: { ...named.responses }, operationId: 'repos/get-by-id', parameters: [id] };
whole.paths['/repositories/{repository_id}'] = { get: byId };

/** Returns a call without the names of its placeholders, in which the server and the description differ. */
const shape = (method, path) => `${method.toUpperCase()} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;
const wanted = new Map(called.map((call) => {
  const [method, path] = call.split(' ');
  return [shape(method, path.replace('{full_name}', '{}/{}')), call];
}));
const paths = {};
for (const [path, item] of Object.entries(whole.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    if (wanted.delete(shape(method, path))) (paths[path] ??= {})[method] = operation;
  }
}
const operations = Object.values(paths).flatMap((item) => Object.values(item));
if (wanted.size > 0) throw new Error(`GitHub describes no operation for ${[...wanted.values()].join(', ')}`);

// Each call needs a token; those that concern the app itself need its client ID and secret
// (docs.github.com/rest/authentication/authenticating-to-the-rest-api).
whole.components.securitySchemes = {
  token: { type: 'http', scheme: 'bearer' },
  app: { type: 'http', scheme: 'basic' },
};
const credentials = { 'apps/delete-token': [{ app: [] }], 'rate-limit/get': [{ token: [] }, { app: [] }] };

/** Refuses members of an object that GitHub does not describe. */
function close(schema) {
  if (schema.$ref) return close(find(schema.$ref));
  if (!schema.properties) return;
  schema.additionalProperties = false;
  Object.values(schema.properties).forEach(close);
}

for (const operation of operations) {
  operation.security = credentials[operation.operationId] ?? [{ token: [] }];
  Object.values(operation.requestBody?.content ?? {}).forEach((content) => close(content.schema));
  for (const [status, stated] of Object.entries(operation.responses)) {
    const response = (operation.responses[status] = stated.$ref ? find(stated.$ref) : stated);
    // GitHub recommends to accept this type, but describes only `application/json`, so that Prism would refuse what
    // GitHub recommends (docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types).
    const json = response.content?.['application/json'];
    if (json) response.content['application/vnd.github+json'] = json;
  }
}

// Each page of the examples links to a next one, so that these lists, which the server reads to their end, would have none.
for (const name of ['apps/list-installations', 'apps/list-repos-accessible-to-installation']) {
  const list = operations.find((operation) => operation.operationId === name);
  if (list) delete list.responses['200'].headers?.Link;
}

// The octocat of the examples may only read its own repository. Here it is an admin.
const examples = whole.components.examples;
for (const name of ['full-repository-default-response', 'repository-items-default-response']) {
  for (const own of [examples[name].value].flat()) own.permissions.admin = true;
}
// A second example of a list of webhooks contains the server's own.
const hooks = paths['/repos/{owner}/{repo}/hooks'].get.responses['200'].content['application/json'];
const [hook] = find(hooks.examples.default.$ref).value;
hooks.examples.own = { value: [{ ...hook, config: { ...hook.config, url: receiver } }] };

const components = {};
/** Copies the components that a part of the description needs. */
function need(part) {
  if (typeof part !== 'object' || part === null) return;
  if (typeof part.$ref === 'string') {
    const [, , kind, name] = part.$ref.split('/');
    if (components[kind]?.[name]) return;
    (components[kind] ??= {})[name] = find(part.$ref);
    need(find(part.$ref));
  }
  Object.values(part).forEach(need);
}
need(paths);
components.securitySchemes = whole.components.securitySchemes;
const { openapi, info, servers } = whole;
writeFileSync('description.json', JSON.stringify({ openapi, info, servers, paths, components }));
console.log(`GitHub's description ${info.version}: ${operations.length} operations`);
