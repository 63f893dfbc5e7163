"""Odoo's source: a checkout of the user, or Debian's package unpacked in the cache."""

import os
import re
import shutil
from pathlib import Path

from environment import CACHE, IS_ROOT, Failure, exclusive, output, run, say

# Odoo's package in Debian unstable and those to whose files it links, with the suite
# that has them. It expects FontAwesome 4.7: newer ones name their files differently.
PACKAGE = "odoo-19"
SUITES = {
    PACKAGE: "sid",
    "libjs-jquery": "sid",
    "libjs-jquery-form": "sid",
    "libjs-underscore": "sid",
    "fonts-roboto-unhinted": "sid",
    "fonts-montserrat": "sid",
    "fonts-font-awesome": "bookworm",
}
ADVICE = (
    "Give a checkout of Odoo 19.0 with ODOO_HOME=/path/to/odoo, or a kept package of "
    "Debian with ODOO_DEB=/path/to/odoo-19_all.deb, and run this command again."
)


def ensure_odoo():
    """Return the folder that holds the Python package `odoo`, fetching it if needed."""
    if home := os.environ.get("ODOO_HOME"):
        return _checked(Path(home).expanduser().resolve())
    tree = CACHE / "odoo-19.0"
    with exclusive("odoo"):
        if not (tree / ".complete").exists():
            shutil.rmtree(tree, ignore_errors=True)
            for deb in _debs():
                run("dpkg", "-x", deb, tree, quiet=True, advice=ADVICE)
            # The package leaves this file out; every page would log an error.
            addons = tree / "usr/lib/python3/dist-packages/odoo/addons"
            segmentation = addons / "mail/static/lib/selfie_segmentation"
            segmentation.mkdir(parents=True, exist_ok=True)
            (segmentation / "selfie_segmentation.js").touch()
            (tree / ".complete").touch()
    return _checked(tree / "usr/lib/python3/dist-packages")


def odoo_addons(odoo):
    """Return the add-on folders of an Odoo: a checkout has two, a package one.

    (The package has a second one as well, which holds nothing but Python files.)
    """
    packaged = odoo / "odoo/addons"
    return [packaged] if (packaged / "crm").is_dir() else [packaged, odoo / "addons"]


def _checked(home):
    release = home / "odoo/release.py"
    if not release.exists():
        raise Failure(f"{home} holds no odoo/release.py. {ADVICE}")
    if not re.search(r"^version_info = \(19, 0,", release.read_text(), re.MULTILINE):
        raise Failure(f"{home} is not Odoo 19.0. {ADVICE}")
    return home


def _debs():
    """Return Odoo's package and its companions; what was downloaded is kept."""
    folder = CACHE / "debs"
    folder.mkdir(parents=True, exist_ok=True)
    given = os.environ.get("ODOO_DEB")
    names = [name for name in SUITES if not (given and name == PACKAGE)]
    wanted = [name for name in names if not _kept(folder, name)]
    if wanted:
        apt, wanted = _apt(wanted)
        say(f"fetching Odoo 19.0 (120 MB): {' '.join(wanted)}")
        run("apt-get", *apt, "download", *wanted, cwd=folder, quiet=True, advice=ADVICE)
    debs = [_kept(folder, name) for name in names]
    return [Path(given).expanduser().resolve(), *debs] if given else debs


def _kept(folder, name):
    return next(folder.glob(f"{name}_*.deb"), None)


def _apt(wanted):
    """Return apt options that find these packages, and the names to ask for.

    Where the system's own archive lacks one of them, Debian's is read from the mirror
    that the system uses, without touching the system; apt checks the signatures.
    """
    if not shutil.which("apt-get"):
        raise Failure(f"There is no apt-get to fetch Odoo with. {ADVICE}")
    if set(wanted) <= set(output("apt-cache", "pkgnames").splitlines()):
        return [], wanted
    site, keyring = _debian_mirror()
    base = CACHE / "apt-sources"
    (base / "lists/partial").mkdir(parents=True, exist_ok=True)
    (base / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
    sources = [
        f"deb [signed-by={keyring}] {site} {suite} main\n"
        for suite in sorted(set(SUITES.values()))
    ]
    (base / "sources.list").write_text("".join(sources))
    options = [
        f"-oDir::Etc::sourcelist={base}/sources.list",
        "-oDir::Etc::sourceparts=/dev/null",
        f"-oDir::State::Lists={base}/lists",
        f"-oDir::Cache={base}/cache",
        "-oAPT::Sandbox::User=root",
        # A mirror may lag behind by more than a week; signatures are checked anyway.
        "-oAcquire::Check-Valid-Until=false",
    ]
    say("reading Debian's package lists")
    run("apt-get", *options, "update", quiet=True, advice=ADVICE)
    return options, [f"{name}/{SUITES[name]}" for name in wanted]


def _debian_mirror():
    """Return the mirror that this Debian uses and the keyring that vouches for it."""
    keyring = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    question = ["--format", "$(ORIGIN)|$(LABEL)|$(SITE)", "Identifier: Packages"]
    for update_first in (False, IS_ROOT):
        if update_first:
            run("apt-get", "update", "-qq", quiet=True, advice=ADVICE)
        for row in output("apt-get", "indextargets", *question).splitlines():
            if row.startswith("Debian|Debian|") and keyring.exists():
                return row.split("|")[2], keyring
    raise Failure(
        "Odoo's source is fetched by itself only on Debian with a package list "
        f"(sudo apt-get update). {ADVICE}"
    )
