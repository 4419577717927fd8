"""PostgreSQL is gone for a while: the server says so and goes on by itself once the database is back."""
from drill import Postgres, conduct, deliver, is_ready, ready, until


def act(drill):
    postgres = Postgres(drill)
    ready(drill, DATABASE_URL=postgres.url)
    accepted = deliver(20)
    drill.fails_now()
    postgres.stop()
    drill.seen(until(lambda: not is_ready() and "/readyz", "the server said so"))
    drill.check("nothing is accepted that is not stored", deliver(2) == 0)
    postgres.begin()
    until(is_ready, "the server was ready")
    until(lambda: deliver(1) == 1, "a delivery was accepted")
    accepted += 1
    until(lambda: postgres.count("webhook_deliveries WHERE completed_at IS NULL") == 0, "the jobs went on")
    drill.mended()
    drill.keeps(accepted, postgres.count("webhook_deliveries"))
    drill.ledger(DATABASE_URL=postgres.url)


conduct("postgres-gone", act)
