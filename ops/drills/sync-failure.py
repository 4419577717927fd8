"""The game platform refuses the token: an alert says so, the last numbers stay, and a valid token ends it."""
import json
import re

from drill import PORT, admin, alert, ask, conduct, ready, until

TOKEN = "valid-on-the-simulated-platform"


def act(drill):
    at = f"http://127.0.0.1:{PORT + 2}/integrations/syned/v1"
    drill.start("fake", "game-platform", "--bind", f"127.0.0.1:{PORT + 2}", "--token", TOKEN, "--knows-everyone", log="platform.log")
    until(lambda: ask("/_switches", port=PORT + 2)[0] == 200, "the simulated platform answered")
    settings = {"GAME_PLATFORM_API_BASE_URL": at, "GAME_PLATFORM_API_TOKEN": TOKEN, "GAME_PLATFORM_INTEGRATION_ENABLED": "true"}
    # With the flag on from the beginning, because a change takes up to five seconds.
    drill.must("migrate", "up", "--create")
    drill.must("flags", "set", "game_platform_integration", "on")
    ready(drill, **settings)
    roster(admin(drill))

    def refuses(whether):
        headers = {"Content-Type": "application/json"}
        return ask("/_switches", json.dumps({"rejected": whether}).encode(), headers, port=PORT + 2)[0] == 200

    until(lambda: drill.run("sync", "game-platform", **settings)[0] == 0 and calls() > 0, "a sync succeeded before")
    alert(drill, "game_platform_sync", "critical", lasts=False)
    drill.fails_now()
    drill.check("the platform refuses the token", refuses(True))
    code, said = drill.run("sync", "game-platform", **settings)
    drill.check("the command says why a sync fails", code != 0 and "Token rejected" in said)
    drill.seen(alert(drill, "game_platform_sync", "critical"))
    code, said = drill.run("doctor", "game-platform", **settings)
    drill.check("doctor names the token", code != 0 and "rejected the token" in said)
    refuses(False)
    drill.must("doctor", "game-platform", **settings)
    drill.must("sync", "game-platform", **settings)
    alert(drill, "game_platform_sync", "critical", lasts=False)
    drill.repaired()
    drill.report["lost"] = 0
    drill.ledger()


def calls():
    """Returns the number of requests that the platform got."""
    return json.loads(ask("/_calls", port=PORT + 2)[1])["total"]


def roster(person):
    """Becomes a coach with a roster of one competitor, whom the platform is told of."""

    def post(path, **fields):
        status, text = person.post(path, **fields)
        if status >= 400 or status == 0:
            raise AssertionError(f"POST {path}: {status} {re.sub('<[^>]*>', ' ', text)[-600:]}")
        return text

    link = re.search(r"/ctf/links/[\w-]+", post("/admin/ctf", email="")).group()
    post(link, school="Harbor High", division="high_school", region="Texas", first_name="", last_name="")
    post("/ctf/rosters/new", name="Sea Foxes", school="Harbor High", school_year="2026/27", timezone="UTC")
    own = re.search(r"/ctf/rosters/[\w-]{36}", person.get("/ctf")[1]).group()
    profile = {"first_name": "Ada", "last_name": "Tern", "email_school": "ada@school.example", "is_18_or_over": "yes"}
    post(f"{own}/competitors/new", **profile)
    post(f"{own}/competitors/confirm")


conduct("sync-failure", act)
