"""A region is gone with its servers and its database: the replica in another one is promoted, and a server there uses it."""
import os
import shutil

from cluster import Cluster
from drill import PORT, conduct, deliver, is_ready, ready, until


def act(drill):
    primary = Cluster(drill, "primary", PORT + 3).create()
    replica = Cluster(drill, "replica", PORT + 4)
    replica.copy_of(primary, "-R", "-X", "stream")
    replica.begin()
    server = ready(drill, DATABASE_URL=primary.url, DATABASE_READ_URL=replica.url)
    # The other region has the key, too, and nothing else of the first.
    os.makedirs(drill.path("elsewhere"), mode=0o700)
    shutil.copy2(drill.path("data", "secret.key"), drill.path("elsewhere", "secret.key"))
    accepted = deliver(50)
    primary.settles()
    until(lambda: replica.deliveries("completed_at IS NOT NULL") == accepted, "the replica had the deliveries")
    after = deliver(3)
    drill.fails_now()
    drill.stop(server, kill=True)
    primary.stop()
    shutil.rmtree(primary.folder)
    shutil.rmtree(drill.path("data"))
    until(lambda: not is_ready(), "the servers were gone")
    drill.seen("/readyz does not answer")
    replica.promote()
    there = {"DATABASE_URL": replica.url, "GUILDHALL_DATA_DIR": drill.path("elsewhere")}
    drill.must("migrate", "up", **there)
    ready(drill, **there)
    drill.repaired()
    drill.check("deliveries are accepted again", deliver(1) == 1)
    replica.settles()
    found = replica.deliveries() - 1
    drill.keeps(accepted, found)
    drill.report |= {"since_the_replica": after, "of_these_lost": accepted + after - found}
    drill.check("doctor can decrypt the stored secrets", "cannot be decrypted" not in drill.run("doctor", **there)[1])
    drill.ledger(**there)


conduct("lost-region", act)
