"""Rows of PostgreSQL are deleted by mistake: a base backup and the archived log become the database of a second before."""
import os
import shutil
import time

from cluster import Cluster
from drill import PORT, conduct, deliver, ready, until


def act(drill):
    archive = drill.path("archive")
    live = Cluster(drill, "live", PORT + 3)
    os.mkdir(archive)
    os.chmod(archive, 0o777)
    live.create(
        "wal_level = replica",
        "archive_mode = on",
        f"archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f.part && mv {archive}/%f.part {archive}/%f'",
        "archive_timeout = 60",
    )
    server = ready(drill, DATABASE_URL=live.url)
    accepted = deliver(20)
    live.settles()
    recovered = Cluster(drill, "recovered", PORT + 4)
    recovered.copy_of(live, "-X", "none")
    live.tool("pg_verifybackup", "-n", "-q", recovered.folder)
    # Only the log knows these.
    accepted += deliver(20)
    live.settles()
    time.sleep(1)
    target, at = live.sql("SELECT now()"), time.monotonic()
    time.sleep(1)

    after = deliver(5)
    drill.fails_now()
    live.sql("TRUNCATE webhook_deliveries CASCADE")
    drill.check("the rows are gone", live.deliveries() == 0)
    drill.seen("someone who misses what was deleted")
    last = live.sql("SELECT pg_walfile_name(pg_switch_wal())")
    until(lambda: os.path.exists(os.path.join(archive, last)), "the log was archived")
    drill.stop(server)
    drill.loses(time.monotonic() - at)
    live.stop()
    shutil.rmtree(live.folder)
    recovered.configure(
        f"restore_command = 'cp {archive}/%f %p'",
        f"recovery_target_time = '{target}'",
        "recovery_target_action = 'promote'",
        "archive_mode = off",
    )
    # It belongs to PostgreSQL's user, who removes it.
    signal = os.path.join(recovered.folder, "recovery.signal")
    open(signal, "w").close()
    shutil.chown(signal, os.stat(recovered.folder).st_uid, os.stat(recovered.folder).st_gid)
    recovered.begin()
    until(lambda: recovered.sql("SELECT pg_is_in_recovery()") == "f", "the recovery ended")
    drill.ledger(DATABASE_URL=recovered.url)
    ready(drill, DATABASE_URL=recovered.url)
    drill.repaired()
    found = recovered.deliveries()
    drill.keeps(accepted, found)
    drill.report["since_the_target"] = after
    drill.check("what came after the target time is not there", found == accepted)
    drill.check("deliveries are accepted again", deliver(1) == 1)


conduct("postgres-pitr", act)
