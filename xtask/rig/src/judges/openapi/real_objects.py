"""Gives schemathesis the objects of the running demo: a description cannot say which exist, and valid data names them."""

import json
import os
import urllib.request

import schemathesis

SERVER = os.environ["GUILDHALL_URL"]
COOKIE = f"guildhall-session={os.environ['GUILDHALL_SESSION']}"


def get(path):
    request = urllib.request.Request(SERVER + path, headers={"Cookie": COOKIE})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def objects(path):
    """Returns the values of an operation's path parameters."""
    slug = get("/api/v1/projects?limit=1")["items"][0]["slug"]
    board = "/api/v1/leaderboards/global"
    if "/months/" in path:
        month = get(board + "?limit=1")["items"][0]["reached_at"][:7]
        board = f"/api/v1/leaderboards/months/{month}"
        yield "month", [month]
    if "/leaderboards/projects/" in path:
        board = f"/api/v1/leaderboards/projects/{slug}"
    people = [item["login"] for item in get(board + "?limit=3")["items"]]
    yield "login", people
    yield "slug", [slug]
    pulls = get(f"/api/v1/people/{people[0]}/pull-requests?limit=1")["items"]
    if pulls and "{number}" in path:
        repository, number = pulls[0]["pull_request"].split("#")
        owner, repository = repository.split("/")
        yield from [("owner", [owner]), ("repository", [repository]), ("number", [int(number)])]
    if "/flags/" in path:
        yield "name", ["live_updates"]
    if "/jobs/" in path:
        yield "name", [get("/api/v1/admin/jobs")["schedules"][0]["name"]]
    if "/deliveries/" in path:
        yield "id", [item["id"] for item in get("/api/v1/admin/deliveries?limit=2")["items"]]
    if "/me/notifications/" in path:
        yield "id", [item["id"] for item in get("/api/v1/me/notifications?limit=2")["items"]]


def cursor(path, values):
    """Returns a cursor of a list; None if it has only one page."""
    for name, known in values.items():
        path = path.replace("{" + name + "}", str(known[0]))
    return get(path + "?limit=1")["next_cursor"]


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for path, methods in raw_schema["paths"].items():
        for method, operation in methods.items():
            parameters = operation.get("parameters", [])
            if not any(parameter["in"] != "header" for parameter in parameters):
                continue
            values = {name: known for name, known in objects(path) if known}
            names = [parameter["name"] for parameter in parameters]
            if "cursor" in names:
                # A rank and a cursor exclude each other.
                position = None if "rank" in names else cursor(path, values)
                parameters[:] = [one for one in parameters if one["name"] != "cursor" or position]
                values["cursor"] = [position]
            for parameter in parameters:
                if parameter["name"] in values and (parameter["in"] == "path" or parameter["name"] == "cursor"):
                    parameter["schema"] = {"enum": values[parameter["name"]]}
                    parameter["example"] = values[parameter["name"]][0]
