"""The table layer against another emulator: moto, whose answers have to be those of the embedded engine."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import boto3
import pytest

from dev import ROOT, TARGET

# Seconds that a build may take on a machine that builds other things as well.
BUILD = 600


@pytest.fixture
def moto():
    """The endpoint of an empty account, on a port that was free."""
    command = [Path(sys.executable).parent / "moto_server", "--port", "0"]
    process = subprocess.Popen(command, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    lines = iter(process.stderr.readline, "")
    endpoint = next(match.group() for line in lines if (match := re.search(r"http://127\.0\.0\.1:\d+", line)))
    # It logs every request, and stops when nobody reads that.
    threading.Thread(target=lambda: all(True for _ in lines), daemon=True).start()
    yield endpoint
    process.terminate()
    process.wait(20)


def test_another_engine_gives_the_same_answers(moto):
    tests = subprocess.run(
        ["cargo", "test", "--workspace", "--test", "engines", "--", "--nocapture", "same_answers"],
        cwd=ROOT,
        env={**os.environ, "SKYLOOM_OTHER_DYNAMODB": moto, "CARGO_TARGET_DIR": str(TARGET)},
        capture_output=True,
        text=True,
        timeout=BUILD,
    )
    assert tests.returncode == 0, tests.stdout + tests.stderr
    compared = re.search(rf"(\d+) answers of {re.escape(moto)} are as here", tests.stdout)
    assert compared and int(compared.group(1)) > 250, tests.stdout
    # It was really this one that was asked.
    keys = {"aws_access_key_id": "elsewhere", "aws_secret_access_key": "elsewhere"}
    there = boto3.client("dynamodb", endpoint_url=moto, region_name="us-east-1", **keys)
    assert there.scan(TableName="skyloom-Order", Select="COUNT")["Count"] == 19
