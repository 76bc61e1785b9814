"""Serves until it is told to end. The first line says where."""

import logging
import os
import warnings

# SAM's translator asks boto3 for a region, whatever it is.
os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="us-east-1")

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from . import apis, stacks, updates  # noqa: F401 (`apis` by its classes)
from .controls import Controls
from .requests import Requests


def main():
    for logger in ("werkzeug", "moto", "samtranslator"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    warnings.simplefilter("ignore")  # moto's, that it does not make resources of every type
    stacks.install()
    updates.install()
    backends = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, Controls(Requests(backends)), threaded=True)
    print(f"http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


main()
