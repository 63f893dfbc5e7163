"""The commands of ./dev. Start it as ./dev, which finds a fitting Python."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))

import demo  # noqa: E402
import i18n  # noqa: E402
import lint  # noqa: E402
import rows  # noqa: E402
from cluster import Cluster  # noqa: E402
from environment import (  # noqa: E402
    CACHE,
    MODULE,
    PREFIX,
    ROOT,
    SCRIPTS,
    Failure,
    ensure_packages,
    run,
    say,
    uses_existing_server,
)
from leaflet import FOLDER, ensure_leaflet  # noqa: E402
from odoo_source import odoo_addons  # noqa: E402
from workbench import Workbench, manifest  # noqa: E402

CORE_MODULES = ("crm", "calendar", "base_automation", "phone_validation", "sales_team")
NOT_PACKAGED = (
    *("scripts", "bench", "dev", ".ci", ".gitignore", ".editorconfig"),
    *("ruff.toml", "tools/ruff.toml", ".pylintrc", ".prettierrc.json"),
    "eslint.config.mjs",
)


@contextlib.contextmanager
def _workbench():
    """Offer a workbench on the test cluster, which stops when nobody uses it."""
    bench = Workbench("test")
    try:
        yield bench
    finally:
        bench.cluster.stop()


@contextlib.contextmanager
def _database(bench, purpose):
    """Offer a database with the module installed and drop it at the end."""
    family = f"{PREFIX}{purpose}_"
    for old in bench.cluster.databases(family):
        pid = old.removeprefix(family).split("-")[0]
        if not Path("/proc", pid).exists():
            bench.drop(old)
    database = f"{family}{os.getpid()}"
    bench.copy_of_module(database)
    try:
        yield database
    finally:
        bench.drop(database)


# === COMMANDS ===


def command_demo(arguments):
    """start Odoo with demo data on 127.0.0.1 (--port N, --reset, --stop)"""
    return demo.main(arguments)


def command_test(arguments):
    """run the whole suite, or what pytest's arguments select (--core: Odoo's own)"""
    ensure_packages("run", "test")
    core = "--core" in arguments
    arguments = [argument for argument in arguments if argument != "--core"]
    with _workbench() as bench, _database(bench, "test") as database:
        arguments, selected = _paths_in_module(bench, arguments)
        if not selected and not any(one.startswith("-") for one in arguments):
            arguments += _in_parallel()
        if not selected:
            arguments += _core_tests(bench) if core else [bench.module / "tests"]
        say(f"testing on database {database}")
        command = [
            *(bench.python, "-m", "pytest", "-c", SCRIPTS / "pytest.ini"),
            *("--rootdir", odoo_addons(bench.odoo)[0] if core else bench.module),
            f"--odoo-config={bench.config(database)}",
            "--odoo-http",
        ]
        return subprocess.run(
            [str(part) for part in [*command, *arguments]],
            env=bench.environment | bench.templates(),
            cwd=bench.addons,
            check=False,
        ).returncode


def _paths_in_module(bench, arguments):
    """Replace paths of the checkout by those that Odoo knows; tell if there are any."""
    replaced, selected = [], False
    for before, argument in zip(["", *arguments], arguments, strict=False):
        name, *test = argument.split("::")
        path = Path(name.removeprefix(f"{MODULE}/")).resolve()
        if path.is_relative_to(ROOT) and path.exists() and before not in ("-k", "-m"):
            selected = True
            path = bench.module / path.relative_to(ROOT)
            replaced.append("::".join([str(path), *test]))
        else:
            replaced.append(argument)
    return replaced, selected


def _core_tests(bench):
    folders = [
        folder / name / "tests"
        for folder in odoo_addons(bench.odoo)
        for name in CORE_MODULES
    ]
    return [folder for folder in folders if folder.is_dir()]


def _in_parallel():
    """Return pytest's options for one worker and database per core, at most four."""
    cores = min(len(os.sched_getaffinity(0)), 4)
    by_class = ("--dist", "loadscope", "--no-loadscope-reorder")
    return ["-n", cores, *by_class] if cores > 1 else []


def command_lint(arguments):
    """ruff, pylint-odoo, OCA's checks, prettier, eslint (--fix: correct what can be)"""
    return lint.main(arguments)


def command_i18n(arguments):
    """refresh the translations (--check, --missing LANG, --fill LANG FILE.json)"""
    return i18n.main(arguments)


def command_bench(arguments):
    """run a benchmark, or all of them ([name] [FILE] [--quick])"""
    ensure_packages("run")
    names = sorted(path.stem[6:] for path in (ROOT / "bench").glob("bench_*.py"))
    wanted = [argument for argument in arguments if argument in names] or names
    rest = [argument for argument in arguments if argument not in names]
    with _workbench() as bench:
        for name in wanted:
            with _database(bench, "bench") as database:
                config = bench.config(database, log_level="error")
                run(
                    *(bench.python, ROOT / f"bench/bench_{name}.py", *rest),
                    env=bench.environment | {"ODOO_RC": str(config)},
                    advice=f"The benchmark {name} failed; its output is above.",
                )
    return 0


def command_rows(arguments):
    """list the rows of the mission with their tests (--require M2 M6 ...)"""
    return rows.main(arguments)


def command_shell(arguments):
    """open Odoo's shell on the demo database"""
    return demo.shell(arguments)


def command_package(arguments):
    """make an installable zip of the committed module, with the map library"""
    name = f"{MODULE}-{manifest()['version']}.zip"
    target = Path(arguments[0] if arguments else name).resolve()
    library = [
        option
        for path in ensure_leaflet()
        for option in (
            f"--prefix={MODULE}/{path.parent.relative_to(ROOT)}/",
            f"--add-file={path}",
        )
    ]
    run(
        *("git", "archive", "-o", target, *library, f"--prefix={MODULE}/", "HEAD"),
        *("--", ".", *(f":!{name}" for name in NOT_PACKAGED)),
        cwd=ROOT,
        advice="Only what is committed can be packaged.",
    )
    say(f"{target} ({target.stat().st_size // 1024} KiB): unzip it into an addons path")
    return 0


def command_map(_arguments):
    """fetch Leaflet into this checkout: pictures of a map under the areas"""
    ensure_leaflet()
    say(f"Leaflet is in {FOLDER}; Settings > Real Estate > Map names the pictures")
    return 0


def command_clean(_arguments):
    """stop what runs and remove all that ./dev has built"""
    demo.stop()
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name in ("test", "demo"):
        cluster = Cluster(name)
        if uses_existing_server():
            for database in cluster.databases(PREFIX):
                cluster.sql(f'DROP DATABASE "{database}" WITH (FORCE)')
        else:
            cluster.stop(force=True)
            shutil.rmtree(cluster.base, ignore_errors=True)
            with contextlib.suppress(OSError):
                cluster.base.parent.rmdir()
    shutil.rmtree(CACHE, ignore_errors=True)
    say(f"removed {CACHE}")
    return 0


COMMANDS = {
    name.removeprefix("command_"): function
    for name, function in list(globals().items())
    if name.startswith("command_")
}


def usage():
    """Print what ./dev can do."""
    print(f"usage: ./dev COMMAND\n\nBuilt things lie in {CACHE}.\n")
    for name, function in COMMANDS.items():
        print(f"  {name:<9}{function.__doc__}")
    print("\nAn Odoo of yours: ODOO_HOME=/path/to/odoo (its folder with odoo-bin).")
    print("A PostgreSQL server of yours: PGHOST, PGPORT, PGUSER, PGPASSWORD.")


def main(arguments):
    """Run a command and return its exit status."""
    command = COMMANDS.get(arguments[0] if arguments else "")
    if not command:
        usage()
        return 0 if arguments[:1] in ([], ["help"], ["--help"], ["-h"]) else 2
    try:
        return command(arguments[1:])
    except Failure as error:
        print(f"dev: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
