"""The machine is gone with its disk: a backup and the key, kept elsewhere, become the server on another one."""
import os
import shutil

from drill import conduct, deliver, deliveries, is_ready, ready, until


def act(drill):
    server = ready(drill)
    accepted = deliver(50)
    until(lambda: deliveries(drill, "completed_at IS NULL") == 0, "the inbox was empty")
    os.makedirs(drill.path("elsewhere"))
    drill.must("backup", "--to", drill.path("elsewhere", "backup.db"))
    shutil.copy2(drill.path("data", "secret.key"), drill.path("elsewhere", "secret.key"))
    after = deliver(3)
    drill.fails_now()
    drill.stop(server, kill=True)
    shutil.rmtree(drill.path("data"))
    until(lambda: not is_ready(), "the server was gone")
    drill.seen("/readyz does not answer")
    os.makedirs(drill.path("data"), mode=0o700)
    shutil.copy2(drill.path("elsewhere", "secret.key"), drill.path("data", "secret.key"))
    drill.must("restore", drill.path("elsewhere", "backup.db"))
    ready(drill)
    drill.mended()
    drill.keeps(accepted, deliveries(drill))
    drill.report["since_the_backup"] = after
    drill.check("deliveries are accepted again", deliver(1) == 1)
    drill.check("doctor can decrypt the stored secrets", "cannot be decrypted" not in drill.run("doctor")[1])
    drill.ledger()


conduct("lost-machine", act)
