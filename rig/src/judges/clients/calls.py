"""Calls the server with the generated client: a list, its next page, a refusal, and the own account."""

import importlib
import pkgutil
import sys

sys.path.insert(0, "client")

import guildhall_client
from guildhall_client import AuthenticatedClient, Client
from guildhall_client.api.leaderboards import list_leaderboard
from guildhall_client.api.your_account import get_me
from guildhall_client.api.people import get_person
from guildhall_client.models import BoardPage, Me, Person, Problem, ProblemCode

for module in pkgutil.walk_packages(guildhall_client.__path__, "guildhall_client."):
    importlib.import_module(module.name)

server, token = sys.argv[1:]
visitor = Client(base_url=server, raise_on_unexpected_status=True)

first = list_leaderboard.sync_detailed(client=visitor, limit=2)
page = first.parsed
assert isinstance(page, BoardPage) and len(page.items) == 2, first
assert "link" in first.headers, first.headers

following = list_leaderboard.sync(client=visitor, limit=2, cursor=page.next_cursor)
assert isinstance(following, BoardPage), following
logins = [person.login for person in page.items + following.items]
assert len(set(logins)) == 4, logins

leader = get_person.sync(client=visitor, login=logins[0])
assert isinstance(leader, Person) and leader.login == logins[0], leader

refused = get_me.sync_detailed(client=visitor)
assert refused.status_code == 401, refused
assert isinstance(refused.parsed, Problem), refused
assert refused.parsed.code == ProblemCode.SIGN_IN_REQUIRED, refused

program = AuthenticatedClient(base_url=server, token=token, raise_on_unexpected_status=True)
me = get_me.sync(client=program)
assert isinstance(me, Me), me
print(f"signed in as {me.login}")
