"""Packages for Node, installed from the registry into `target/`, pinned."""

import shutil
import subprocess

import pytest

from dev import TARGET


def installed(name, packages):
    """A folder below `target/` whose `node_modules` has these packages."""
    if not shutil.which("npm"):
        pytest.skip("needs node and npm")
    folder, wanted = TARGET / name, "\n".join(packages)
    marker = folder / "packages.txt"
    if not marker.exists() or marker.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "package.json").write_text("{}")
        install = ["npm", "install", "--no-audit", "--no-fund", "--silent", *packages]
        subprocess.run(install, cwd=folder, check=True, timeout=300)
        marker.write_text(wanted)
    return folder
