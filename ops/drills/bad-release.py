"""A release does not start: the health check after the change sees it, and the release before takes its place again."""
import os

from drill import PROGRAM, conduct, deliver, deliveries, is_ready, ready, until

# Stands for the release: it ends at its start, as one does whose configuration or migration is refused.
BROKEN = "#!/bin/sh\necho 'guildhall: cannot start' >&2\nexit 1\n"


def act(drill):
    installed = drill.path("guildhall")
    os.symlink(PROGRAM, installed)
    server = drill.start("serve", program=installed)
    until(is_ready, "the server was ready")
    accepted = deliver(20)
    drill.must("backup", "--to", drill.path("before-upgrade.db"))
    with open(drill.path("guildhall-new"), "w", encoding="utf-8") as file:
        file.write(BROKEN)
    os.chmod(drill.path("guildhall-new"), 0o755)
    drill.stop(server)
    drill.fails_now()
    os.replace(drill.path("guildhall-new"), installed)
    new = drill.start("serve", program=installed, log="new.log")
    until(lambda: new.poll() is not None, "the release ended")
    drill.check("the release is not ready", not is_ready())
    drill.seen("/readyz after the change")
    os.remove(installed)
    os.symlink(PROGRAM, installed)
    ready(drill, log="again.log")
    drill.repaired()
    drill.keeps(accepted, deliveries(drill))
    drill.check("deliveries are accepted again", deliver(1) == 1)
    drill.ledger()


conduct("bad-release", act)
