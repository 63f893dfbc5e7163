"""Odoo, its Python, a PostgreSQL server and this checkout, ready to work together."""

import ast
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cluster import Cluster
from environment import (
    CACHE,
    MODULE,
    PREFIX,
    ROOT,
    SCRIPTS,
    digest,
    ensure_odoo_venv,
    exclusive,
    find_program,
    free_port,
    run,
    say,
    tracked_files,
)
from odoo_source import ensure_odoo, odoo_addons

# What a database with the module installed does not depend on.
NOT_INSTALLED = ("tests/", "static/tests/", "scripts/", "bench/", "i18n/", ".", "dev")


def manifest():
    """Return the module's manifest."""
    return ast.literal_eval((ROOT / "__manifest__.py").read_text())


def source_digest():
    """Return a name for what a database with the module installed depends on."""
    names = [
        name
        for name in tracked_files()
        if not name.startswith(NOT_INSTALLED) and not name.endswith(".md")
    ]
    contents = (digest((ROOT / name).read_bytes()) for name in names)
    return digest(*names, *contents)


class Workbench:
    """Makes databases, with and without the module, and runs Odoo on them.

    :param cluster: "test" or "demo".
    """

    def __init__(self, cluster):
        # Each waits for the net and for one core most of its time: both at once.
        with ThreadPoolExecutor() as pool:
            venv = pool.submit(ensure_odoo_venv)
            self.odoo = ensure_odoo()
            self.venv = venv.result()
        self.python = self.venv / "bin/python"
        self.cluster = Cluster(cluster).start()
        self.data = CACHE / f"data-{cluster}"
        # Odoo takes a module's name from its folder; a checkout may be called anything.
        self.addons = CACHE / "checkouts" / digest(ROOT)
        self.module = self.addons / MODULE
        self.addons.mkdir(parents=True, exist_ok=True)
        if not self.module.exists():
            self.module.symlink_to(ROOT)
        path = [self.venv / "bin", Path(find_program("initdb") or "/").parent]
        self.environment = self.cluster.environment | {
            "PYTHONPATH": os.pathsep.join([str(self.odoo), str(SCRIPTS)]),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(CACHE / "hypothesis"),
            "PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]]),
            "LANG": "C.UTF-8",
        }

    def config(self, database, port=0, **options):
        """Write an Odoo configuration for a database and return its path."""
        values = {
            "addons_path": ",".join(map(str, [*odoo_addons(self.odoo), self.addons])),
            "data_dir": self.data,
            "db_name": database,
            "http_interface": "127.0.0.1",
            "http_port": port or free_port(),
            "list_db": "False",
            "max_cron_threads": 0,
            "screenshots": CACHE / "screenshots",
        } | options
        path = CACHE / "config" / f"{database}.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"{key} = {value}" for key, value in values.items()]
        path.write_text("\n".join(["[options]", *lines, ""]))
        return path

    def run_odoo(self, *arguments, quiet=True, **options):
        """Run one of Odoo's own commands to its end."""
        return run(
            *(self.python, "-m", "odoo", *arguments),
            env=self.environment,
            cwd=CACHE,
            quiet=quiet,
            **options,
        )

    def install(self, database, modules, demo=False, update=False):
        """Install or update modules, with or without demo data."""
        result = self.run_odoo(
            *("-c", self.config(database), "-u" if update else "-i", ",".join(modules)),
            *(["--with-demo"] if demo else []),
            *("--stop-after-init", "--no-http", "--log-level=warn"),
            advice="Correct what Odoo names above and run this command again.",
        )
        for line in result.stdout.splitlines():
            if " WARNING " in line or " ERROR " in line:
                print(line)

    def bundle(self, database):
        """Make the scripts and styles of its pages, for which the first would wait.

        A test that opens a page would make them and roll them back: 6 s each.
        """
        self.run_odoo(
            *("shell", "-c", self.config(database), "--no-http", "--log-level=warn"),
            input="env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()",
        )

    def filestore(self, database):
        """Return the folder of a database's attachments."""
        return self.data / "filestore" / database

    def copy(self, source, database):
        """Make a database, attachments included, as a copy of another."""
        self.drop(database)
        self.cluster.sql(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
        if self.filestore(source).exists():
            shutil.copytree(self.filestore(source), self.filestore(database))

    def drop(self, database):
        """Remove a database, its attachments and its configuration."""
        self.cluster.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        shutil.rmtree(self.filestore(database), ignore_errors=True)
        (CACHE / "config" / f"{database}.conf").unlink(missing_ok=True)

    def copy_of_module(self, database, demo=False):
        """Make a database with our module installed, for exactly this source."""
        with exclusive("templates"):
            self.copy(self.template_of_module(demo), database)

    def template_of_module(self, demo=False):
        """Return a database with the module installed to copy from: one per source."""
        family = f"{PREFIX}module_{digest(ROOT, demo)}_"
        name = family + source_digest()
        if self.cluster.databases(name):
            return name
        base = self._template_of_depends(demo)
        say(f"installing {MODULE}{' with demo data' if demo else ''}")
        draft = f"{PREFIX}draft_{digest(ROOT, demo)}"
        self.copy(base, draft)
        self.install(draft, [MODULE], demo)
        self.bundle(draft)
        for old in self.cluster.databases(family):
            self.drop(old)
        return self._rename(draft, name)

    def _template_of_depends(self, demo):
        """Return a database with what the manifest depends on: made once, 45 s."""
        depends = manifest()["depends"]
        release = (self.odoo / "odoo/release.py").read_text()
        name = f"{PREFIX}base_{digest(release, self.odoo, *depends, demo)}"
        if self.cluster.databases(name):
            return name
        say(f"making a database with {', '.join(depends)} (once, about 60 s)")
        draft = f"{PREFIX}draft_{digest(name)}"
        self.drop(draft)
        self.cluster.sql(f'CREATE DATABASE "{draft}" TEMPLATE template0')
        self.install(draft, depends, demo)
        return self._rename(draft, name)

    def templates(self):
        """Return the names of databases to copy, for tests that make databases."""
        with exclusive("templates"):
            return {
                "ESTATE_BASE_TEMPLATE": self._template_of_depends(demo=False),
                "ESTATE_MODULE_TEMPLATE": self.template_of_module(),
            }

    def _rename(self, draft, name):
        """Give a finished database its name: a torn one never gets it."""
        self.cluster.sql(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
        if self.filestore(draft).exists():
            shutil.rmtree(self.filestore(name), ignore_errors=True)
            self.filestore(draft).rename(self.filestore(name))
        return name
