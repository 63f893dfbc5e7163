"""What ./dev stands on: the cache folder, system packages, Python environments.

Everything that is built lies in the user's cache folder. Each step looks first
whether it is already done, so that a second run takes a second.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

MODULE = "crm_real_estate"
ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / MODULE
IS_ROOT = os.geteuid() == 0

# Each Python started from here keeps what it compiled, in the cache, whatever the
# user's own Pythons do: without, each start of Odoo compiles all of it, 10 s.
os.environ["PYTHONPYCACHEPREFIX"] = str(CACHE / "pycache")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# program that must be there -> Debian package that brings it
PACKAGES = {
    "run": {
        "git": "git",
        "initdb": "postgresql",
        "psql": "postgresql-client",
        "wkhtmltopdf": "wkhtmltopdf",
    },
    "test": {"chromium": "chromium", "pdftotext": "poppler-utils"},
    "lint": {"git": "git", "node": "nodejs", "npm": "npm"},
    "map": {"npm": "npm"},
}


class Failure(Exception):
    """Something is missing; the text says what and what to do next."""


def say(text):
    """Tell the user at which step we are."""
    print(f"dev: {text}", flush=True)


def run(*command, quiet=False, advice="", **options):
    """Run a command; if it fails, raise `Failure` with its last lines and `advice`."""
    if quiet:
        options |= {
            "stdout": subprocess.PIPE,
            "stderr": subprocess.STDOUT,
            "text": True,
        }
    result = subprocess.run([str(part) for part in command], check=False, **options)
    if result.returncode:
        tail = (result.stdout or "").splitlines()[-20:] if quiet else []
        title = f"{Path(command[0]).name} ended with status {result.returncode}."
        raise Failure("\n".join([title, *(line[:300] for line in tail), advice]))
    return result


def output(*command, **options):
    """Return what a command prints, empty when it fails."""
    return subprocess.run(
        [str(part) for part in command],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        **options,
    ).stdout.strip()


def digest(*parts):
    """Return a short name for these values, equal as long as they are."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]


# Every database of ours begins so; another user of the same server has another cache.
PREFIX = f"cre_{digest(CACHE)[:6]}_"


def tracked_files():
    """Return the files of the checkout, new ones included, as `git` knows them."""
    listing = run(
        *("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        quiet=True,
        advice="./dev works in a git checkout that belongs to the user who calls it.",
    ).stdout.split("\0")
    return sorted(name for name in set(listing) if name and (ROOT / name).is_file())


def free_port(wanted=0):
    """Return `wanted` if it is free, else the next free port above it."""
    for port in range(wanted, wanted + 200) if wanted else [0]:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    raise Failure(f"No free port near {wanted}: give another one with --port.")


@contextlib.contextmanager
def exclusive(name):
    """Hold a lock file, so that two runs do not build the same thing at once."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# === SYSTEM PACKAGES ===


def uses_existing_server():
    """Tell whether PG* variables name a PostgreSQL server to use."""
    return bool(os.environ.get("PGHOST") or os.environ.get("PGPORT"))


def find_program(name):
    """Return the path of a program, or None; also where Debian hides PostgreSQL's."""
    if found := shutil.which(name):
        return found
    if name in ("initdb", "pg_ctl"):
        found = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
        return max(found, key=lambda path: float(path.parts[4]), default=None)
    if name == "chromium":
        others = ("google-chrome", "google-chrome-stable", "chromium-browser")
        return next(filter(None, map(shutil.which, others)), None)
    return None


@exclusive("packages")
def ensure_packages(*groups):
    """Name the missing programs; install them when root on Debian or Ubuntu."""
    missing = {
        package
        for group in groups
        for program, package in PACKAGES[group].items()
        if not find_program(program)
        and not (program == "initdb" and uses_existing_server())
    }
    if not missing:
        return
    names = " ".join(sorted(missing))
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names.split()]
    if not (IS_ROOT and shutil.which("apt-get")):
        raise Failure(
            f"Missing system packages: {names}. Install them with\n"
            f"    sudo {' '.join(command)}\n"
            "(or your system's own tool) and run this command again."
        )
    say(f"installing system packages: {names}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], command):
        run(
            *step,
            env=environment,
            quiet=True,
            advice=f"Install {names} yourself and run this command again.",
        )


# === PYTHON ===


def ensure_venv(name, *requirements):
    """Return the folder of a virtual environment with these requirement files.

    Each set of requirements has its own: two checkouts do not rebuild each other's.
    """
    wanted = digest(sys.version, *(path.read_text() for path in requirements))
    venv = CACHE / f"venv-{name}-{wanted}"
    stamp = venv / ".complete"
    with exclusive(f"venv-{name}"):
        if not stamp.exists():
            say(f"building the Python environment '{name}' (about 60 s)")
            shutil.rmtree(venv, ignore_errors=True)
            run(sys.executable, "-m", "venv", venv, quiet=True)
            files = [part for path in requirements for part in ("-r", path)]
            run(
                *(venv / "bin/python", "-m", "pip", "install", "-q"),
                # Python compiles what it imports, and keeps that where we tell it to.
                *("--no-compile", "--prefer-binary", *files),
                quiet=True,
                advice="When the package index answers, run this command again.",
            )
            stamp.touch()
    return venv


def ensure_odoo_venv():
    """Return the virtual environment that runs Odoo, our module and the tests."""
    return ensure_venv(
        "odoo",
        SCRIPTS / "requirements-odoo.txt",
        SCRIPTS / "requirements-test.txt",
        ROOT / "requirements.txt",
    )
