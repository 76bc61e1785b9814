"""The server's own life: ports, state and its end."""

import signal
import socket
import subprocess

import pytest

from dev import XTASK, Dev


def alive(pids):
    listed = subprocess.run(["ps", "-e", "-o", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    running = {int(line.split()[0]) for line in listed.splitlines() if not line.split()[1].startswith("Z")}
    return running & set(pids)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_behind(tmp_path, how):
    server = Dev("orders", tmp_path / "state")
    assert server.request("GET", "/health").text == "ok"
    children = server.children()
    assert children
    assert server.stop(how) == 0
    assert not alive(children)


def test_state_is_kept_unless_a_fresh_start_is_asked_for(tmp_path):
    state = tmp_path / "state"
    with Dev("orders", state) as server:
        token = server.sign_up("Shopper", "ann@example.com")["IdToken"]
        order = server.request("POST", "/orders", token, json={"item": "a lamp", "total_cents": 1}).json()
    with Dev("orders", state) as server:
        # The token of before is still good, and so is the password.
        assert server.request("GET", f"/orders/{order['id']}", token).json() == order
        server.sign_in("Shopper", "ann@example.com")
    with Dev("orders", state, "--fresh") as server:
        assert server.request("GET", "/orders", token).status_code == 401
        with pytest.raises(server.client("cognito-idp").exceptions.ClientError):
            server.sign_in("Shopper", "ann@example.com")
        assert server.client("dynamodb").scan(TableName="orders-Order", Select="COUNT")["Count"] == 0


def refused(*options):
    command = [XTASK, "dev", "--package", "orders", *options]
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120)
    assert run.returncode != 0
    return run.stderr.splitlines()[-1]


@pytest.mark.parametrize(("option", "other"), [("--port", "--aws-port"), ("--aws-port", "--port")])
def test_a_port_in_use_is_named_with_its_option(tmp_path, option, other):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        message = refused(option, port, other, 0, "--state", tmp_path / "state")
    assert f"port {port} is in use" in message and f"`{option} PORT`" in message


def test_two_servers_run_at_once_but_not_on_the_same_state(shop, tmp_path):
    message = refused("--port", 0, "--aws-port", 0, "--fresh", "--state", shop.state)
    assert "another server of this application runs" in message and "--state" in message
    with Dev("orders", tmp_path / "state") as other:
        assert other.url != shop.url
        assert other.request("GET", "/health").text == shop.request("GET", "/health").text == "ok"
