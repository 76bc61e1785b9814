"""The sign-in page in a browser, OAuth's endpoints with clients that others wrote, and TLS."""

import base64
import hashlib
import json
import os
import secrets
import shutil
import subprocess
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests

from dev import PASSWORD, Dev
from packages import installed
from source_app import SourceApp

CALLBACK = "http://localhost:3000/signed-in"
PACKAGES = ["@sparticuz/chromium@147.0.0", "puppeteer-core@24.43.1", "aws-jwt-verify@5.2.1"]
# It follows from the names of the application, the pool and the client.
MEMBERS_SECRET = "qs5u6l1rhx39mq6uxws1w9kbuklmtsrfjp2kngno8faha5slag5"


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """Runs one of the scripts, in a folder that has the packages."""
    folder = installed("e2e-oauth-node", PACKAGES)

    def run(script, environment=None, **arguments):
        shutil.copy(os.path.join(os.path.dirname(__file__), script), folder)
        command = ["node", script, json.dumps(arguments)]
        environment = {**os.environ, **(environment or {})}
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env=environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


class Browser:
    """A browser, which does one step after the other."""

    def __init__(self):
        folder = installed("e2e-oauth-node", PACKAGES)
        shutil.copy(os.path.join(os.path.dirname(__file__), "browser.mjs"), folder)
        command = ["node", "browser.mjs", json.dumps({"stop": CALLBACK})]
        pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.process = subprocess.Popen(command, cwd=folder, text=True, **pipes)

    def __call__(self, **step):
        try:
            self.process.stdin.write(json.dumps(step) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            raise AssertionError(self.process.stderr.read()) from None

    def sign_in(self, url, email, password=PASSWORD):
        self(url=url)
        return self(fields={"E-mail address": email, "Password": password})

    def close(self):
        self.process.communicate(timeout=60)


@pytest.fixture
def browser():
    browser = Browser()
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gatehouse")
    app = SourceApp(folder, "gatehouse")
    (app.folder / "secrets.toml").write_text(f'MembersSecret = "{MEMBERS_SECRET}"\n')
    with Dev("gatehouse", folder / "state", "--tls", workspace=app.folder) as server:
        server.ca = str(folder / "state" / "tls" / "ca.pem")
        server.domain = server._printed(r"sign-in page +(\S+/gatehouse)\n")
        yield server


def other_client(house, name):
    """The id and the secret of a machine."""
    return house._printed(rf"client {name} +(\S+)  secret"), house._printed(rf"client {name} +\S+  secret (\S+)")


def begin(house, **more):
    """The URL that an application sends a browser to, with the verifier and the state that it keeps."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": house.pool("Shopper")[1],
        "redirect_uri": CALLBACK,
        "scope": "openid email orders/read",
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **more,
    }
    return f"{house.domain}/oauth2/authorize?{urlencode(asked)}", verifier, state


def post(house, path, **fields):
    credentials = fields.pop("auth", None)
    return requests.post(house.domain + path, data=fields, auth=credentials, verify=house.ca, timeout=60)


def exchange(house, callback, verifier):
    code = parse_qs(urlsplit(callback).query)["code"][0]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
    return post(house, "/oauth2/token", client_id=house.pool("Shopper")[1], **fields)


@pytest.fixture(scope="module")
def signed_in(house):
    """Ann's tokens, which she got on the page."""
    house.sign_up("Shopper", "ann@example.com")
    url, verifier, state = begin(house)
    browser = Browser()
    seen = browser.sign_in(url, "ann@example.com")
    browser.close()
    assert seen["callback"], seen["said"]
    assert seen["problems"] == [], "the page's own policy forbids nothing of it"
    assert {"name": "cognito", "httpOnly": True} in seen["cookies"]
    assert parse_qs(urlsplit(seen["callback"]).query)["state"] == [state]
    reply = exchange(house, seen["callback"], verifier)
    assert reply.status_code == 200, reply.text
    again = exchange(house, seen["callback"], verifier)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    return reply.json()


def fresh(house, browser):
    url, verifier, _ = begin(house)
    seen = browser.sign_in(url, "ann@example.com")
    return exchange(house, seen["callback"], verifier).json()


def test_a_person_signs_in_on_the_page_and_the_api_lets_them_in(house, browser, signed_in):
    tokens = fresh(house, browser)
    assert house.request("GET", "/me", tokens["id_token"]).json()["email"] == "ann@example.com"
    orders = house.request("GET", "/orders", tokens["access_token"])
    assert (orders.status_code, orders.json()["email"]) == (200, None)
    info = requests.get(
        f"{house.domain}/oauth2/userInfo",
        headers={"authorization": f"Bearer {tokens['access_token']}"},
        verify=house.ca,
        timeout=60,
    )
    assert info.json()["email"] == "ann@example.com"


def test_a_wrong_password_stays_on_the_page(house, browser, signed_in):
    seen = browser.sign_in(begin(house)[0], "ann@example.com", "Wr0ng-password")
    assert "callback" not in seen and "Incorrect username or password." in seen["said"]


def test_tokens_are_refreshed_until_they_are_revoked(house, browser, signed_in):
    tokens, client = fresh(house, browser), house.pool("Shopper")[1]
    refreshed = post(house, "/oauth2/token", grant_type="refresh_token", client_id=client, refresh_token=tokens["refresh_token"])
    assert refreshed.status_code == 200 and "refresh_token" not in refreshed.json()
    assert house.request("GET", "/orders", refreshed.json()["access_token"]).status_code == 200
    assert post(house, "/oauth2/revoke", client_id=client, token=tokens["refresh_token"]).status_code == 200
    refused = post(house, "/oauth2/token", grant_type="refresh_token", client_id=client, refresh_token=tokens["refresh_token"])
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})


def test_a_machine_reaches_what_its_scopes_say(house):
    nightly, importer = other_client(house, "Nightly"), other_client(house, "Importer")
    token = post(house, "/oauth2/token", grant_type="client_credentials", auth=nightly).json()
    reply = house.request("GET", "/orders", token["access_token"])
    assert (reply.status_code, reply.json()["client_id"], reply.json()["sub"]) == (200, nightly[0], nightly[0])
    other = post(house, "/oauth2/token", grant_type="client_credentials", auth=importer).json()
    assert house.request("GET", "/orders", other["access_token"]).status_code == 403
    wrong = post(house, "/oauth2/token", grant_type="client_credentials", auth=(nightly[0], "wrong"))
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_client"})
    more = post(house, "/oauth2/token", grant_type="client_credentials", scope="orders/write", auth=nightly)
    assert (more.status_code, more.json()) == (400, {"error": "invalid_scope"})


def test_a_user_of_another_pool_signs_in_through_both_pages(house, browser):
    cognito = house.client("cognito-idp")
    client, before = house.pool("Member")[1], len(house.log)
    email = [{"Name": "email", "Value": "eve@example.com"}]
    cognito.sign_up(ClientId=client, Username="eve", Password=PASSWORD, UserAttributes=email)
    code = house.logged(r"eve@example.com: the code that confirms the sign-up is (\d+)", before).group(1)
    cognito.confirm_sign_up(ClientId=client, Username="eve", ConfirmationCode=code)
    url, verifier, _ = begin(house)
    browser(url=url)
    browser(follow="Continue with Members")
    seen = browser(fields={"Username": "eve", "Password": PASSWORD})
    assert seen["callback"], seen["said"]
    tokens = exchange(house, seen["callback"], verifier).json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert claims["cognito:username"].startswith("Members_") and claims["email"] == "eve@example.com"
    assert claims["identities"][0]["providerName"] == "Members"
    assert house.request("GET", "/me", tokens["id_token"]).json()["sub"] == claims["sub"]


def test_awss_own_verifier_fetches_the_keys_over_tls(house, node, signed_in):
    pool, client, issuer = house.pool("Shopper")
    base = house.domain.removesuffix("/cognito/gatehouse")
    keys = f"{base}/{pool}/.well-known/jwks.json"
    arguments = {"issuer": issuer, "audience": client, "jwksUri": keys}
    trusted = {"NODE_EXTRA_CA_CERTS": house.ca}
    verified = node("verify.mjs", trusted, token=signed_in["id_token"], **arguments)
    assert verified["email"] == "ann@example.com"
    head, payload, _ = signed_in["id_token"].split(".")
    forged = node("verify.mjs", trusted, token=f"{head}.{payload}.{'A' * 342}", **arguments)
    assert forged == {"error": "JwtInvalidSignatureError"}
    assert "error" in node("verify.mjs", token=signed_in["id_token"], **arguments), "who does not trust it gets no keys"


def test_the_same_port_takes_both_kinds_of_connections(house):
    assert house.domain.startswith("https://127.0.0.1:")
    configuration = f"/{house.pool('Shopper')[0]}/.well-known/openid-configuration"
    plain = requests.get(house.aws_url + configuration, timeout=60).json()
    with_tls = requests.get(house.aws_url.replace("http:", "https:") + configuration, verify=house.ca, timeout=60).json()
    assert plain == with_tls and plain["token_endpoint"] == f"{house.domain}/oauth2/token"
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(house.aws_url.replace("http:", "https:") + configuration, timeout=60)
    assert os.stat(house.ca.replace("ca.pem", "server.key")).st_mode & 0o777 == 0o600
