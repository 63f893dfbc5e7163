"""Leaflet, which lays a map's pictures under areas: from npm, not part of this tree."""

import base64
import hashlib
import shutil
import tarfile
import tempfile
from pathlib import Path

from environment import ROOT, Failure, ensure_packages, exclusive, run, say

VERSION = "1.9.4"
SHA512 = (
    "nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR"
    "3XnWyZAxwQixURb+FA74PA=="
)
FOLDER = ROOT / "static/lib/leaflet"
LICENCE = "LICENSE"
WANTED = (LICENCE, "dist/leaflet.js", "dist/leaflet.css")
PICTURES = "dist/images/"


def ensure_leaflet():
    """Put Leaflet and its licence into the checkout, unless they are there.

    :return: its files
    :raise Failure: when npm does not deliver it, or something else under its name
    """
    with exclusive("leaflet"):
        if not (FOLDER / LICENCE).exists():
            ensure_packages("map")
            say(f"fetching Leaflet {VERSION}")
            with tempfile.TemporaryDirectory() as folder:
                _unpack(_fetch(Path(folder)), Path(folder, "leaflet"))
                shutil.rmtree(FOLDER, ignore_errors=True)
                shutil.copytree(Path(folder, "leaflet"), FOLDER)
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())


def _fetch(folder):
    run(
        *("npm", "pack", f"leaflet@{VERSION}", "--ignore-scripts"),
        cwd=folder,
        quiet=True,
        advice="When npm's registry answers, run this command again.",
    )
    archive = next(folder.glob("leaflet-*.tgz"))
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512:
        raise Failure(
            f"npm delivered another leaflet {VERSION} than the one this module was "
            "made with: nothing was installed. Ask whoever runs your npm registry."
        )
    return archive


def _unpack(archive, target):
    """Extract what a browser needs, without the folders that npm has around it."""
    with tarfile.open(archive) as package:
        for member in package.getmembers():
            name = member.name.removeprefix("package/")
            if member.isfile() and (name in WANTED or name.startswith(PICTURES)):
                path = target / name.removeprefix("dist/")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(package.extractfile(member).read())
