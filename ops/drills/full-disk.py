"""The disk of the data directory is full: nothing is accepted that is not stored, pages are read, and space ends it."""
import os
import subprocess

from drill import Skipped, ask, conduct, deliver, deliveries, ready, until


def act(drill):
    os.makedirs(drill.path("data"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", drill.path("data")]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        raise Skipped("only root can mount a small file system")
    drill.undo.append(lambda: subprocess.run(["umount", "--lazy", drill.path("data")], check=True))
    ready(drill)
    accepted = deliver(10)
    filler = drill.path("data", "filler")
    drill.fails_now()
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            pass

    refused = []

    def shown():
        sent = deliver(1, size=200_000)
        nonlocal accepted
        accepted += sent
        refused.append(1 - sent)
        return not sent and "a delivery is refused"

    drill.seen(until(shown, "a delivery was refused"))
    drill.check("the front page is read", ask("/")[0] in (200, 303))
    drill.check("the server says that it is ready or not, and does not hang", ask("/readyz")[0] in (200, 503))
    os.remove(filler)
    until(lambda: deliver(1) == 1, "a delivery was accepted again")
    accepted += 1
    drill.repaired()
    drill.keeps(accepted, deliveries(drill))
    until(lambda: deliveries(drill, "completed_at IS NULL") == 0, "the inbox was empty")
    drill.ledger()


conduct("full-disk", act)
