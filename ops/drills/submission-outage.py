"""Teams cannot submit, and nothing is frozen: the feature is off and its job paused. Both go on; what was submitted is there."""
import json
import re
import sqlite3
from datetime import datetime, timedelta, timezone

from drill import admin, alert, conduct, ready, signed_in, until


def moment(**away):
    return (datetime.now(timezone.utc) + timedelta(**away)).strftime("%Y-%m-%dT%H:%M:%SZ")


def act(drill):
    ready(drill)
    organizer = admin(drill)
    # Who organizes a hackathon does not take part in it.
    link = drill.must("user", "create", "--admin", "ada@tern.example")
    person = signed_in(re.search(r"code=([\w-]+)", link).group(1))

    def api(browser, method, path, document=None):
        status, text = browser.api(method, path, document)
        if status not in (200, 201, 204):
            raise AssertionError(f"{method} {path}: {status} {text[:300]}")
        return json.loads(text) if text else None

    dates = {
        "application_opens_at": moment(days=-2),
        "application_closes_at": moment(seconds=4),
        "submission_opens_at": moment(seconds=4),
        "submission_closes_at": moment(days=1),
        "places": "automatic",
    }
    slug = api(organizer, "POST", "/api/v1/hackathons", {"title": "Low Tide", "conduct": "Be kind.", **dates})["slug"]
    api(organizer, "POST", f"/api/v1/hackathons/{slug}/publish")
    api(person, "PUT", f"/api/v1/me/hackathons/{slug}/application", {"conduct_version": 1})

    def submit(title):
        document = {"title": title, "repository": "octo/gannet", "summary": "Finds free berths."}
        status, text = person.api("PUT", f"/api/v1/me/hackathons/{slug}/submission", document)
        return status if status in (200, 201) else json.loads(text).get("code", status)

    def rows(query):
        with sqlite3.connect(f"file:{drill.path('data', 'guildhall.db')}?mode=ro", uri=True, timeout=10) as database:
            return database.execute(query).fetchone()[0]

    until(lambda: submit("Gannet") in (200, 201), "submissions opened")
    accepted = 1 + sum(submit(f"Gannet {number}") in (200, 201) for number in range(2))
    drill.check("versions are accepted before", accepted == 3)
    drill.fails_now()
    drill.must("flags", "set", "submissions", "off", "--reason", "A drill")
    drill.must("jobs", "pause", "SubmissionDeadlines", "--reason", "A drill")
    until(lambda: submit("Gannet, refused") == "SUBMISSIONS_OFF", "a submission was refused")
    # Time passes: the deadline is four minutes ago. Without judging, its instants are the same.
    with sqlite3.connect(drill.path("data", "guildhall.db"), timeout=10) as database:
        ends = "submission_closes_at = ?1, judging_opens_at = ?1, judging_closes_at = ?1"
        database.execute(f"UPDATE hackathons SET {ends}", [moment(minutes=-4)])
    drill.seen(alert(drill, "submission_deadlines", "critical"))
    drill.check("flags list names what is off", "submissions" in drill.must("flags", "list"))
    drill.must("flags", "set", "submissions", "on", "--reason", "The drill is over")
    drill.must("jobs", "resume", "SubmissionDeadlines")
    drill.must("jobs", "run", "SubmissionDeadlines")
    until(lambda: rows("SELECT count(*) FROM submissions WHERE locked_at IS NOT NULL") == 1, "the submission was frozen")
    # The team lost time, so an organizer moves the deadline.
    api(organizer, "PATCH", f"/api/v1/hackathons/{slug}", {"submission_closes_at": moment(hours=1)})
    until(lambda: submit("Gannet, again") in (200, 201), "a submission got through")
    accepted += 1
    alert(drill, "submission_deadlines", "critical", lasts=False)
    drill.repaired()
    drill.keeps(accepted, rows("SELECT count(*) FROM submission_versions"))
    drill.ledger()


conduct("submission-outage", act)
