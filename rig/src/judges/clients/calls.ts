// Calls the server with the generated types: a list, its next page, a refusal, and the own account.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[] };
declare const console: { log(line: string): void };

const [, , server, token] = process.argv;

function ensure<T>(value: T | null | undefined, words: string): T {
  if (value === null || value === undefined) throw new Error(words);
  return value;
}

function same<T>(is: T, expected: T, words: string): void {
  if (is !== expected) throw new Error(`${words}: ${is} instead of ${expected}`);
}

const visitor = createClient<paths>({ baseUrl: ensure(server, "no server") });

const query = { limit: 2 };
const first = await visitor.GET("/api/v1/leaderboards/global", { params: { query } });
const page = ensure(first.data, "no first page");
same(page.items.length, 2, "people on a page");
same(first.response.headers.has("link"), true, "the first page links to the next");

const cursor = ensure(page.next_cursor, "no second page");
const next = await visitor.GET("/api/v1/leaderboards/global", { params: { query: { limit: 2, cursor } } });
const others = ensure(next.data, "no second page").items.map((person) => person.login);
for (const person of page.items) same(others.includes(person.login), false, "a person on both pages");

const path = { login: ensure(page.items[0], "no leader").login };
const person = await visitor.GET("/api/v1/people/{login}", { params: { path } });
same(ensure(person.data, "no leader").login, path.login, "the leader's login");

const refused = await visitor.GET("/api/v1/me");
const problem: components["schemas"]["Problem"] = ensure(refused.error, "no refusal");
same(refused.response.status, 401, "the status without a token");
same(problem.code, "SIGN_IN_REQUIRED", "the code without a token");

const headers = { Authorization: `Bearer ${ensure(token, "no token")}` };
const me = await visitor.GET("/api/v1/me", { headers });
console.log(`signed in as ${ensure(me.data, "no account").login}`);
