"""All is gone but the secret key and the copies elsewhere: the newest encrypted one becomes the server."""
import os
import shutil
import subprocess
import time

from drill import Skipped, conduct, deliver, deliveries, is_ready, ready, until


def act(drill):
    if shutil.which("age-keygen") is None:
        raise Skipped("age-keygen is not installed")
    # Where a copy of the key, the private key of the backups and the backups are. The server knows none of the first two.
    elsewhere = drill.path("elsewhere")
    os.makedirs(elsewhere)
    identity = drill.path("elsewhere", "backups.key")
    subprocess.run(["age-keygen", "-o", identity], check=True, capture_output=True)
    recipient = subprocess.run(["age-keygen", "-y", identity], check=True, capture_output=True, text=True).stdout.strip()
    settings = {"GUILDHALL_BACKUP_RECIPIENT": recipient, "GUILDHALL_BACKUP_COMMAND": f"cp {{file}} {elsewhere}/{{name}}"}
    server = ready(drill, **settings)
    shutil.copy2(drill.path("data", "secret.key"), drill.path("elsewhere", "secret.key"))
    accepted = deliver(50)
    until(lambda: deliveries(drill, "completed_at IS NULL") == 0, "the inbox was empty")

    def copies():
        return sorted(name for name in os.listdir(elsewhere) if name.endswith(".age"))

    begun = time.monotonic()
    drill.must("jobs", "run", "Backup", **settings)
    until(copies, "a backup was copied elsewhere")
    until(lambda: is_complete(drill, copies()[-1]), "the copy was complete")
    after = deliver(3)
    drill.fails_now()
    drill.loses(time.monotonic() - begun)
    drill.stop(server, kill=True)
    shutil.rmtree(drill.path("data"))
    until(lambda: not is_ready(), "the server was gone")
    drill.seen("/readyz does not answer")
    os.makedirs(drill.path("data"), mode=0o700)
    shutil.copy2(drill.path("elsewhere", "secret.key"), drill.path("data", "secret.key"))
    drill.must("restore", drill.path("elsewhere", copies()[-1]), "--identity", identity)
    ready(drill)
    drill.repaired()
    drill.keeps(accepted, deliveries(drill))
    drill.report["since_the_backup"] = after
    drill.check("deliveries are accepted again", deliver(1) == 1)
    drill.check("doctor can decrypt the stored secrets", "cannot be decrypted" not in drill.run("doctor")[1])
    drill.ledger()


def is_complete(drill, name):
    return os.path.getsize(drill.path("elsewhere", name)) == os.path.getsize(drill.path("data", "backups", name))


conduct("everything", act)
