"""A release takes the place of the one before, which comes back, and again, while deliveries and requests go on: none fails, and each
delivery is processed once.

Two servers and a worker on one PostgreSQL with the sample data. A balancer asks for /readyz and sends each request once, to the next
server that is ready: an error, a status that is not expected, or an answer that is cut off counts as failed. GUILDHALL_PREVIOUS names
the program of the release before; without it, the program plays both, and a migration of a later release is applied meanwhile. A release
that does not know GUILDHALL_DRAIN_SECONDS is taken out of the balancer before it is stopped, as an operator would.
"""
import collections
import http.client
import itertools
import json
import os
import threading
import time

from cluster import Cluster
from drill import PORT, PROGRAM, WEBHOOK, conduct, delivery, is_ready, until

PREVIOUS = os.path.abspath(os.environ.get("GUILDHALL_PREVIOUS", PROGRAM))
SERVERS, WORKER = (PORT, PORT + 2), PORT + 1
# Requests per second.
DELIVERIES, PAGES = 20, 50
# The balancer asks each server this often, and a server that stops goes on for longer.
ASKS_EVERY, DRAIN = 0.5, 5
# How long a phase without a restart lasts.
CALM = 8
REPOSITORY = {"id": 987_001, "full_name": "octo-org/rolling", "owner": {"login": "octo-org", "id": 1, "type": "Organization"}}
PATHS = [
    "/", "/projects", "/projects/rolling", "/leaderboards", "/discover", "/hackathons", "/about",
    "/api/v1/projects", "/api/v1/leaderboards/global", "/api/v1/opportunities",
]
# What a later release may add. A statement that is prepared before reads the same columns after it.
LATER = """
    CREATE TABLE later_things (id uuid PRIMARY KEY, name text NOT NULL);
    ALTER TABLE pull_requests ADD COLUMN of_a_later_release bigint NOT NULL DEFAULT 0;
    ALTER TABLE webhook_deliveries ADD COLUMN of_a_later_release bigint NOT NULL DEFAULT 0;
    INSERT INTO schema_migrations (version, applied_at, is_additive) VALUES ('2999_01_01_000001_later', 0, TRUE);
"""


class Balancer:
    """Sends requests to the servers that are ready, in turn, over connections that it keeps."""

    def __init__(self):
        self.turns, self.kept = itertools.count(), threading.local()
        self.ready, self.out, self.times = [], set(), collections.Counter()

    def watch(self, stop):
        while not stop.wait(ASKS_EVERY):
            was, self.ready = self.ready, [port for port in SERVERS if port not in self.out and is_ready(port)]
            # A connection to a server from before is not used after it.
            self.times.update(port for port in was if port not in self.ready)

    def has(self, port):
        return port in self.ready

    def send(self, method, path, body=None, headers=None):
        """Returns the status and the body of the answer. Nothing is tried twice."""
        ready = self.ready
        if not ready:
            raise ConnectionError("no server is ready")
        port = ready[next(self.turns) % len(ready)]
        key = (port, self.times[port])
        connections = self.kept.__dict__.setdefault("connections", {})
        connection = connections.get(key) or http.client.HTTPConnection("127.0.0.1", port, timeout=15)
        connections[key] = connection
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except Exception:
            connection.close()
            raise


class Load:
    """Requests at a steady rate, whose time runs from the moment at which each is due."""

    def __init__(self, balancer):
        self.balancer, self.stop, self.lock = balancer, threading.Event(), threading.Lock()
        self.phase, self.seen, self.failed, self.accepted = None, collections.defaultdict(list), [], []
        self.numbers, self.threads = itertools.count(1), []

    def begin(self, threads, rate, act):
        for first in range(threads):
            arguments = (act, first / rate, threads / rate)
            self.threads.append(threading.Thread(target=self.repeat, args=arguments, daemon=True))
            self.threads[-1].start()

    def repeat(self, act, first, every):
        due = time.monotonic() + first
        for number in itertools.count():
            if self.stop.wait(max(0, due - time.monotonic())):
                return
            phase = self.phase
            try:
                why = act(number)
            except Exception as error:  # What went wrong is counted, whatever it is.
                why = f"{act.__name__}: {type(error).__name__}: {error}"
            with self.lock:
                self.seen[phase, act.__name__].append(time.monotonic() - due)
                if why:
                    self.failed.append(f"{phase}: {why}")
            due += every

    def page(self, number):
        path = PATHS[number % len(PATHS)]
        status, body = self.balancer.send("GET", path)
        is_whole = body.strip().endswith(b"</html>") if not path.startswith("/api/") else isinstance(json.loads(body), dict)
        return None if status == 200 and is_whole else f"{path}: {status}, {len(body)} bytes"

    def delivery(self, _):
        """Opens a pull request, then merges it."""
        number = next(self.numbers)
        body, headers = delivery("pull_request", pull_request(1 + (number - 1) // 2, number % 2 == 0))
        status, _ = self.balancer.send("POST", WEBHOOK, body, headers)
        if status != 202:
            return f"{WEBHOOK}: {status}"
        self.accepted.append(headers["X-GitHub-Delivery"])
        return None

    def figures(self):
        def of(times):
            times = sorted(times)
            return {"requests": len(times), "p99_ms": round(1000 * times[len(times) * 99 // 100])}

        return {f"{phase}: {kind}": of(times) for (phase, kind), times in self.seen.items()}


def pull_request(number, merged):
    """Returns a delivery of a pull request by one of 40 people, which was opened and merged in 2025."""
    person = {"login": f"octocat-{number % 40}", "id": 870_000 + number % 40, "type": "User"}
    day = f"2025-{1 + number % 12:02}-{1 + number % 27:02}"
    closed = f"{day}T18:30:00Z" if merged else None
    branch = {"ref": "main", "sha": f"{number:040x}", "repo": REPOSITORY}
    return {
        "action": "closed" if merged else "opened",
        "number": number,
        "pull_request": {
            "id": 98_700_000_000 + number, "number": number, "state": "closed" if merged else "open",
            "title": f"Repair the roof of cabin {number}", "user": person, "draft": False,
            "created_at": f"{day}T08:00:00Z", "updated_at": closed or f"{day}T08:00:00Z", "closed_at": closed,
            "merged_at": closed, "merged": merged, "merged_by": REPOSITORY["owner"] if merged else None, "labels": [],
            "head": branch | {"ref": "repair"}, "base": branch,
            "additions": number % 700, "deletions": number % 90, "changed_files": 4, "commits": 3,
        },
        "repository": REPOSITORY,
        "sender": person,
    }


def act(drill):
    postgres = Cluster(drill, "cluster", PORT + 3).create()
    shared = {"DATABASE_URL": postgres.url, "GUILDHALL_EXEMPT_NETWORKS": "127.0.0.1"}
    drain = {"GUILDHALL_DRAIN_SECONDS": DRAIN}
    for command in (
        ["migrate", "up", "--create"],
        ["seed", "--demo"],
        ["project", "create", "--name", "Rolling", "--slug", "rolling"],
        ["repo", "add", REPOSITORY["full_name"], "--project", "rolling", "--github-id", str(REPOSITORY["id"])],
    ):
        drill.must(*command, program=PREVIOUS, patience=900, **shared)
    balancer, running = Balancer(), {}
    drains = {program: drill.run("flags", "list", program=program, **shared, **drain)[0] == 0 for program in {PREVIOUS, PROGRAM}}

    def start(program, port):
        arguments = ["worker"] if port == WORKER else ["serve", "--no-jobs", "--bind", f"127.0.0.1:{port}"]
        variables = shared | (drain if drains[program] else {})
        running[port] = program, drill.start(*arguments, log=f"log-{port}", program=program, **variables)
        balancer.out.discard(port)
        until(lambda: is_ready(port) if port == WORKER else balancer.has(port), f"the process at {port} was ready")

    def roll(phase, program):
        load.phase = phase
        for port in (*SERVERS, WORKER):
            before, process = running[port]
            if port != WORKER and not drains[before]:
                balancer.out.add(port)
                until(lambda: not balancer.has(port), "the balancer left the server out")
                # Requests that it has sent already are answered.
                time.sleep(ASKS_EVERY)
            drill.stop(process)
            start(program, port)

    def calm(phase):
        load.phase = phase
        time.sleep(CALM)

    load = Load(balancer)
    threading.Thread(target=balancer.watch, args=(load.stop,), daemon=True).start()
    for port in (*SERVERS, WORKER):
        start(PREVIOUS, port)
    load.phase, began = "before", time.monotonic()
    # So many threads that the rate is held while answers take half a second.
    load.begin(10, DELIVERIES, load.delivery)
    load.begin(30, PAGES, load.page)
    calm("before")
    load.phase = "migrate"
    drill.must("migrate", "up", **shared)
    if PREVIOUS == PROGRAM:
        postgres.sql(LATER)
    roll("forward", PROGRAM)
    roll("back", PREVIOUS)
    roll("forward again", PROGRAM)
    calm("after")
    seconds = time.monotonic() - began
    load.stop.set()
    for thread in load.threads:
        thread.join()
    undone = "webhook_deliveries WHERE completed_at IS NULL AND dead_at IS NULL"
    until(lambda: postgres.count(undone) == 0 and postgres.count("wake_ups") == 0, "the work was done")
    requests = sum(map(len, load.seen.values()))
    drill.report |= {
        "seconds": round(seconds), "requests": requests, "per_second": round(requests / seconds, 1),
        "failed": len(load.failed), "first_failures": load.failed[:5], "deliveries": len(load.accepted), "phases": load.figures(),
    }
    drill.check("no request failed", not load.failed)
    ids = ", ".join(f"'{one}'" for one in load.accepted)
    drill.keeps(len(load.accepted), postgres.count(f"webhook_deliveries WHERE completed_at IS NOT NULL AND delivery_id IN ({ids})"))
    drill.check("nothing is there twice", postgres.count(f"webhook_deliveries WHERE delivery_id IN ({ids})") == len(load.accepted))
    own = f"pull_requests p JOIN repositories r ON r.id = p.repository_id AND r.github_id = {REPOSITORY['id']}"
    merged = postgres.count(f"{own} WHERE p.merged_at IS NOT NULL")
    awards = postgres.count(f"{own} JOIN point_transactions t ON t.source_id = p.id AND t.reason = 'pr_merged'")
    drill.check("each merge is there", merged == len(load.accepted) // 2)
    drill.check("each merge earned points once", awards == merged)
    drill.ledger(DATABASE_URL=postgres.url)


conduct("rolling-upgrade", act)
