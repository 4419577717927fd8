"""The machine is gone with its disk: the copies of its log and the key, kept elsewhere, become the server on another one."""
import datetime
import json
import os
import shutil
import time

from drill import conduct, deliver, deliveries, is_ready, ready, until


def is_copied(drill, since):
    """Returns whether all that was written before a time is in the copies."""
    try:
        with open(drill.path("elsewhere", "log", "state.json"), encoding="utf-8") as file:
            at = json.load(file)["confirmed_at"]
    except OSError:
        return False
    return at is not None and datetime.datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp() > since


def act(drill):
    os.makedirs(drill.path("elsewhere"))
    copies = {"GUILDHALL_BACKUP_LOG": "on", "GUILDHALL_BACKUP_DIR": drill.path("elsewhere")}
    server = ready(drill, **copies)
    shutil.copy2(drill.path("data", "secret.key"), drill.path("elsewhere", "secret.key"))
    accepted = deliver(50)
    written = time.time()
    until(lambda: is_copied(drill, written), "the log was copied")
    after = []
    while time.time() < written + 30 or len(after) < 20:
        if deliver(1) == 1:
            after.append(time.time())
        time.sleep(0.2)
    drill.fails_now()
    lost_at = time.time()
    drill.stop(server, kill=True)
    shutil.rmtree(drill.path("data"))
    until(lambda: not is_ready(), "the server was gone")
    drill.seen("/readyz does not answer")
    os.makedirs(drill.path("data"), mode=0o700)
    shutil.copy2(drill.path("elsewhere", "secret.key"), drill.path("data", "secret.key"))
    drill.must("restore", "--log", drill.path("elsewhere", "log"))
    found = deliveries(drill)
    ready(drill, **copies)
    drill.repaired()
    drill.keeps(accepted, found)
    lost = after[max(0, found - accepted):]
    drill.report |= {"since_the_copy": len(lost), "lost_seconds": round(lost_at - lost[0], 1) if lost else 0}
    drill.check("at most the last minute is lost", drill.report["lost_seconds"] <= 60)
    drill.check("deliveries are accepted again", deliver(1) == 1)
    drill.check("doctor can decrypt the stored secrets", "cannot be decrypted" not in drill.run("doctor")[1])
    drill.ledger()


conduct("lost-machine", act)
