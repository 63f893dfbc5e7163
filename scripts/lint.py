"""The checks of ./dev lint. All run, also when one of them finds something."""

import argparse
import os
import shutil
import subprocess

from environment import (
    CACHE,
    MODULE,
    ROOT,
    SCRIPTS,
    digest,
    ensure_packages,
    ensure_venv,
    exclusive,
    run,
    say,
    tracked_files,
)

# Files of these kinds are formatted by prettier; those in tests/ are made by others.
PRETTIER_KINDS = (".js", ".json", ".mjs", ".scss", ".xml")

OCA = "oca-checks-odoo-module"
FIX = ("--fix", "--no-verbose", MODULE)
# README.md stands at the root, written by hand.
NO_RST = "--disable=prefer-readme-rst"


def main(arguments):
    """Check the tree, committed or not, and return 1 when anything is found."""
    parser = argparse.ArgumentParser(prog="./dev lint")
    parser.add_argument("--fix", action="store_true", help="correct what can be")
    options = parser.parse_args(arguments)
    ensure_packages("lint")
    venv = ensure_venv("lint", SCRIPTS / "requirements-lint.txt")
    node = _ensure_node()
    with exclusive("lint"):
        if options.fix:
            _fix(venv, node)
        stage = _stage(node)
        failed = [
            name
            for name, folder, command in _checks(venv, node, stage)
            if not _passes(name, folder, command)
        ]
    say(f"lint found something: {', '.join(failed)}" if failed else "lint is clean")
    return int(bool(failed))


def _checks(venv, node, stage):
    """Yield the name of each check, where it runs and its command."""
    python, programs, folder = venv / "bin", node / "node_modules/.bin", stage.parent
    pylint = [python / "pylint", f"--rcfile={stage / '.pylintrc'}", MODULE]
    oca = [python / OCA, NO_RST, MODULE]
    eslint = [programs / "eslint", "--no-error-on-unmatched-pattern", "static"]
    yield "ruff check", ROOT, [python / "ruff", "check"]
    yield "ruff format", ROOT, [python / "ruff", "format", "--check"]
    yield "pylint-odoo", folder, pylint
    yield OCA, folder, oca
    yield "prettier", stage, [programs / "prettier", "--check", *_formatted_files()]
    yield "eslint", stage, eslint


def _passes(name, folder, command):
    say(name)
    environment = os.environ | {
        "PYLINTHOME": str(CACHE / "pylint"),
        "RUFF_CACHE_DIR": str(CACHE / "ruff"),
    }
    command = [str(part) for part in command]
    result = subprocess.run(command, cwd=folder, env=environment, check=False)
    return result.returncode == 0


def _fix(venv, node):
    """Correct what the tools can: in the copy, then in the tree itself."""
    python, programs, stage = venv / "bin", node / "node_modules/.bin", _stage(node)
    before = {name: (stage / name).read_bytes() for name in tracked_files()}
    fixit, oca = python / "oca-checks-odoo-module-fixit", python / OCA
    prettier = [programs / "prettier", "--log-level=warn", "--write"]
    ruff = [python / "ruff", "check", "--fix", "--exit-zero", "--silent"]
    for name, folder, command in (
        # A comment on the first line is not a header to be removed.
        (fixit.name, stage.parent, [fixit, "--disable=use-header-comments", *FIX]),
        (oca.name, stage.parent, [oca, NO_RST, *FIX]),
        ("ruff check", stage, ruff),
        ("ruff format", stage, [python / "ruff", "format"]),
        ("prettier", stage, [*prettier, *_formatted_files()]),
    ):
        _passes(f"correcting with {name}", folder, command)
    for name, content in before.items():
        if (stage / name).read_bytes() == content:
            continue
        if (ROOT / name).read_bytes() == content:
            shutil.copyfile(stage / name, ROOT / name)
        else:
            say(f"{name} was edited meanwhile and is left as it is")


def _formatted_files():
    return [
        name
        for name in tracked_files()
        if name.endswith(PRETTIER_KINDS) and not name.startswith("tests/")
    ]


def _stage(node):
    """Copy the tree to a folder with the module's name, outside of any repository.

    OCA's checks see nothing where the module is the root of the repository, and
    prettier and eslint look for their plug-ins beside the tree.
    """
    stage = CACHE / "lint" / digest(ROOT) / MODULE
    shutil.rmtree(stage, ignore_errors=True)
    for name in tracked_files():
        (stage / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, stage / name)
    link = stage.parent / "node_modules"
    link.unlink(missing_ok=True)
    link.symlink_to(node / "node_modules")
    return stage


def _ensure_node():
    """Return the folder with prettier and eslint in the versions of package.json."""
    package = SCRIPTS / "package.json"
    node = CACHE / f"node-{digest(package.read_text())}"
    with exclusive("node"):
        if not (node / ".complete").exists():
            say("fetching prettier and eslint")
            shutil.rmtree(node, ignore_errors=True)
            node.mkdir(parents=True)
            shutil.copy(package, node)
            run(
                *("npm", "install", "--no-audit", "--no-fund", "--no-package-lock"),
                "--ignore-scripts",
                cwd=node,
                quiet=True,
                advice="When npm's registry answers, run this command again.",
            )
            (node / ".complete").touch()
    return node
