"""The demo: a database with demo data and an Odoo in the background that serves it."""

import argparse
import contextlib
import os
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

from cluster import Cluster
from environment import CACHE, MODULE, PREFIX, Failure, ensure_packages, free_port, say
from leaflet import ensure_leaflet
from workbench import Workbench, source_digest

DATABASE = f"{PREFIX}demo"
PID_FILE = CACHE / "demo.pid"
SOURCE_FILE = CACHE / "demo.source"
LOG = CACHE / "demo.log"
LOGINS = (
    ("director", "Director: all offices, settings of the module"),
    ("manager", "Office manager: the office Prague"),
    ("agent", "Agent: own properties and enquiries"),
    ("operator", "Operator: call centre"),
    ("admin", "Odoo's administrator"),
)


def main(arguments):
    """Start, start anew or stop the demo."""
    parser = argparse.ArgumentParser(prog="./dev demo")
    parser.add_argument("--port", type=int, default=8069)
    parser.add_argument("--reset", action="store_true", help="make the database anew")
    parser.add_argument("--stop", action="store_true", help="stop Odoo and PostgreSQL")
    options = parser.parse_args(arguments)
    stop()
    if options.stop:
        Cluster("demo").stop(force=True)
        say("the demo is stopped")
        return 0
    ensure_packages("run")
    bench = Workbench("demo")
    try:
        ensure_leaflet()
    except Failure as error:
        say(f"areas are drawn without a map; ./dev map tries again. {error}")
    _make_database(bench, options.reset)
    address = _start(bench, free_port(options.port))
    print(f"\n  Real Estate CRM: {address}\n  log: {LOG}\n")
    print("  login       password    role")
    for login, role in LOGINS:
        print(f"  {login:<12}{login:<12}{role}")
    print("\n  ./dev demo --stop ends it.")
    return 0


def shell(arguments):
    """Open Odoo's shell on the demo database."""
    ensure_packages("run")
    bench = Workbench("demo")
    try:
        if not bench.cluster.databases(DATABASE):
            raise Failure("There is no demo database yet: run ./dev demo first.")
        config = bench.config(DATABASE)
        bench.run_odoo("shell", "-c", config, "--no-http", *arguments, quiet=False)
    finally:
        if not _pid():
            bench.cluster.stop()
    return 0


def stop():
    """Stop the Odoo of an earlier run."""
    if pid := _pid():
        os.kill(pid, signal.SIGTERM)
        for _ in range(100):
            if not _pid():
                break
            time.sleep(0.1)
        else:
            os.kill(pid, signal.SIGKILL)
    PID_FILE.unlink(missing_ok=True)


def _pid():
    """Return the process of the demo, or None when it does not run."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(PID_FILE.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_text()
        return pid if f"{DATABASE}.conf" in command else None
    return None


def _make_database(bench, reset):
    source = source_digest()
    if reset or not bench.cluster.databases(DATABASE):
        bench.copy_of_module(DATABASE, demo=True)
    elif not SOURCE_FILE.exists() or SOURCE_FILE.read_text() != source:
        say(f"updating {MODULE} in the demo database (--reset makes it anew)")
        bench.install(DATABASE, [MODULE], update=True)
        bench.bundle(DATABASE)
    SOURCE_FILE.write_text(source)


def _start(bench, port):
    """Start Odoo in the background and return its address once it answers."""
    say("starting Odoo")
    config = bench.config(DATABASE, port, max_cron_threads=1)
    with open(LOG, "w") as log:
        process = subprocess.Popen(
            [bench.python, "-m", "odoo", "-c", config],
            env=bench.environment,
            cwd=CACHE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    PID_FILE.write_text(str(process.pid))
    address = f"http://127.0.0.1:{port}"
    for _ in range(180):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/web/login", timeout=60).read()
            return address
        if process.poll() is not None:
            break
        time.sleep(0.5)
    raise Failure(f"Odoo did not start; {LOG} says why. Then run this command again.")
