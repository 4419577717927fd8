"""A reward is nearly gone: an alert says so, and ends once stock is added."""
import json

from drill import admin, alert, conduct, metric, ready

REWARD = {"name": "Enamel pin", "kind": "swag", "cost": 10, "stock": 5, "low_stock": 2}


def act(drill):
    ready(drill)
    person = admin(drill)
    status, text = person.api("POST", "/api/v1/admin/rewards", REWARD)
    if status != 201:
        raise AssertionError(f"no reward: {status} {text[:300]}")
    page = f"/api/v1/admin/rewards/{json.loads(text)['slug']}"

    def stock(number):
        status, text = person.api("PATCH", page, {"stock": number})
        return status == 200 and json.loads(text)["stock"] == number

    alert(drill, "reward_stock", "medium", lasts=False)
    drill.fails_now()
    drill.check("the stock falls to its threshold", stock(2))
    drill.seen(alert(drill, "reward_stock", "medium"))
    drill.check("Prometheus can see it", metric('reward_stock{reward="enamel-pin"}') == 2)
    drill.check("stock is added", stock(50))
    alert(drill, "reward_stock", "medium", lasts=False)
    drill.repaired()
    drill.report["lost"] = 0
    drill.ledger()


conduct("low-stock", act)
