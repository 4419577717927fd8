// The peer: createNodeMiddleware of @octokit/webhooks, used as in its README. With DATABASE_URL it inserts one row
// per delivery before it responds.
import { createServer } from "node:http";
import { Webhooks, createNodeMiddleware } from "@octokit/webhooks";

const webhooks = new Webhooks({ secret: process.env.GITHUB_WEBHOOK_SECRET });
const log = { debug() {}, info() {}, warn: console.warn, error: console.error };

if (process.env.DATABASE_URL) {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
  // In the peer's favor: nothing is compressed, and the statement is prepared once.
  await pool.query(`CREATE TABLE IF NOT EXISTS peer_deliveries
    (delivery_id text PRIMARY KEY, event text NOT NULL, received_at timestamptz NOT NULL DEFAULT now(), body text)`);
  await pool.query("ALTER TABLE peer_deliveries ALTER COLUMN body SET STORAGE EXTERNAL");
  const text = `INSERT INTO peer_deliveries (delivery_id, event, body) VALUES ($1, $2, $3)
    ON CONFLICT (delivery_id) DO NOTHING`;
  webhooks.onAny(({ id, name, payload }) =>
    pool.query({ name: "insert", text, values: [id, name, JSON.stringify(payload)] }));
} else {
  webhooks.onAny(() => {});
}

const middleware = createNodeMiddleware(webhooks, { path: "/api/v1/webhooks/github", log });
const server = createServer(async (request, response) => {
  if (request.url === "/readyz") {
    response.end("ready");
  } else if (!(await middleware(request, response))) {
    response.writeHead(404).end();
  }
});
server.listen(Number(process.env.PEER_PORT), "127.0.0.1");
