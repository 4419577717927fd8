"""Calls to a language model and the database cost too much: calls stop at the budget, alerts say so, and the runbook ends both."""
from drill import PORT, alert, ask, conduct, metric, ready, until

BUDGET = 1
SEARCHES = 60
# The words of a search, so many that each costs something.
WORDS = "+".join(["the", "program", "crashes", "after", "some", "minutes", "and", "says", "nothing", "about", "the", "reason"] * 2)


def act(drill):
    drill.start("fake", "openai", "--bind", f"127.0.0.1:{PORT + 2}", log="model.log")
    until(lambda: ask("/_usage", port=PORT + 2)[0] == 200, "the simulated model answered")
    settings = {
        "OPENAI_BASE_URL": f"http://127.0.0.1:{PORT + 2}/v1",
        "OPENAI_API_KEY": "sk-fake-key-of-the-testkit",
        "AI_DAILY_BUDGET_USD": BUDGET,
        # So dear that the next call may exceed the budget after some searches.
        "AI_PRICE_EMBEDDING_USD": 220,
        "AI_PRICE_INPUT_USD": 29,
        "GUILDHALL_DATABASE_PRICE_USD": 1_000_000,
        "GUILDHALL_DATABASE_BUDGET_USD": "0.01",
    }
    server = ready(drill, **settings)
    alert(drill, "language_model", "medium", lasts=False)
    drill.fails_now()
    pages = [ask(f"/discover?q={WORDS}+{number}")[0] for number in range(SEARCHES)]
    drill.must("jobs", "run", "StorageMeasurement")
    drill.seen(alert(drill, "language_model", "medium"))
    alert(drill, "database_cost", "high")
    spent = cost()
    drill.check("the calls stopped at the budget", 0 < spent <= BUDGET * 1_000_000)
    drill.check("searches go on without the model", all(status == 200 for status in pages))

    drill.must("flags", "set", "language_model", "off", "--reason", "It costs too much")
    alert(drill, "language_model", "medium", lasts=False)
    drill.check("nothing is asked once the flag is off", ask("/discover?q=another+crash")[0] == 200 and cost() == spent)
    drill.stop(server)
    ready(drill, **settings | {"GUILDHALL_DATABASE_BUDGET_USD": 1_000_000})
    alert(drill, "database_cost", "high", lasts=False)
    drill.repaired()
    drill.report["lost"] = 0
    drill.ledger()


def cost():
    """Returns the millionths of a dollar that calls have cost since the start of the server."""
    return metric("guildhall_model_cost_microdollars_total") or 0


conduct("cost-spike", act)
