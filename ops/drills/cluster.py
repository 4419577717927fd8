"""Clusters of PostgreSQL that belong to a drill: a server, the base backup of another one, its replica."""

import glob
import os
import pwd
import shutil
import subprocess

from drill import Skipped, until


def programs():
    """Returns the folder of PostgreSQL's programs: PG_BIN, or that of the newest version on this machine."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    folder = os.environ.get("PG_BIN") or (found[-1] if found else os.path.dirname(shutil.which("initdb") or ""))
    if not os.path.exists(os.path.join(folder, "initdb")):
        raise Skipped("PostgreSQL is not installed")
    return folder


class Cluster:
    """A cluster in the folder `name` of a drill, which is stopped at its end."""

    def __init__(self, drill, name, port):
        self.drill, self.name, self.port = drill, name, port
        self.programs, self.folder, self.user = programs(), drill.path(name), {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            try:
                person = pwd.getpwnam("postgres")
            except KeyError:
                raise Skipped("PostgreSQL refuses to run as root, and there is no user postgres") from None
            self.user = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
            os.chown(drill.folder, person.pw_uid, person.pw_gid)
        self.url = f"postgres://postgres@127.0.0.1:{port}/postgres"
        drill.undo.append(lambda: os.path.exists(os.path.join(self.folder, "postmaster.pid")) and self.stop())

    def tool(self, name, *arguments):
        """Runs one of PostgreSQL's programs; returns what it wrote."""
        command = [os.path.join(self.programs, name), *arguments]
        # What goes on in the background keeps these open: to files, so that no one waits for its end.
        with open(self.drill.path(f"{self.name}-{name}.out"), "w+", encoding="utf-8") as output:
            done = subprocess.run(command, stdout=output, stderr=output, cwd="/", **self.user)
            output.seek(0)
            text = output.read()
        if done.returncode != 0:
            raise AssertionError(f"{name}: {text.strip()[-400:]}")
        return text

    def create(self, *settings):
        self.tool("initdb", "-D", self.folder, "-A", "trust", "-U", "postgres")
        self.configure(*settings)
        return self.begin()

    def configure(self, *settings):
        with open(os.path.join(self.folder, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in settings)

    def copy_of(self, other, *options):
        """Makes the folder from a base backup of another cluster."""
        self.tool("pg_basebackup", "-h", "127.0.0.1", "-p", str(other.port), "-U", "postgres", "-D", self.folder, "-c", "fast", *options)

    def begin(self):
        options = f"-p {self.port} -c unix_socket_directories={self.drill.folder} -c listen_addresses=127.0.0.1"
        self.tool("pg_ctl", "-D", self.folder, "-w", "-l", self.drill.path(f"{self.name}.log"), "-o", options, "start")
        return self

    def stop(self):
        """Stops it as if the machine had failed."""
        self.tool("pg_ctl", "-D", self.folder, "-m", "immediate", "stop")

    def promote(self):
        self.tool("pg_ctl", "-D", self.folder, "-w", "promote")

    def sql(self, statement):
        return self.tool("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", self.url, "-c", statement).strip()

    def count(self, rows):
        return int(self.sql(f"SELECT count(*) FROM {rows}"))

    def deliveries(self, condition="true"):
        return self.count(f"webhook_deliveries WHERE {condition}")

    def settles(self):
        until(lambda: self.deliveries("completed_at IS NULL") == 0, "the inbox was empty")
