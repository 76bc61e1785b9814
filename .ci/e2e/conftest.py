import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from account import Account, Project
from dev import Dev
from source_app import SourceApp

# Whoever runs this may have an account; nothing here is to find it.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """The example, and one user of it."""
    with Dev("orders", tmp_path_factory.mktemp("shop") / "state") as server:
        yield server


@pytest.fixture(scope="session")
def ann(shop):
    return shop.sign_up("Shopper", "ann@example.com")


@pytest.fixture(scope="session")
def faults_app(tmp_path_factory):
    """An application whose handlers misbehave, in a workspace of its own that tests may edit."""
    return SourceApp(tmp_path_factory.mktemp("faults"), "faults")


@pytest.fixture(scope="session")
def faults(faults_app, tmp_path_factory):
    with Dev("faults", tmp_path_factory.mktemp("state") / "faults", workspace=faults_app.folder) as server:
        yield server


@pytest.fixture(scope="module")
def account():
    """An account of AWS with nothing in it."""
    with Account() as account:
        yield account


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """What is deployed; tests may edit it."""
    app = SourceApp(tmp_path_factory.mktemp("parcels"), "parcels")
    settings = "\n".join(f"[stages.{stage}]" for stage in ["one", "two", "three", "four", "five"])
    (app.folder / "skyloom.toml").write_text(f"{settings}\n[stages.prod]\naccount = \"999999999999\"\n")
    return app


@pytest.fixture
def project(app, account):
    """The application at a stage."""

    def at(stage):
        project = Project(app, account, stage)
        project.write_code("the first")
        return project

    return at


@pytest.fixture
def together():
    """Runs calls at the same time and returns what they return."""

    def run(*calls):
        with ThreadPoolExecutor(len(calls)) as pool:
            return [future.result() for future in [pool.submit(call) for call in calls]]

    return run
