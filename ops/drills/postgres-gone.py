"""PostgreSQL is gone for a while: the server says so and goes on by itself once the database is back."""
from cluster import Cluster
from drill import PORT, conduct, deliver, is_ready, ready, until


def act(drill):
    cluster = Cluster(drill, "cluster", PORT + 3).create()
    ready(drill, DATABASE_URL=cluster.url)
    accepted = deliver(20)
    drill.fails_now()
    cluster.stop()
    drill.seen(until(lambda: not is_ready() and "/readyz", "the server said so"))
    drill.check("nothing is accepted that is not stored", deliver(2) == 0)
    cluster.begin()
    until(is_ready, "the server was ready")
    until(lambda: deliver(1) == 1, "a delivery was accepted")
    accepted += 1
    cluster.settles()
    drill.repaired()
    drill.keeps(accepted, cluster.deliveries())
    drill.ledger(DATABASE_URL=cluster.url)


conduct("postgres-gone", act)
