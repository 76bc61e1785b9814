"""`cargo xtask dev` as a process, and the clients of it."""

import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import boto3
import requests
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
XTASK = TARGET / "debug" / "skyloom-xtask"
PASSWORD = "Correct-horse-7"


def eventually(probe, seconds=30):
    """Asks until the answer is true. What the server does on its own has no moment at which it must have happened."""
    deadline = time.monotonic() + seconds
    while not (answer := probe()):
        assert time.monotonic() < deadline, f"{probe} was not true within {seconds} s"
        time.sleep(0.02)
    return answer


class Dev:
    """A running dev server. `stop` ends it, as does the end of a `with`."""

    def __init__(self, package, state, *options, workspace=ROOT, ready=300):
        command = [XTASK, "dev", "--package", package, "--port", "0", "--aws-port", "0", "--state", state, *options]
        environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET)}
        self.state = Path(state)
        self.process = subprocess.Popen(
            [str(part) for part in command],
            cwd=workspace,
            env=environment,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.banner = ""
        self.log = ""
        self.grown = threading.Condition()
        for stream, into in ((self.process.stdout, "banner"), (self.process.stderr, "log")):
            threading.Thread(target=self._read, args=(stream, into), daemon=True).start()
        self._wait(lambda: "Ctrl-C stops" in self.banner, ready, "is not ready")
        self.url = self._printed(r"API +(?:\w+ +)?((?:http|ws)://\S+)")
        self.aws_url = self._printed(r"AWS endpoint +(http://\S+)")
        self.session = requests.Session()

    def _read(self, stream, into):
        for line in stream:
            with self.grown:
                setattr(self, into, getattr(self, into) + line)
                self.grown.notify_all()

    def _wait(self, condition, seconds, what):
        deadline = time.monotonic() + seconds
        with self.grown:
            while not condition():
                self.grown.wait(0.1)
                ended = self.process.poll() is not None
                assert not ended and time.monotonic() < deadline, f"the server {what}:\n{self.banner}\n{self.log}"

    def _printed(self, pattern):
        return re.search(pattern, self.banner).group(1)

    def logged(self, pattern, after=0, seconds=60):
        """Waits for a line of the log after so many characters and returns its match."""
        found = []
        self._wait(lambda: found.append(re.search(pattern, self.log[after:])) or found[-1], seconds, f"logs no {pattern}")
        return found[-1]

    def pool(self, name):
        """The ids of a user pool and of its client."""
        block = re.search(rf"user pool +{name} +(\S+)\n +client +(\S+)\n +issuer +(\S+)", self.banner)
        return block.groups()

    def client(self, service, **keywords):
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local", **keywords}
        once = Config(retries={"total_max_attempts": 1})
        return boto3.client(service, endpoint_url=self.aws_url, region_name="us-east-1", config=once, **keys)

    def request(self, method, path, token=None, **keywords):
        headers = {**({"authorization": f"Bearer {token}"} if token else {}), **keywords.pop("headers", {})}
        return self.session.request(method, self.url + path, headers=headers, timeout=60, **keywords)

    def sign_up(self, pool, email):
        """Registers a user as an application's page would, with the code that the log shows, and signs in."""
        cognito = self.client("cognito-idp")
        client_id = self.pool(pool)[1]
        before = len(self.log)
        cognito.sign_up(ClientId=client_id, Username=email, Password=PASSWORD)
        code = self.logged(rf"{email}: the code that confirms the sign-up is (\d+)", before).group(1)
        cognito.confirm_sign_up(ClientId=client_id, Username=email, ConfirmationCode=code)
        return self.sign_in(pool, email)

    def sign_in(self, pool, email):
        answer = self.client("cognito-idp").initiate_auth(
            ClientId=self.pool(pool)[1],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
        )
        return answer["AuthenticationResult"]

    def children(self):
        """The processes that the server has started, each with its command."""
        listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        return {int(pid): command for pid, parent, command in rows if int(parent) == self.process.pid}

    def stop(self, how=signal.SIGINT):
        self.process.send_signal(how)
        return self.process.wait(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
