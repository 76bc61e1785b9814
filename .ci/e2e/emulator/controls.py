"""What a test says to the emulator itself: a `POST` of JSON to `/emulator/…`."""

import json

from . import stacks


class Controls:
    """Before what is served as AWS."""

    def __init__(self, requests):
        self.requests = requests

    def __call__(self, environ, start_response):
        name = environ["PATH_INFO"].removeprefix("/emulator/")
        if name == environ["PATH_INFO"]:
            return self.requests(environ, start_response)
        said = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        answer = getattr(self, name)(json.loads(said or "null"))
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    def hold(self, _):
        """From now on what is executed takes until `release`."""
        stacks.RELEASED.clear()

    def release(self, _):
        stacks.RELEASED.set()

    def refuse(self, refusals):
        """Each `{"action", "code"}`, with `status`, `message` and `headers` if it has to have its own."""
        self.requests.refusals = refusals

    def stubborn(self, reasons):
        """Resources that cannot be deleted, by logical id."""
        stacks.STUBBORN.clear()
        stacks.STUBBORN.update(reasons)

    def status(self, stack):
        """`{"stack", "status"}`"""
        stacks.set_status(stack["stack"], stack["status"])

    def used(self, _):
        """The actions that were asked for so far."""
        return sorted(set(self.requests.used))
