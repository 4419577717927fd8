"""Gives schemathesis the objects of the running demo: a description cannot say which exist, and valid data names them."""

import json
import os
import urllib.error
import urllib.request

import schemathesis

SERVER = os.environ["GUILDHALL_URL"]
COOKIE = f"guildhall-session={os.environ['GUILDHALL_SESSION']}"


def get(path):
    request = urllib.request.Request(SERVER + path, headers={"Cookie": COOKIE})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def post(path, body):
    headers = {"Cookie": COOKIE, "Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    request = urllib.request.Request(SERVER + path, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def pull_request():
    """Returns the repository and the number of a pull request."""
    person = first("/api/v1/leaderboards/global", "login")
    name = get(f"/api/v1/people/{person}/pull-requests?limit=1")["items"][0]["pull_request"]
    repository, number = name.split("#")
    return repository, int(number)


def report():
    """Reports a pull request; returns the report's ID."""
    repository, number = pull_request()
    return post("/api/v1/reports", {"repository": repository, "number": number, "reason": "spam"})["id"]


def ended_season():
    """Holds a season whose days are over, so that its results can be final; returns its slug."""
    days = {"first_day": "2020-02-01", "last_day": "2020-02-29"}
    season = post("/api/v1/seasons", {"name": "Past season", "consent": "Your rank is public.", "goal": 1, **days})
    post(f"/api/v1/seasons/{season['slug']}/publish", {})
    return season["slug"]


def first(path, name="slug"):
    """Returns a field of the first object of a list."""
    return get(f"{path}?limit=1")["items"][0][name]


def project_of(repository):
    """Returns the slug of the project that has a repository."""
    for project in get("/api/v1/projects")["items"]:
        listed = get(f"/api/v1/projects/{project['slug']}/repositories")["items"]
        if any(one["full_name"] == repository for one in listed):
            return project["slug"]
    raise LookupError(f"no project has {repository}")


def slug_of(path):
    """Returns the slug of the demo's object that a path names."""
    if "/seasons/" in path:
        found = get("/api/v1/seasons")["items"]
        return [one["slug"] for one in found if one["state"] == "running"][0]
    if "/skills/" in path:
        return first("/api/v1/projects", "tags")[0]
    if "/hackathons/" in path:
        # People apply to one that takes applications.
        found = get("/api/v1/hackathons")["items"]
        return [one["slug"] for one in found if one["phase"] == "applications"][0]
    if "/rewards/" in path:
        return first("/api/v1/rewards")
    if "/badges/" in path:
        return get("/api/v1/badges")["items"][0]["slug"]
    return first("/api/v1/projects")


def objects(path):
    """Returns the values of an operation's path parameters."""
    slug = slug_of(path)
    board = "/api/v1/leaderboards/global"
    for kind in ("projects", "seasons", "skills"):
        if f"/leaderboards/{kind}/" in path:
            board = f"/api/v1/leaderboards/{kind}/{slug}"
    if "/months/" in path:
        month = first(board, "reached_at")[:7]
        board = board.removesuffix("/global") + f"/months/{month}"
        yield "month", [month]
    people = [item["login"] for item in get(board + "?limit=3")["items"]]
    yield from [("login", people), ("slug", [slug])]
    if "{audience}" in path:
        yield "audience", ["participants", "judges"]
    if "{project}" in path:
        yield "project", [first("/api/v1/projects")]
    pulls = get(f"/api/v1/people/{people[0]}/pull-requests?limit=1")["items"]
    if pulls and "/pull-requests/" in path:
        repository, number = pulls[0]["pull_request"].split("#")
        owner, repository = repository.split("/")
        yield from [("owner", [owner]), ("repository", [repository]), ("number", [int(number)])]
    if path.startswith("/api/hackathons/"):
        yield "id", [get("/api/v1/hackathons")["items"][0]["id"]]
    if "/flags/" in path:
        yield "name", ["live_updates"]
    if "/community/texts/" in path:
        yield "name", ["about", "conduct", "privacy", "contact"]
    if "/jobs/" in path:
        yield "name", [get("/api/v1/admin/jobs")["schedules"][0]["name"]]
    if "/deliveries/" in path:
        yield "id", [item["id"] for item in get("/api/v1/admin/deliveries?limit=2")["items"]]
    for kind in ("admin/fair-play", "disputes"):
        # A decision would change them for other requests, so only reading names those that exist.
        if path == f"/api/v1/{kind}/{{number}}":
            found = get(f"/api/v1/admin/{kind.removeprefix('admin/')}?limit=2")["items"]
            yield "number", [item["number"] for item in found]
    if path == "/api/v1/reports/{id}":
        yield "id", [report()]
    if path.startswith("/api/v1/opportunities/"):
        yield "id", [item["id"] for item in get("/api/v1/opportunities?limit=2")["items"]]
    if path == "/api/v1/repositories/{id}/health":
        yield "id", [item["id"] for item in get("/api/v1/repositories/search?limit=2")["items"]]
    if "/me/notifications/" in path:
        yield "id", [item["id"] for item in get("/api/v1/me/notifications?limit=2")["items"]]


# Operations that would end a hackathon, or the part of the run's admin in it. They name one that is over.
ENDS = (
    "archive_hackathon",
    "cancel_hackathon",
    "leave_hackathon_team",
    "publish_hackathon_results",
    "withdraw_from_hackathon",
)


# Operations that change a reward, which others read: they name another one.
CHANGE_REWARDS = ("archive_reward", "edit_reward", "restore_reward")


def cursors(path, values):
    """Returns the cursors of a list: none if it has one page, None if any text is one."""
    for name, known in values.items():
        path = path.replace("{" + name + "}", str(known[0]))
    try:
        get(path + "?cursor=anything")
        return None
    except urllib.error.HTTPError:
        following = get(path + "?limit=1")["next_cursor"]
        if not following:
            return []
        # Some lists read an empty cursor as none.
        return [following, ""] if takes(path + "?cursor=") else [following]


def takes(path):
    """Returns whether a path is accepted."""
    try:
        get(path)
        return True
    except urllib.error.HTTPError:
        return False


def remove(operation, name):
    """Removes a query parameter, and the links that use it."""
    operation["parameters"] = [one for one in operation["parameters"] if one["name"] != name]
    for response in operation["responses"].values():
        for link in [key for key, to in response.get("links", {}).items() if name in to["parameters"]]:
            del response["links"][link]


@schemathesis.hook
def filter_path_parameters(context, path_parameters):
    """Leaves out question marks: some are sent without being encoded, and the path then names another route."""
    return "?" not in str(path_parameters)


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for path, methods in raw_schema["paths"].items():
        for operation in methods.values():
            if operation["operationId"] == "create_report":
                reported = {"repository": pull_request()[0], "reason": "spam"}
                operation["requestBody"]["content"]["application/json"]["example"] = reported
            names = [one["name"] for one in operation.get("parameters", []) if one["in"] != "header"]
            if not names:
                continue
            values = {name: known for name, known in objects(path) if known and "{" + name + "}" in path}
            if operation["operationId"] == "list_person_pull_requests":
                repository = pull_request()[0]
                values |= {"repository": [repository], "project": [project_of(repository)]}
            if operation["operationId"] in ENDS:
                values["slug"] = [get("/api/v1/hackathons")["items"][-1]["slug"]]
            if operation["operationId"] == "sign_off_season":
                values["slug"] = [ended_season()]
            if operation["operationId"] in CHANGE_REWARDS:
                values["slug"] = [get("/api/v1/rewards")["items"][-1]["slug"]]
            if operation["operationId"] == "add_reward_codes":
                rewards = get("/api/v1/rewards")["items"]
                values["slug"] = [one["slug"] for one in rewards if one["claim_kind"] == "coupon_code"]
            if operation["operationId"] == "set_tracks":
                # Other requests limit prizes and judges to tracks, and those must stay.
                tracks = get(f"/api/v1/hackathons/{values['slug'][0]}/tracks")["items"]
                named = {"tracks": [{"name": track["name"]} for track in tracks]}
                operation["requestBody"]["content"]["application/json"]["example"] = named
            if "source" in names:
                values["source"] = ["all", "contributions", ""]
            if "rank" in names:
                # A rank and a cursor exclude each other.
                remove(operation, "rank")
            if "cursor" in names:
                known = cursors(path, values)
                if known == []:
                    remove(operation, "cursor")
                elif known:
                    values["cursor"] = known
            for parameter in operation["parameters"]:
                known = values.get(parameter["name"])
                if known and parameter["in"] != "header":
                    parameter["schema"] = {"enum": known}
                    parameter["example"] = known[0]
