"""An empty account of AWS, and `cargo xtask` with credentials for it."""

import os
import subprocess
import sys
import urllib.request
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

    def _control(self, action):
        urllib.request.urlopen(f"{self.url}/emulator/{action}", data=b"").close()

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

    def start(self, command, *options, environment=None):
        """The command under way; it is not answered when it asks something, as in a pipeline.

        What the environment has as `None` is not set.
        """
        settings = {**KEYS, "AWS_REGION": REGION, "AWS_ENDPOINT_URL": self.account.url, "CARGO_TARGET_DIR": str(TARGET)}
        arguments = [str(part) for part in (XTASK, command, *options)]
        return subprocess.Popen(
            arguments,
            cwd=self.app.folder,
            env={name: value for name, value in {**os.environ, **settings, **(environment or {})}.items() if value},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, command, *options, environment=None):
        """The exit code, and all that was said."""
        process = self.start(command, *options, environment=environment)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out + err

    def at_stage(self, command, *options, environment=None):
        return self.run(command, "--stage", self.stage, *options, environment=environment)

    def deploy(self, *options):
        return self.at_stage("deploy", "--artifact", self.app.folder / "code.zip", *options)

    def review(self, *options):
        """What somebody does who changed the source: looks at the generated files, and checks them in."""
        code, said = self.run("check", "--update", *options)
        assert code == 0, said

    def status(self):
        found = self.account.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        return found[0]["StackStatus"]

    def events(self):
        return self.account.client("cloudformation").describe_stack_events(StackName=self.stack)["StackEvents"]
