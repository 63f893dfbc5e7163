"""The translations of the module: `./dev i18n`.

The terms come from Odoo's own export of a database with nothing but this source; what
is done with the files needs polib and runs in Odoo's Python: see translations.py.
"""

import argparse
import contextlib
import os
import subprocess
import sys
from pathlib import Path

from environment import (
    CACHE,
    MODULE,
    PREFIX,
    SCRIPTS,
    ensure_odoo_venv,
    ensure_packages,
)
from workbench import Workbench

LANGUAGES = ("fr", "cs", "ru", "de")


def main(arguments):
    """Refresh, check or fill the files in i18n/ and return the exit status."""
    parser = argparse.ArgumentParser(prog="./dev i18n")
    parser.add_argument("--check", action="store_true", help="fail on what is missing")
    parser.add_argument(
        "--missing", choices=LANGUAGES, help="print the missing terms as JSON"
    )
    parser.add_argument(
        "--fill", nargs=2, metavar=("LANG", "FILE"), help="take terms from a JSON file"
    )
    options = parser.parse_args(arguments)
    if options.missing:
        return _translations("missing", options.missing)
    if options.fill:
        return _translations("fill", *options.fill)
    ensure_packages("run")
    bench = Workbench("test")
    try:
        return _translations("check" if options.check else "refresh", _export(bench))
    finally:
        bench.cluster.stop()


def _export(bench):
    """Return the path of a fresh export of the module's terms."""
    database = f"{PREFIX}i18n_{os.getpid()}"
    export = CACHE / "i18n" / f"{MODULE}.pot"
    export.parent.mkdir(exist_ok=True)
    export.unlink(missing_ok=True)
    bench.copy_of_module(database)
    try:
        config = bench.config(database, log_level="warn")
        bench.run_odoo(
            *("i18n", "export", "-c", config, "-d", database, "-l", "pot"),
            *("-o", export, MODULE),
        )
    finally:
        bench.drop(database)
    return export


def _translations(*arguments):
    with contextlib.redirect_stdout(sys.stderr):
        python = ensure_odoo_venv() / "bin/python"
    command = [python, "-B", SCRIPTS / "translations.py", *LANGUAGES, "--", *arguments]
    return subprocess.run([str(Path(part)) for part in command], check=False).returncode
