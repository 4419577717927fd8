"""The replica of public pages falls behind, goes and comes back: pages are read from the primary meanwhile, and none fails."""
from cluster import Cluster
from drill import PORT, admin, ask, conduct, metric, ready, until

LAG = 2


def reads(kind):
    return metric(f'guildhall_replica_reads_total{{read="{kind}"}}') or 0


def grows(kind):
    """Returns true if another page is counted there."""
    before = reads(kind)
    return ask("/projects")[0] == 200 and reads(kind) > before


def act(drill):
    primary = Cluster(drill, "primary", PORT + 3).create()
    replica = Cluster(drill, "replica", PORT + 4)
    replica.copy_of(primary, "-R", "-X", "stream")
    replica.begin()
    settings = {"DATABASE_URL": primary.url, "DATABASE_READ_URL": replica.url, "GUILDHALL_REPLICA_LAG_SECONDS": LAG}

    def project(name):
        drill.must("project", "create", "--name", name, DATABASE_URL=primary.url)

    ready(drill, **settings)
    project("alderworks")
    until(lambda: grows("replica"), "public pages were read from the replica")
    until(lambda: "alderworks" in ask("/projects")[1], "the page of the replica had the project")

    # A person reads their own changes.
    person = admin(drill, DATABASE_URL=primary.url)
    before = reads("own_change")
    person.get("/projects")
    drill.check("pages after an own change are read from the primary", reads("own_change") > before)

    replica.sql("SELECT pg_wal_replay_pause()")
    project("birchworks")
    until(lambda: grows("behind"), "pages were read from the primary, because the replica was behind")
    drill.check("the page has what the replica lacks", "birchworks" in ask("/projects")[1])
    replica.sql("SELECT pg_wal_replay_resume()")
    until(lambda: grows("replica"), "the replica caught up, and was read again")
    until(lambda: "birchworks" in ask("/projects")[1], "the page of the replica had the second project")

    drill.fails_now()
    replica.stop()
    drill.check("ten pages are served right after the replica is gone", all(ask("/projects")[0] == 200 for _ in range(10)))
    drill.seen(until(lambda: grows("unreachable") and "guildhall_replica_reads_total", "the primary was read"))
    replica.begin()
    until(lambda: grows("replica"), "the replica was back, and read again")
    drill.repaired()
    drill.report["lost"] = 0
    drill.ledger(DATABASE_URL=primary.url)


conduct("replica", act)
