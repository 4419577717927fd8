"""A service does not take messages: the queue of messages grows, and is empty some time after the service is back."""
from drill import PORT, ask, conduct, deliveries, metric, ready, until
import drill as shared


def act(drill):
    at = f"http://127.0.0.1:{PORT + 2}/services/T0/B0/X"
    ready(drill, SLACK_WEBHOOK_URL=at)
    # A delivery whose types are wrong becomes a dead letter, of which operators are told.
    body = b'{"action":7,"pull_request":[]}'
    digest = shared.hmac.new(shared.SECRET.encode(), body, shared.hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": str(shared.uuid.uuid4()),
        "X-Hub-Signature-256": f"sha256={digest}",
    }
    drill.fails_now()
    ask("/api/v1/webhooks/github", body, headers)
    until(lambda: deliveries(drill, "dead_at IS NOT NULL") == 1, "the delivery was given up")
    drill.must("jobs", "run", "OperatorAlerts")
    waiting = 'guildhall_queue_depth{queue="outbox"}'
    until(lambda: (metric(waiting) or 0) > 0, "a message waited")
    drill.seen("guildhall_queue_depth of outbox")
    drill.start("fake", "post", "--bind", f"127.0.0.1:{PORT + 2}", log="post.log")
    until(lambda: ask("/_taken", port=PORT + 2)[0] == 200, "the service was back")
    until(lambda: metric(waiting) == 0, "the queue was empty", patience=300)
    drill.repaired()
    taken = ask("/_taken", port=PORT + 2)[1]
    drill.keeps(1, deliveries(drill))
    drill.check("the message arrived", len(taken) > 10)
    drill.ledger()


conduct("notification-backlog", act)
