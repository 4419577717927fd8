"""What all drills share: a server of their own, deliveries, counts, and the one line of JSON that each prints.

GUILDHALL names the program; DRILL_PORT the first of the ports that a drill may use. A drill prints one object: `drill`, `outcome` (`ok`,
`failed` or `skipped`), `seen_by` and `seen_seconds` (what showed the failure, and how long after its beginning), `repaired_seconds` (from the
first command of the repair until the server does its work again), `lost` (rows that were accepted and are missing), `target` (the recovery
target that it has to meet, if it has one) and `checks`.
"""

import hashlib
import hmac
import http.cookiejar
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

PROGRAM = os.path.abspath(os.environ.get("GUILDHALL", "target/debug/guildhall"))
PORT = int(os.environ.get("DRILL_PORT", "8790"))
SECRET = "of-a-drill-and-of-nothing-else"
TOKEN = "metrics-of-a-drill-and-of-nothing-else"
PATIENCE = 120

MINUTE, HOUR = 60, 3600
# Recovery targets: the most seconds from the failure until the server does its work again, and the most seconds of work that are lost (None: any).
APPLICATION = ("application", 5 * MINUTE, 0)
DATABASE = ("database corruption", 30 * MINUTE, HOUR)
REGION = ("region", 2 * HOUR, None)
EVERYTHING = ("everything", 4 * HOUR, 24 * HOUR)
TARGETS = {
    "all-workers-dead": APPLICATION,
    "bad-release": APPLICATION,
    "database-corruption": DATABASE,
    "everything": EVERYTHING,
    "full-disk": APPLICATION,
    "lost-key": APPLICATION,
    "lost-machine": EVERYTHING,
    "lost-region": REGION,
    "postgres-gone": APPLICATION,
    "postgres-pitr": DATABASE,
    "submission-outage": APPLICATION,
}


class Skipped(Exception):
    """What the drill needs is not on this machine."""


class Drill:
    """One failure, from its beginning to the end of its repair."""

    def __init__(self, name):
        self.name = name
        self.folder = tempfile.mkdtemp(prefix=f"drill-{name}-")
        self.processes, self.undo, self.checks = [], [], {}
        self.began = self.repair = None
        self.report = {"drill": name, "seen_by": None, "seen_seconds": None, "repaired_seconds": None, "lost": None}

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def start(self, *arguments, log="log", program=PROGRAM, **variables):
        """Starts the program in the background, with its data in `data` unless a variable says otherwise."""
        with open(self.path(log), "ab") as output:
            process = subprocess.Popen(
                [program, *arguments], cwd=self.folder, env=self.environment(variables), stdout=output, stderr=output
            )
        self.processes.append(process)
        return process

    def environment(self, variables):
        own = {
            "PATH": os.environ["PATH"],
            "GUILDHALL_DATA_DIR": self.path("data"),
            "GUILDHALL_BIND": f"127.0.0.1:{PORT}",
            "GUILDHALL_WORKER_BIND": f"127.0.0.1:{PORT + 1}",
            "GITHUB_WEBHOOK_SECRET": SECRET,
            "GUILDHALL_METRICS_TOKEN": TOKEN,
        }
        return own | {name: str(value) for name, value in variables.items()}

    def run(self, *arguments, program=PROGRAM, patience=PATIENCE, **variables):
        """Runs a command to its end; returns its exit code and what it wrote."""
        done = subprocess.run(
            [program, *arguments], cwd=self.folder, env=self.environment(variables), capture_output=True, text=True, timeout=patience
        )
        return done.returncode, done.stdout + done.stderr

    def must(self, *arguments, **variables):
        code, text = self.run(*arguments, **variables)
        if code != 0:
            raise AssertionError(f"guildhall {' '.join(arguments)}: {text.strip()[-400:]}")
        return text

    def fails_now(self):
        """Marks the beginning of the failure."""
        self.began = time.monotonic()

    def seen(self, by):
        """Marks that the failure can be seen, and by what. The repair begins."""
        self.repair = time.monotonic()
        self.report |= {"seen_by": by, "seen_seconds": round(self.repair - self.began, 1)}

    def repaired(self):
        """Marks that the server does its work again."""
        self.report["repaired_seconds"] = round(time.monotonic() - self.repair, 1)

    def check(self, what, holds):
        self.checks[what] = bool(holds)

    def keeps(self, expected, found):
        """Compares what was accepted with what is there."""
        self.report["lost"] = max(0, expected - found)
        self.check("nothing is lost", found >= expected)

    def loses(self, seconds):
        """Notes how many seconds of work are lost: the age of what the repair goes back to."""
        self.report["lost_seconds"] = round(seconds, 1)

    def meets(self, target):
        """Compares what was measured with a recovery target."""
        name, limit, lost = target
        loss = "" if lost is None else f", less than {lost // MINUTE} min lost" if lost else ", nothing lost"
        self.report["target"] = f"{name}: within {limit // MINUTE} min{loss}"
        took = [self.report["seen_seconds"], self.report["repaired_seconds"]]
        self.check("the target's time is met", None not in took and sum(took) < limit)
        if lost is not None:
            self.check("no more is lost than the target allows", self.report["lost"] == 0 and self.report.get("lost_seconds", 0) <= lost)

    def ledger(self, **variables):
        self.check("the ledger verifies", self.run("ledger", "verify", **variables)[0] == 0)

    def stop(self, process, kill=False):
        process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        process.wait(timeout=60)

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        for undo in reversed(self.undo):
            undo()
        shutil.rmtree(self.folder, ignore_errors=True)


def conduct(name, act):
    """Runs a drill and prints its line; exits with 1 if it failed."""
    drill = Drill(name)
    try:
        act(drill)
        if name in TARGETS:
            drill.meets(TARGETS[name])
        outcome = "ok" if drill.checks and all(drill.checks.values()) else "failed"
    except Skipped as why:
        outcome, drill.report["why"] = "skipped", str(why)
    except Exception as error:  # The line says what went wrong, whatever it is.
        outcome, drill.report["why"] = "failed", f"{type(error).__name__}: {error}"
    finally:
        drill.close()
    print(json.dumps(drill.report | {"outcome": outcome, "checks": drill.checks}))
    sys.exit(outcome == "failed")


def until(holds, what, patience=PATIENCE):
    """Waits until a condition holds, and returns what it returned."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        found = holds()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} within {patience} s")


def ask(path, body=None, headers=None, port=PORT, method=None, opener=None):
    """Sends a request; returns the status, 0 if there was no answer, and the text."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=body, headers=headers or {}, method=method)
    try:
        with (opener.open if opener else urllib.request.urlopen)(request, timeout=15) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode(errors="replace")
    except OSError:
        return 0, ""


def is_ready(port=PORT):
    return ask("/readyz", port=port)[0] == 200


def ready(drill, *arguments, **variables):
    """Starts a server and waits until it is ready."""
    process = drill.start("serve", *arguments, **variables)
    until(lambda: process.poll() is not None or is_ready(), "the server was ready")
    if process.poll() is not None:
        with open(drill.path("log"), encoding="utf-8", errors="replace") as log:
            raise AssertionError(f"the server ended: {log.read()[-400:]}")
    return process


WEBHOOK = "/api/v1/webhooks/github"


def delivery(event, document):
    """Returns the body and the headers of a delivery as GitHub sends it."""
    body = json.dumps(document).encode()
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return body, {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-Hub-Signature-256": f"sha256={digest}",
    }


def deliver(count, size=20):
    """Sends deliveries; returns the number that was accepted."""
    sent = (ask(WEBHOOK, *delivery("ping", {"zen": "k" * size})) for _ in range(count))
    return sum(status in (200, 202) for status, _ in sent)


def deliveries(drill, condition="1 = 1", folder="data"):
    """Counts deliveries in the SQLite database of a folder."""
    with sqlite3.connect(f"file:{drill.path(folder, 'guildhall.db')}?mode=ro", uri=True, timeout=10) as database:
        return database.execute(f"SELECT count(*) FROM webhook_deliveries WHERE {condition}").fetchone()[0]


def metric(line, port=PORT):
    """Returns the value of a metric, given its name with its labels; None if it is not there."""
    text = ask("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, port=port)[1]
    for row in text.splitlines():
        if row.startswith(line + " "):
            return float(row.rsplit(" ", 1)[1])
    return None


def alert(drill, kind, severity, lasts=True):
    """Has the server look for causes of alerts until an alert lasts, or no longer does. It looks by itself every five minutes."""

    def holds():
        drill.must("jobs", "run", "OperatorAlerts")
        time.sleep(1)
        return bool(metric(f'guildhall_open_alerts{{kind="{kind}",severity="{severity}"}}')) == lasts and f"the alert {kind}"

    return until(holds, f"the alert {kind} {'began' if lasts else 'ended'}", patience=60)


def health(check):
    """Returns the state of a check of /api/health."""
    try:
        return json.loads(ask("/api/health")[1])["checks"].get(check)
    except (ValueError, KeyError):
        return None


class Browser:
    """A browser that keeps its cookies."""

    def __init__(self):
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self.headers = {"Origin": f"http://127.0.0.1:{PORT}", "Sec-Fetch-Site": "same-origin"}

    def get(self, path):
        return ask(path, headers=self.headers, opener=self.opener)

    def post(self, path, **fields):
        return ask(path, urllib.parse.urlencode(fields).encode(), self.headers, opener=self.opener)

    def api(self, method, path, document=None):
        headers = self.headers | {"Content-Type": "application/json"}
        body = None if document is None else json.dumps(document).encode()
        return ask(path, body, headers, method=method, opener=self.opener)


def admin(drill, **variables):
    """Returns the browser of the first admin."""
    return signed_in(drill.must("setup-code", **variables).split()[0])


def signed_in(code):
    """Returns a browser that a one-time code signed in."""
    browser = Browser()
    browser.post("/setup", code=code, name="Wren Oak")
    return browser
