// GitHub for the server: sends each call of the REST API to Prism, and records what is wrong with it.
// `GET /_calls` lists the calls, `DELETE /_calls` forgets them.
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';

const [port, prism] = process.argv.slice(2).map(Number);
const { paths, components } = JSON.parse(readFileSync('description.json', 'utf8'));
const calls = [];

const operations = Object.entries(paths).flatMap(([path, item]) => {
  const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`);
  return Object.entries(item).map(([method, operation]) => {
    const parameters = (operation.parameters ?? []).map((one) => (
      one.$ref ? components.parameters[one.$ref.split('/').at(-1)] : one
    ));
    const queries = parameters.filter((one) => one.in === 'query').map((one) => one.name);
    return { method: method.toUpperCase(), pattern, id: operation.operationId, queries };
  });
});

// What the description does not contain: the exchange of a code for a token
// (docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps), and the GraphQL API, whose queries the
// judge `octokit` validates.
const page = { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
const repository = { databaseId: 1296269, nameWithOwner: 'octocat/Hello-World', isPrivate: false, isArchived: false };
const OTHERS = {
  '/login/oauth/access_token': { access_token: 'gho_octocat', token_type: 'bearer', scope: 'admin:repo_hook' },
  '/graphql': {
    data: {
      repository: {
        ...repository,
        owner: {
          __typename: 'User',
          login: 'octocat',
          avatarUrl: 'https://avatars.githubusercontent.com/u/1',
          databaseId: 1,
        },
        pullRequests: page,
        issues: page,
      },
      r0: repository,
    },
  },
};

// The operations for which the App signs a token with its key
// (docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app).
const OF_APP = [
  'apps/create-installation-access-token',
  'apps/get-authenticated',
  'apps/get-repo-installation',
  'apps/list-installations',
  'apps/list-webhook-deliveries',
  'apps/redeliver-webhook-delivery',
];
const isSigned = (authorization) => /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(authorization ?? '');

const read = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
};

function ask(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: prism, method, path, headers }, async (answer) => {
      resolve({ status: answer.statusCode, headers: answer.headers, body: await read(answer) });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Returns what is wrong with a call: Prism's complaints about the request, and what Prism does not look at. */
function complaints(incoming, url, operation, answer) {
  const stated = JSON.parse(answer.headers['sl-violations'] ?? '[]');
  // Some of GitHub's examples lack members that its schemas have gained since. That is no one's call.
  const found = stated.filter((one) => one.location[0] === 'request').map((one) => one.message);
  if (String(answer.headers['content-type']).startsWith('application/problem+json')) found.push(answer.body.toString());
  // (docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent)
  if (!incoming.headers['user-agent']) found.push('GitHub refuses requests without a user agent');
  if (operation && OF_APP.includes(operation.id) !== isSigned(incoming.headers.authorization)) {
    found.push(`the App signs tokens for ${OF_APP.join(', ')}, and only for these`);
  }
  for (const name of url.searchParams.keys()) {
    if (operation && !operation.queries.includes(name)) found.push(`GitHub describes no query parameter ${name}`);
  }
  if (found.length === 0 && answer.status >= 400) found.push(`answered ${answer.status}`);
  return found;
}

createServer(async (incoming, outgoing) => {
  const body = await read(incoming);
  const url = new URL(incoming.url, 'http://127.0.0.1');
  const json = (value) => outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  if (url.pathname === '/_calls') return json(incoming.method === 'DELETE' ? calls.splice(0) : calls);
  if (OTHERS[url.pathname]) return json(OTHERS[url.pathname]);
  const { method, headers } = incoming;
  const operation = operations.find((one) => one.method === method && one.pattern.test(url.pathname));
  const isCreated = calls.some((call) => call.operation === 'repos/create-webhook');
  // Once the server has created its webhook, the list contains it.
  const isOwn = isCreated && operation?.id === 'repos/list-webhooks';
  const prefer = isOwn ? { prefer: 'example=own' } : {};
  const answer = await ask(method, incoming.url, { ...headers, ...prefer }, body);
  calls.push({
    call: `${method} ${incoming.url}`,
    operation: operation?.id ?? null,
    body: body.toString(),
    complaints: complaints(incoming, url, operation, answer),
  });
  const { 'transfer-encoding': _, connection: __, ...rest } = answer.headers;
  outgoing.writeHead(answer.status, rest).end(answer.body);
}).listen(port, '127.0.0.1', () => console.log('ready'));
