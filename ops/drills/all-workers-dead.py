"""Every process that runs jobs is gone: deliveries are still stored, the queue grows, and a new worker empties it."""
from drill import conduct, deliver, deliveries, health, metric, ready, until


def act(drill):
    ready(drill, "--no-jobs")
    worker = drill.start("worker", log="worker.log")
    accepted = deliver(5)
    until(lambda: deliveries(drill, "completed_at IS NOT NULL") == accepted, "the worker worked")
    drill.stop(worker, kill=True)
    drill.fails_now()
    accepted += deliver(20)

    def shown():
        if health("jobs") in ("failing", "degraded", "unhealthy"):
            return "/api/health: jobs"
        age = metric('guildhall_queue_age_seconds{queue="inbox"}')
        return age is not None and age >= 5 and "guildhall_queue_age_seconds of inbox"

    drill.seen(until(shown, "the queue's age grew"))
    drill.check("deliveries are accepted meanwhile", accepted == 25)
    drill.start("worker", log="worker.log")
    until(lambda: deliveries(drill, "completed_at IS NOT NULL") == accepted, "the new worker emptied the queue")
    drill.repaired()
    drill.keeps(accepted, deliveries(drill))
    drill.ledger()


conduct("all-workers-dead", act)
