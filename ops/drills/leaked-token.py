"""A token of the API is known to others: revoking it ends it at once, and the audit log says who made it and who ended it."""
import json
import sqlite3

from drill import admin, ask, conduct, ready


def act(drill):
    ready(drill)
    person = admin(drill)
    status, text = person.api("POST", "/api/v1/me/tokens", {"name": "Nightly report", "scopes": ["read"], "expires_in_days": 30})
    if status != 201:
        raise AssertionError(f"no token: {status} {text[:300]}")
    made = json.loads(text)
    token, own = made["secret"], made["id"]

    def use():
        return ask("/api/v1/me", headers={"Authorization": f"Bearer {token}"})[0]

    drill.check("the token works", use() == 200)
    drill.fails_now()
    drill.seen("the person who leaked it, or a scan for secrets")
    status, _ = person.api("DELETE", f"/api/v1/me/tokens/{own}")
    drill.check("the token is revoked", status in (200, 204))
    drill.check("the token is refused", use() == 401)
    drill.repaired()
    with sqlite3.connect(f"file:{drill.path('data', 'guildhall.db')}?mode=ro", uri=True) as database:
        acts = database.execute("SELECT count(*) FROM audit_logs WHERE action IN ('token.create', 'token.revoke')").fetchone()[0]
    drill.check("the audit log has both", acts == 2)
    drill.report["lost"] = 0
    drill.ledger()


conduct("leaked-token", act)
