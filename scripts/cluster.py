"""PostgreSQL: a private cluster in the cache, or the server that PG* variables name."""

import contextlib
import fcntl
import os
import pwd
import subprocess
import tempfile
from pathlib import Path

from environment import (
    CACHE,
    IS_ROOT,
    MODULE,
    Failure,
    digest,
    exclusive,
    find_program,
    output,
    run,
    say,
    uses_existing_server,
)

# The longest path that PostgreSQL accepts for a socket's folder, roughly.
SOCKET_PATH_LIMIT = 85


class Cluster:
    """A PostgreSQL server and the few statements that ./dev needs.

    :param name: "test" (fast, may lose data when the machine dies) or "demo".
    """

    def __init__(self, name):
        self.name = name
        self.own = not uses_existing_server()
        self.base = CACHE / f"postgres-{name}"
        if self.own and IS_ROOT and not _may_enter(CACHE):
            # PostgreSQL refuses to run as root; its user cannot enter root's home.
            self.base = Path("/var/cache") / MODULE / digest(CACHE) / name
        self.socket = self.base / "run"
        if len(str(self.socket)) > SOCKET_PATH_LIMIT:
            self.socket = Path(tempfile.gettempdir()) / f"{MODULE}-{digest(self.base)}"
        self._use = None

    @property
    def environment(self):
        """Return the environment in which libpq, and so Odoo, finds this server."""
        if self.own:
            return os.environ | {
                "PGHOST": str(self.socket),
                "PGPORT": "5432",
                "PGUSER": "odoo",
            }
        if os.environ.get("PGUSER") == "postgres":
            raise Failure(
                "Odoo refuses to work as the database user postgres: set PGUSER to "
                "another one that may create databases (createuser --createdb odoo)."
            )
        # Record rules with sub-queries are 8 to 10 times slower with jit.
        options = f"{os.environ.get('PGOPTIONS', '')} -c jit=off".strip()
        return os.environ | {"PGOPTIONS": options}

    def start(self):
        """Start the server unless it runs; remember that this run uses it."""
        if not self.own:
            self.sql("SELECT 1")
            return self
        with exclusive(f"postgres-{self.name}"):
            data = self.base / "data"
            if not (data / "postgresql.conf.done").exists():
                say(f"making a PostgreSQL cluster in {self.base}")
                self._init(data)
            self._own(self.socket)
            if not output("psql", "-lqt", env=self.environment):
                log = self.base / "log"
                self._as_owner(
                    *(find_program("pg_ctl"), "-w", "-D", data, "-l", log, "start"),
                    advice=f"PostgreSQL says why in {log}; ./dev clean starts anew.",
                )
            # A shared lock tells the other runs that somebody needs the server.
            self._use = open(CACHE / f"postgres-{self.name}.use", "w")  # noqa: SIM115
            fcntl.flock(self._use, fcntl.LOCK_SH)
        return self

    def stop(self, force=False):
        """Stop the server unless another run still uses it."""
        if not self.own or not (self.base / "data/postmaster.pid").exists():
            return
        if self._use:
            self._use.close()
        with (
            exclusive(f"postgres-{self.name}"),
            open(CACHE / f"postgres-{self.name}.use", "w") as use,
        ):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                force = True
            if force:
                pg_ctl = (find_program("pg_ctl"), "-w", "-m", "fast")
                with contextlib.suppress(Failure):
                    self._as_owner(*pg_ctl, "-D", self.base / "data", "stop")

    def sql(self, statement):
        """Run a statement on the maintenance database and return what it prints."""
        return run(
            *("psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-d", "postgres"),
            *("-c", statement),
            env=self.environment,
            quiet=True,
            advice="" if self.own else "Are PGHOST, PGPORT, PGUSER, PGPASSWORD right?",
        ).stdout.strip()

    def databases(self, prefix):
        """Return the names of the databases that begin so."""
        names = self.sql("SELECT datname FROM pg_database").splitlines()
        return [name for name in names if name.startswith(prefix)]

    def _init(self, data):
        run("rm", "-rf", data)
        self._own(self.base)
        self._as_owner(
            *(find_program("initdb"), "-D", data, "-A", "trust", "-U", "odoo"),
            *("-E", "UTF8", "--locale=C.UTF-8"),
            advice="initdb is PostgreSQL's: is its installation complete?",
        )
        safety = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"
        with open(data / "postgresql.conf", "a") as configuration:
            configuration.write(
                f"listen_addresses = ''\nunix_socket_directories = '{self.socket}'\n"
                # Record rules with sub-queries are 8 to 10 times slower with jit.
                "jit = off\nshared_buffers = 512MB\nmax_connections = 200\n"
                # A test is one transaction: what it locks stays locked to its end.
                "max_locks_per_transaction = 256\n"
                f"{safety if self.name == 'test' else ''}"
            )
        (data / "postgresql.conf.done").touch()

    def _own(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        if IS_ROOT:
            owner = _server_user()
            os.chown(folder, owner.pw_uid, owner.pw_gid)

    def _as_owner(self, *command, advice=""):
        prefix = _become_server_user() if IS_ROOT else ()
        return run(*prefix, *command, quiet=True, cwd="/", advice=advice)


def _server_user():
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Failure("There is no user for PostgreSQL: run  useradd --system postgres")


def _become_server_user():
    owner = _server_user()
    return (
        *("setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}"),
        "--clear-groups",
    )


def _may_enter(path):
    path.mkdir(parents=True, exist_ok=True)
    probe = subprocess.run([*_become_server_user(), "test", "-x", path], check=False)
    return probe.returncode == 0
