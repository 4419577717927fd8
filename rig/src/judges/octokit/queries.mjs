// Validates the queries of queries.json against GitHub's schema.
import { readFileSync } from "node:fs";
import { validate } from "@octokit/graphql-schema";

const queries = JSON.parse(readFileSync("queries.json", "utf8"));
const errors = queries.flatMap((query) => validate(query));
for (const error of errors) {
  console.error(error.message);
}
process.exitCode = errors.length > 0 || queries.length === 0 ? 1 : 0;
