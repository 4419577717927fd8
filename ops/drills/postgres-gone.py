"""PostgreSQL is gone for a while: the server says so and goes on by itself once the database is back."""
import glob
import os
import pwd
import shutil
import subprocess

from drill import PORT, Skipped, conduct, deliver, is_ready, ready, until


def act(drill):
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [os.path.dirname(shutil.which("initdb") or "")]
    binaries, port = found[-1], PORT + 3
    if not os.path.exists(os.path.join(binaries, "initdb")):
        raise Skipped("PostgreSQL is not installed")
    user = {}
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root.
        person = pwd.getpwnam("postgres")
        user = {"user": person.pw_uid, "group": person.pw_gid}
        os.chown(drill.folder, person.pw_uid, person.pw_gid)
    cluster = drill.path("cluster")

    def tool(name, *arguments):
        command = [os.path.join(binaries, name), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **user)

    def begin():
        options = f"-p {port} -c unix_socket_directories={drill.folder} -c listen_addresses=127.0.0.1"
        tool("pg_ctl", "-D", cluster, "-w", "-l", drill.path("postgres.log"), "-o", options, "start")

    tool("initdb", "-D", cluster, "-A", "trust", "-U", "postgres")
    begin()
    drill.undo.append(lambda: tool("pg_ctl", "-D", cluster, "-m", "immediate", "stop"))
    url = f"postgres://postgres@127.0.0.1:{port}/postgres"
    ready(drill, DATABASE_URL=url)

    def count(condition="true"):
        query = f"SELECT count(*) FROM webhook_deliveries WHERE {condition}"
        asked = ["psql", "-Atq", url, "-c", query]
        return int(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)

    accepted = deliver(20)
    drill.fails_now()
    tool("pg_ctl", "-D", cluster, "-m", "immediate", "stop")
    drill.seen(until(lambda: not is_ready() and "/readyz", "the server said so"))
    drill.check("nothing is accepted that is not stored", deliver(2) == 0)
    begin()
    until(is_ready, "the server was ready")
    until(lambda: deliver(1) == 1, "a delivery was accepted")
    accepted += 1
    until(lambda: count("completed_at IS NULL") == 0, "the jobs went on")
    drill.mended()
    drill.keeps(accepted, count())
    drill.ledger(DATABASE_URL=url)


conduct("postgres-gone", act)
