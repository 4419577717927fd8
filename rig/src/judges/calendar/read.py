"""Prints the events of calendar files as JSON, by file, as vobject reads them. It also validates each file."""

import json
import os
import sys
from datetime import timezone

import vobject


def value(event, name, missing=""):
    child = getattr(event, name, None)
    return missing if child is None else child.value


def instant(at):
    assert at.utcoffset() is not None, f"{at} has no offset"
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def of(event):
    start = value(event, "dtstart")
    return {
        "uid": value(event, "uid"),
        "sequence": int(value(event, "sequence")),
        "status": value(event, "status"),
        "start": instant(start),
        "end": instant(value(event, "dtend", start)),
        "summary": value(event, "summary"),
        "description": value(event, "description"),
    }


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        calendar = vobject.readOne(file.read())
    assert calendar.name == "VCALENDAR", calendar.name
    assert calendar.validate(raiseException=True)
    events = calendar.contents.get("vevent", [])
    return sorted(map(of, events), key=lambda event: event["uid"])


print(json.dumps({os.path.basename(path): read(path) for path in sys.argv[1:]}))
