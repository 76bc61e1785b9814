"""An empty account of AWS, and `cargo xtask` with credentials for it."""

import json
import os
import subprocess
import sys
import urllib.request
import zipfile
from contextlib import contextmanager
from pathlib import Path

import boto3

from dev import TARGET, XTASK

REGION = "eu-west-1"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
# Seconds for a command that builds, on a machine that builds other things as well.
PATIENCE = 600


class Account:
    """The emulator, on a port that was free."""

    def __init__(self):
        command = [sys.executable, "-B", "-m", "emulator"]
        self.process = subprocess.Popen(
            command, cwd=Path(__file__).parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.url = self.process.stdout.readline().strip()

    def client(self, service, region=REGION):
        keys = {name.lower(): value for name, value in KEYS.items()}
        return boto3.client(service, endpoint_url=self.url, region_name=region, **keys)

    def hold(self):
        """From now on what is executed takes until `release`."""
        self._control("hold")

    def release(self):
        self._control("release")

    @contextmanager
    def refusing(self, action, code="AccessDenied", **more):
        """An action is answered with an error, as by a policy that does not allow it."""
        self._control("refuse", [{"action": action, "code": code, **more}])
        try:
            yield
        finally:
            self._control("refuse", [])

    def cannot_delete(self, reasons):
        self._control("stubborn", reasons)

    def set_status(self, stack, status):
        self._control("status", {"stack": stack, "status": status})

    def used(self):
        """All actions that commands have asked for so far."""
        return self._control("used")

    def _control(self, action, said=None):
        with urllib.request.urlopen(f"{self.url}/emulator/{action}", data=json.dumps(said).encode()) as answer:
            return json.load(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


class Project:
    """An application that is deployed to an account by commands."""

    def __init__(self, app, account, stage):
        self.app, self.account, self.stage = app, account, stage
        self.stack = f"parcels-{stage}"

    def prepared(self, command, *options, environment=None):
        """The arguments of a process. What the environment has as `None` is not set."""
        settings = {**KEYS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": self.account.url, "CARGO_TARGET_DIR": str(TARGET)}
        every = {**os.environ, **settings, **(environment or {})}
        return {
            "args": [str(part) for part in (XTASK, command, *options)],
            "cwd": self.app.folder,
            "env": {name: value for name, value in every.items() if value},
        }

    def start(self, command, *options, environment=None):
        """The command under way; it is not answered when it asks something, as in a pipeline."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(**self.prepared(command, *options, environment=environment), text=True, **streams)

    def run(self, command, *options, environment=None):
        """The exit code, and all that was said."""
        process = self.start(command, *options, environment=environment)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out + err

    def at_stage(self, command, *options, environment=None):
        return self.run(command, "--stage", self.stage, *options, environment=environment)

    def deploy(self, *options):
        return self.at_stage("deploy", *self.code(), *options)

    def code(self):
        return ["--artifact", self.app.folder / "code.zip"]

    def write_code(self, text):
        """An archive in place of the one that `build` makes; its bytes are the same for the same text."""
        with zipfile.ZipFile(self.app.folder / "code.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("bootstrap"), text)

    def review(self, *options):
        """What somebody does who changed the source: looks at the generated files, and checks them in."""
        code, said = self.run("check", "--update", *options)
        assert code == 0, said

    def status(self):
        found = self.account.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        return found[0]["StackStatus"]

    def events(self):
        return self.account.client("cloudformation").describe_stack_events(StackName=self.stack)["StackEvents"]
