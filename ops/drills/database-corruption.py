"""Pages of the database file are overwritten: the checks see it, and the newest backup takes its place."""
import os
import shutil
import sqlite3

from drill import conduct, deliver, deliveries, ready, until


def is_sound(path):
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            return database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        return False


def act(drill):
    server = ready(drill)
    accepted = deliver(50)
    until(lambda: deliveries(drill, "completed_at IS NULL") == 0, "the inbox was empty")
    drill.must("backup", "--to", drill.path("backup.db"))
    drill.stop(server)
    database = drill.path("data", "guildhall.db")
    with sqlite3.connect(database) as file:
        # What is still in the log would hide the pages under it.
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    drill.fails_now()
    with open(database, "r+b") as file:
        size = os.path.getsize(database)
        for at in range(4096, size, 4096 * 3):
            file.seek(at)
            file.write(os.urandom(512))
    code, said = drill.run("doctor")
    drill.seen("guildhall doctor" if code != 0 and "FIX" in said else "PRAGMA integrity_check")
    drill.check("the file is found to be broken", code != 0 or not is_sound(database))
    os.rename(drill.path("data"), drill.path("broken"))
    os.makedirs(drill.path("data"), mode=0o700)
    shutil.copy2(drill.path("broken", "secret.key"), drill.path("data", "secret.key"))
    drill.must("restore", drill.path("backup.db"))
    ready(drill)
    drill.repaired()
    drill.keeps(accepted, deliveries(drill))
    drill.check("the restored file is sound", is_sound(database))
    drill.check("deliveries are accepted again", deliver(1) == 1)
    drill.ledger()


conduct("database-corruption", act)
