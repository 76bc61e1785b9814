"""Packages for Node, installed from the registry into `target/`, pinned."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from dev import TARGET

# What pages and servers sign users in with, and call AWS.
CLIENTS = [
    "amazon-cognito-identity-js@6.3.21",
    "aws-amplify@6.22.1",
    "@aws-sdk/client-dynamodb@3.1164.0",
    "@aws-sdk/credential-providers@3.1169.0",
]


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


def run_client(script, settings, *arguments):
    """Runs one of the scripts here with the clients, and returns what it prints."""
    modules = installed("e2e-node", CLIENTS) / "node_modules"
    command = ["node", str(Path(__file__).resolve().parent / script), json.dumps(settings), *arguments]
    environment = {**os.environ, "NODE_PATH": str(modules)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
