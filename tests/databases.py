"""Databases of their own, for tests that install, uninstall or run several at once."""

import atexit
import functools
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import odoo
from odoo import sql_db
from odoo.modules import Manifest
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import SQL, config

MODULE = "crm_real_estate"
RESULT = "The function returned: "
# Far above what is needed: a process that hangs shall not hang the suite.
MOST_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process of Odoo left behind; `peak` is its memory in MiB."""

    status: int
    output: str
    seconds: float
    peak: float


def run_odoo(database, command, *arguments, script="", **options):
    """Run a command of Odoo on a database, in a process of its own.

    :param str command: such as "server", "shell" or "module uninstall"
    :param str script: what is typed into the shell
    :param options: lines of the configuration that differ from those of this process
    :rtype: Finished
    """
    with tempfile.TemporaryDirectory() as folder:
        rc, log = Path(folder, "odoo.conf"), Path(folder, "log")
        rc.write_text(
            "\n".join(["[options]", *_get_configuration(database, options), ""])
        )
        begin = time.monotonic()
        with log.open("w") as output:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "odoo",
                    *command.split(),
                    "-c",
                    str(rc),
                    *arguments,
                ],
                env=os.environ | _get_environment(),
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
            watchdog = threading.Timer(MOST_SECONDS, process.kill)
            watchdog.start()
            process.stdin.write(script)
            process.stdin.close()
            # wait4 tells the memory of this one child, other calls that of the largest.
            _pid, status, usage = os.wait4(process.pid, 0)
            watchdog.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - begin
        return Finished(
            process.returncode, log.read_text(), seconds, usage.ru_maxrss / 1024
        )


def _get_configuration(database, options):
    values = {
        "addons_path": ",".join(config["addons_path"]),
        "data_dir": config["data_dir"],
        "db_name": database,
        "http_enable": False,
        "log_level": "warn",
        "max_cron_threads": 0,
    }
    return [f"{key} = {value}" for key, value in (values | options).items()]


def _get_environment():
    """Return where Odoo and the server are: a password belongs into no file."""
    server = {
        "PGHOST": "db_host",
        "PGPORT": "db_port",
        "PGUSER": "db_user",
        "PGPASSWORD": "db_password",
    }
    found = {
        name: str(config[option]) for name, option in server.items() if config[option]
    }
    path = [str(Path(next(iter(odoo.__path__))).parent), os.environ.get("PYTHONPATH")]
    return found | {"PYTHONPATH": os.pathsep.join(filter(None, path))}


def _administrate(statement):
    with closing(sql_db.db_connect("postgres").cursor()) as cr:
        # Raw SQL: databases are made and dropped outside of transactions.
        cr._cnx.autocommit = True
        cr.execute(statement)


def get_filestore(database):
    """Return the folder of a database's attachments."""
    return Path(config["data_dir"], "filestore", database)


def _make_name():
    # Beside the database under test: who cleans up after a killed run finds these, too.
    return f"{get_db_name()}-{secrets.token_hex(4)}"


def copy_database(template):
    """Make a database as a copy of another, attachments included; return its name."""
    name = _make_name()
    _administrate(
        SQL(
            "CREATE DATABASE %s TEMPLATE %s",
            SQL.identifier(name),
            SQL.identifier(template),
        )
    )
    if get_filestore(template).exists():
        shutil.copytree(get_filestore(template), get_filestore(name))
    return name


def drop_database(database):
    """Drop a database and its attachments; nothing happens when there is none."""
    sql_db.close_db(database)
    _administrate(
        SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(database))
    )
    shutil.rmtree(get_filestore(database), ignore_errors=True)


def _make_template(source, modules):
    name = copy_database(source)
    atexit.register(drop_database, name)
    finished = run_odoo(name, "server", "-i", ",".join(modules), "--stop-after-init")
    if finished.status:
        raise RuntimeError(f"{modules} could not be installed:\n{finished.output}")
    return name


@functools.cache
def get_base_template():
    """Return a database with what the module depends on, but without the module.

    The environment names one in ESTATE_BASE_TEMPLATE; else it is made, which takes a
    minute, and lives as long as this process.
    """
    given = os.environ.get("ESTATE_BASE_TEMPLATE")
    return given or _make_template("template0", Manifest.for_addon(MODULE)["depends"])


@functools.cache
def get_module_template():
    """Return a database with the module just installed, without demo data.

    The environment names one in ESTATE_MODULE_TEMPLATE; else it is made from the base.
    """
    given = os.environ.get("ESTATE_MODULE_TEMPLATE")
    return given or _make_template(get_base_template(), [MODULE])


@tagged("post_install", "-at_install", "crm_real_estate")
class DatabaseCase(BaseCase):
    """A test with databases of its own: real commits, real processes of Odoo."""

    @classmethod
    def _create_database(cls, template):
        """Return a copy of `template` that is dropped after the tests of this class."""
        name = copy_database(template)
        cls.addClassCleanup(drop_database, name)
        return name

    @classmethod
    def _run(cls, database, *arguments, **options):
        """Run a command of Odoo that must succeed, without a warning in its log."""
        finished = run_odoo(database, *arguments, **options)
        noise = [
            line
            for line in finished.output.splitlines()
            if any(f" {level} " in line for level in ("WARNING", "ERROR", "CRITICAL"))
        ]
        if finished.status or noise:
            raise AssertionError(
                f"odoo {' '.join(arguments)}\n{finished.output[-20000:]}"
            )
        return finished

    @classmethod
    def _install(cls, database, **options):
        return cls._run(
            database, "server", "-i", MODULE, "--stop-after-init", **options
        )

    @classmethod
    def _call(cls, database, function, *arguments, **options):
        """Call `function(env, *arguments)` in a process of its own and commit.

        :param function: a function at the top of a module of the tests
        :return: what the function returns, through JSON
        """
        script = (
            f"import json\n"
            f"from {function.__module__} import {function.__name__} as function\n"
            f"result = function(env, *json.loads({json.dumps(arguments)!r}))\n"
            f"env.cr.commit()\n"
            f"print({RESULT!r} + json.dumps(result))\n"
        )
        finished = cls._run(database, "shell", script=script, **options)
        for line in finished.output.splitlines():
            if line.startswith(RESULT):
                return json.loads(line.removeprefix(RESULT))
        raise AssertionError(
            f"{function.__name__} did not come to its end:\n{finished.output}"
        )

    @classmethod
    @contextmanager
    def _cursor(cls, database):
        """Open a cursor that looks behind the ORM; what it changes is committed."""
        try:
            with closing(sql_db.db_connect(database).cursor()) as cr:
                yield cr
                # commit: the rows must be there for the processes that follow
                cr.commit()  # pylint: disable=invalid-commit
        finally:
            # A database in use is no template.
            sql_db.close_db(database)
