"""GitHub does not answer: the health check names it, the rest of the server works, and nothing has to be done when it is back."""
from drill import PORT, ask, conduct, deliver, deliveries, health, is_ready, ready, until


def act(drill):
    at = f"http://127.0.0.1:{PORT + 2}"

    def simulated():
        return drill.start("fake", "github", "--bind", f"127.0.0.1:{PORT + 2}", log="github.log")

    github = simulated()
    until(lambda: ask("/", port=PORT + 2)[0] != 0, "the simulated GitHub answered")
    # The token of someone in the sample community.
    token = "token-wendric-hartsel"
    ready(drill, GUILDHALL_GITHUB_URL=at, GUILDHALL_GITHUB_API_URL=at, GITHUB_API_TOKEN=token)
    until(lambda: health("github-api") == "healthy", "GitHub was checked")
    accepted = deliver(10)
    drill.stop(github, kill=True)
    drill.fails_now()

    def shown():
        return health("github-api") not in (None, "healthy") and "/api/health: github-api"

    drill.seen(until(shown, "the health check named GitHub"))
    drill.check("the server stays ready", is_ready())
    accepted += deliver(10)
    drill.check("deliveries are accepted meanwhile", accepted == 20)
    simulated()
    until(lambda: health("github-api") == "healthy", "the health check was as before")
    drill.repaired()
    drill.keeps(accepted, deliveries(drill))
    drill.ledger()


conduct("github-failure", act)
