"""The key file is gone: the server refuses to start with another key, and the copy that is kept apart ends it."""
import os
import shutil

from drill import conduct, deliver, deliveries, ready, until


def act(drill):
    server = ready(drill)
    accepted = deliver(10)
    with open(drill.path("hook-secret"), "w", encoding="utf-8") as file:
        file.write("of this hook alone, and long enough\n")
    drill.must("project", "create", "--name", "Lantern Works")
    drill.must(
        "repo", "add", "octo/lantern", "--project", "lantern-works", "--github-id", "1296269", "--hook-id", "7",
        "--secret-file", drill.path("hook-secret"),
    )
    until(lambda: deliveries(drill, "completed_at IS NULL") == 0, "the inbox was empty")
    shutil.copy2(drill.path("data", "secret.key"), drill.path("kept.key"))
    drill.stop(server)
    drill.fails_now()
    os.remove(drill.path("data", "secret.key"))
    refused = drill.start("serve", log="refused.log")
    until(lambda: refused.poll() is not None, "the server refused to start")
    with open(drill.path("refused.log"), encoding="utf-8", errors="replace") as log:
        said = log.read()
    drill.seen("the server refuses to start")
    drill.check("the refusal names the key", refused.returncode != 0 and "key" in said)
    drill.check("no other key was made", not os.path.exists(drill.path("data", "secret.key")))
    shutil.copy2(drill.path("kept.key"), drill.path("data", "secret.key"))
    ready(drill)
    drill.repaired()
    drill.keeps(accepted, deliveries(drill))
    drill.check("doctor can decrypt the stored secrets", "cannot be decrypted" not in drill.run("doctor")[1])
    drill.ledger()


conduct("lost-key", act)
