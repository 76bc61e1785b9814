"""The guards of the gatehouse: the sign-in page step by step in a browser, a client with a secret, and devices that are known again."""

import time
from urllib.parse import parse_qs, urlencode, urlsplit

import botocore.exceptions
import jwt
import pytest
import requests
from pycognito.aws_srp import AWSSRP

from dev import PASSWORD
from packages import run_client
from test_cognito import totp
from test_oauth import CALLBACK, browser, house, other_client  # noqa: F401 fixtures

MAIL = "E-mail address"


@pytest.fixture(scope="module")
def cognito(house):
    return house.client("cognito-idp")


@pytest.fixture(scope="module")
def guards(house):
    """The pool's domain, id and client, and the id and the secret of the client that uses the page."""
    domain = house.domain.removesuffix("gatehouse") + "gatehouse-guards"
    return domain, house.pool("Guard")[:2], other_client(house, "Barracks")


def page(guards, **more):
    """Where the barracks sends a browser."""
    domain, _, (client, _) = guards
    asked = {"response_type": "code", "client_id": client, "redirect_uri": CALLBACK, "scope": "openid email", **more}
    return f"{domain}/oauth2/authorize?{urlencode(asked)}"


def exchanged(house, guards, seen, **credentials):
    assert seen.get("callback"), seen["said"]
    code = parse_qs(urlsplit(seen["callback"]).query)["code"][0]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return post(house, guards, fields, **credentials)


def post(house, guards, fields, auth=None, **more):
    return requests.post(guards[0] + "/oauth2/token", data={**fields, **more}, auth=auth, verify=house.ca, timeout=60)


def enlisted(cognito, guards, email):
    """A guard who needs no confirmation, and their access token."""
    client = guards[1][1]
    cognito.sign_up(ClientId=client, Username=email, Password=PASSWORD)
    parameters = {"USERNAME": email, "PASSWORD": PASSWORD}
    answer = cognito.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    return answer["AuthenticationResult"]["AccessToken"]


def said_to(house, email, before):
    return house.logged(rf"{email}: halt, say (\d+)", before).group(1)


def test_a_client_with_a_secret_shows_it_in_either_way(house, browser, cognito, guards):
    enlisted(cognito, guards, "known-basic@example.com")
    client, secret = guards[2]
    seen = browser.sign_in(page(guards), "known-basic@example.com")
    wrong = exchanged(house, guards, seen, auth=(client, "wrong"))
    assert (wrong.status_code, wrong.json()) == (400, {"error": "invalid_client"})
    tokens = exchanged(house, guards, seen, auth=(client, secret)).json()
    claims = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert (claims["aud"], claims["email"]) == (client, "known-basic@example.com")
    assert house.request("GET", "/post", tokens["id_token"]).json() == "north gate", "the function's claim"
    again = browser(url=page(guards))  # the browser is signed in
    posted = exchanged(house, guards, again, client_id=client, client_secret=secret)
    assert posted.status_code == 200 and posted.json()["token_type"] == "Bearer"
    fields = {"grant_type": "refresh_token", "refresh_token": posted.json()["refresh_token"]}
    assert post(house, guards, fields, auth=(client, secret)).status_code == 200
    other = post(house, guards, fields, client_id=guards[1][1])
    assert other.json() == {"error": "invalid_client"}, "the pool's own client has nothing to do with the page"


def with_app(cognito, guards, email):
    """The secret of the authenticator app of a guard, who is asked for its codes from now on."""
    token = enlisted(cognito, guards, email)
    secret = cognito.associate_software_token(AccessToken=token)["SecretCode"]
    cognito.verify_software_token(AccessToken=token, UserCode=totp(secret, time.time() - 30))
    preference = {"Enabled": True, "PreferredMfa": True}
    cognito.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=preference)
    return secret


def test_an_authenticator_app_is_asked_for_on_the_page(house, browser, cognito, guards):
    email = "known-app@example.com"
    secret = with_app(cognito, guards, email)
    seen = browser.sign_in(page(guards), email)
    assert "Code of your authenticator app" in seen["said"] and not seen.get("callback")
    code = totp(secret)
    wrong = "000000" if code != "000000" else "000001"
    seen = browser(fields={"Code of your authenticator app": wrong})
    assert "Invalid code received for user" in seen["said"]
    seen = browser(fields={"Code of your authenticator app": code})
    assert exchanged(house, guards, seen, auth=guards[2]).status_code == 200


def test_a_code_by_mail_has_the_words_of_the_function(house, browser, cognito, guards):
    email = "known-mail@example.com"
    token = enlisted(cognito, guards, email)
    preference = {"Enabled": True, "PreferredMfa": True}
    pool = guards[1][0]
    verified = [{"Name": "email_verified", "Value": "true"}]
    cognito.admin_update_user_attributes(UserPoolId=pool, Username=email, UserAttributes=verified)
    cognito.set_user_mfa_preference(AccessToken=token, EmailMfaSettings=preference)
    before = len(house.log)
    seen = browser.sign_in(page(guards), email)
    assert "A code was sent to k***@e***" in seen["said"]
    seen = browser(fields={"Code of the e-mail": said_to(house, email, before)})
    assert exchanged(house, guards, seen, auth=guards[2]).status_code == 200


def test_an_invited_guard_chooses_a_password(house, browser, cognito, guards):
    email, pool = "invited@example.com", guards[1][0]
    cognito.admin_create_user(UserPoolId=pool, Username=email, TemporaryPassword="T3mporary!", MessageAction="SUPPRESS")
    seen = browser.sign_in(page(guards), email, "T3mporary!")
    assert "New password" in seen["said"]
    seen = browser(fields={"New password": "weak"})
    assert "Password did not conform with policy" in seen["said"]
    seen = browser(fields={"New password": PASSWORD})
    assert exchanged(house, guards, seen, auth=guards[2]).status_code == 200


def test_who_has_no_account_makes_one_and_a_function_may_refuse(house, browser, guards):
    browser(url=page(guards))
    browser(follow="Create an account")
    seen = browser(fields={MAIL: "spy@example.com", "Password": PASSWORD})
    assert "PreSignUp failed with error spies are not wanted." in seen["said"]
    before = len(house.log)
    seen = browser(fields={MAIL: "recruit@example.com", "Password": PASSWORD})
    assert "Confirm your account" in seen["said"]
    seen = browser(fields={"Code": said_to(house, "recruit@example.com", before)}, press="Confirm")
    assert exchanged(house, guards, seen, auth=guards[2]).status_code == 200


def test_whom_the_function_confirms_at_once_is_asked_for_no_code(house, browser, guards):
    browser(url=page(guards))
    browser(follow="Create an account")
    seen = browser(fields={MAIL: "known-at-once@example.com", "Password": PASSWORD})
    assert exchanged(house, guards, seen, auth=guards[2]).status_code == 200


def test_a_forgotten_password_is_replaced_on_the_page(house, browser, cognito, guards):
    email, pool = "known-forgetful@example.com", guards[1][0]
    enlisted(cognito, guards, email)
    verified = [{"Name": "email_verified", "Value": "true"}]
    cognito.admin_update_user_attributes(UserPoolId=pool, Username=email, UserAttributes=verified)
    browser(url=page(guards))
    browser(follow="Forgot your password?")
    before = len(house.log)
    seen = browser(fields={MAIL: email})
    assert "Choose a new password" in seen["said"]
    seen = browser(fields={"Code": "000000", "New password": "Other-horse-8"})
    assert "Invalid verification code" in seen["said"]
    seen = browser(fields={"Code": said_to(house, email, before), "New password": "Other-horse-8"})
    assert "The password is changed" in seen["said"]
    seen = browser(fields={MAIL: email, "Password": "Other-horse-8"})
    assert seen.get("callback"), seen["said"]


def test_a_guard_of_another_directory_is_taken_over(house, browser, guards):
    seen = browser.sign_in(page(guards), "veteran@example.com", "Another-horse-1")
    assert "Incorrect username or password." in seen["said"]
    seen = browser(fields={MAIL: "veteran@example.com", "Password": "Veteran-horse-1"})
    assert exchanged(house, guards, seen, auth=guards[2]).status_code == 200


def test_a_device_that_is_known_again_stands_for_the_second_factor(house, cognito, guards):
    email = "known-device@example.com"
    secret = with_app(cognito, guards, email)
    pool, client = guards[1]
    settings = {"endpoint": house.aws_url, "pool": pool, "client": client}
    seen = run_client("devices.js", settings, email, PASSWORD, totp(secret))
    proof = ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER", "RespondToAuthChallenge"]
    assert seen["again"] == proof
    assert seen["first"] == ["PASSWORD_VERIFIER", "SOFTWARE_TOKEN_MFA", "RespondToAuthChallenge", "ConfirmDevice"]
    assert (seen["devices"], seen["same"]) == (1, True)
    assert "dev:device_remembered_status" in seen["names"]


def test_pycognito_proves_a_device_until_it_is_forgotten(cognito, guards):
    email = "known-python@example.com"
    enlisted(cognito, guards, email)
    pool, client = guards[1]

    def srp(**device):
        return AWSSRP(username=email, password=PASSWORD, pool_id=pool, client_id=client, client=cognito, **device)

    first = srp()
    tokens = first.authenticate_user()
    new = tokens["AuthenticationResult"]["NewDeviceMetadata"]
    key, group = new["DeviceKey"], new["DeviceGroupKey"]
    secret = confirmed(cognito, tokens["AuthenticationResult"]["AccessToken"], group, key)
    device = dict(device_key=key, device_group_key=group, device_password=secret)
    result = srp(**device).authenticate_user()["AuthenticationResult"]
    assert "NewDeviceMetadata" not in result
    refresh = {"REFRESH_TOKEN": result["RefreshToken"], "DEVICE_KEY": key}
    flow = dict(ClientId=client, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=refresh)
    assert cognito.initiate_auth(**flow)["AuthenticationResult"]["AccessToken"]
    cognito.admin_forget_device(UserPoolId=pool, Username=email, DeviceKey=key)
    for call, code in [
        (lambda: cognito.initiate_auth(**flow), "NotAuthorizedException"),
        (lambda: srp(**device).authenticate_user(), "ResourceNotFoundException"),
    ]:
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            call()
        assert refused.value.response["Error"]["Code"] == code


def confirmed(cognito, token, group, key):
    """Makes the secret of a device as pycognito does, and confirms it; its own call would go to AWS."""
    from pycognito.aws_srp import generate_hash_device

    secret, config = generate_hash_device(group, key)
    cognito.confirm_device(AccessToken=token, DeviceKey=key, DeviceName="python", DeviceSecretVerifierConfig=config)
    return secret
