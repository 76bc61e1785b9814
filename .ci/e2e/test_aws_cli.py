"""Users of a pool by AWS's own command line: what they do themselves, and what an administrator does."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dev import PASSWORD, Dev
from test_cognito import totp


@pytest.fixture(scope="module")
def dev(tmp_path_factory):
    with Dev("orders", tmp_path_factory.mktemp("cli") / "state") as server:
        yield server


@pytest.fixture
def aws(dev):
    """Runs a command of `aws cognito-idp` and returns its answer, or the message with which it fails."""

    def run(operation, **options):
        words = [[f"--{name.replace('_', '-')}", *words_of(value)] for name, value in options.items()]
        command = [Path(sys.executable).parent / "aws", "cognito-idp", operation, *sum(words, [])]
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": dev.aws_url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_MAX_ATTEMPTS": "1",
        }
        ran = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True, timeout=60)
        return json.loads(ran.stdout or "{}") if ran.returncode == 0 else ran.stderr.strip()

    return run


def words_of(value):
    """Nothing for a switch, structures as JSON, and a list as several words."""
    match value:
        case True:
            return []
        case dict():
            return [json.dumps(value)]
        case list():
            return [json.dumps(item) if isinstance(item, dict) else item for item in value]
        case _:
            return [value]


@pytest.fixture
def client(dev):
    return dev.pool("Shopper")[1]


@pytest.fixture
def pool(dev):
    return dev.pool("Shopper")[0]


def sent(dev, name, what, before=0):
    return dev.logged(rf"{name}: the code {what} is (\d+)", before).group(1)


def registered(dev, aws, client, name):
    before = len(dev.log)
    signed_up = aws("sign-up", client_id=client, username=name, password=PASSWORD)
    assert signed_up["UserConfirmed"] is False, signed_up
    code = sent(dev, name, "that confirms the sign-up", before)
    assert isinstance(aws("confirm-sign-up", client_id=client, username=name, confirmation_code=code), dict)


def signed_in(aws, client, name, password=PASSWORD):
    parameters = {"USERNAME": name, "PASSWORD": password}
    return aws("initiate-auth", client_id=client, auth_flow="USER_PASSWORD_AUTH", auth_parameters=parameters)


def test_who_signs_up_signs_in_refreshes_and_signs_out(dev, aws, client):
    name = "cli@example.com"
    registered(dev, aws, client, name)
    assert "(NotAuthorizedException)" in signed_in(aws, client, name, "Wrong-horse-7")
    tokens = signed_in(aws, client, name)["AuthenticationResult"]
    user = aws("get-user", access_token=tokens["AccessToken"])
    assert {"Name": "email", "Value": name} in user["UserAttributes"]
    refresh = {"REFRESH_TOKEN": tokens["RefreshToken"]}
    flow = dict(client_id=client, auth_flow="REFRESH_TOKEN_AUTH", auth_parameters=refresh)
    assert aws("initiate-auth", **flow)["AuthenticationResult"]["TokenType"] == "Bearer"
    renewed = aws("get-tokens-from-refresh-token", client_id=client, refresh_token=tokens["RefreshToken"])
    assert renewed["AuthenticationResult"]["IdToken"]
    assert aws("global-sign-out", access_token=tokens["AccessToken"]) == {}
    assert "Refresh Token has been revoked" in aws("initiate-auth", **flow)
    assert "Access Token has been revoked" in aws("get-user", access_token=tokens["AccessToken"])


def test_a_forgotten_password_is_replaced_and_a_known_one_changed(dev, aws, client):
    name, other = "forgetful@example.com", "Other-horse-8"
    registered(dev, aws, client, name)
    before = len(dev.log)
    delivery = aws("forgot-password", client_id=client, username=name)["CodeDeliveryDetails"]
    assert delivery["DeliveryMedium"] == "EMAIL"
    code = sent(dev, name, "for a new password", before)
    replaced = dict(client_id=client, username=name, password=other)
    assert "(CodeMismatchException)" in aws("confirm-forgot-password", confirmation_code="000000", **replaced)
    assert aws("confirm-forgot-password", confirmation_code=code, **replaced) == {}
    token = signed_in(aws, client, name, other)["AuthenticationResult"]["AccessToken"]
    change = dict(access_token=token, previous_password=other)
    assert "(InvalidPasswordException)" in aws("change-password", proposed_password="weak", **change)
    assert aws("change-password", proposed_password=PASSWORD, **change) == {}
    assert "AuthenticationResult" in signed_in(aws, client, name)


def test_an_authenticator_app_is_asked_for(dev, aws, client, pool):
    name = "app@example.com"
    registered(dev, aws, client, name)
    on = dict(mfa_configuration="OPTIONAL", software_token_mfa_configuration={"Enabled": True})
    assert aws("set-user-pool-mfa-config", user_pool_id=pool, **on)["MfaConfiguration"] == "OPTIONAL"
    token = signed_in(aws, client, name)["AuthenticationResult"]["AccessToken"]
    secret = aws("associate-software-token", access_token=token)["SecretCode"]
    code = totp(secret, time.time() - 30)
    assert aws("verify-software-token", access_token=token, user_code=code) == {"Status": "SUCCESS"}
    preference = {"Enabled": True, "PreferredMfa": True}
    assert aws("set-user-mfa-preference", access_token=token, software_token_mfa_settings=preference) == {}
    asked = signed_in(aws, client, name)
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    answer = dict(client_id=client, challenge_name=asked["ChallengeName"], session=asked["Session"])
    responses = {"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": totp(secret)}
    result = aws("respond-to-auth-challenge", challenge_responses=responses, **answer)
    assert result["AuthenticationResult"]["ExpiresIn"] == 3600
    again = aws("respond-to-auth-challenge", challenge_responses=responses, **answer)
    assert "(NotAuthorizedException)" in again, "a session answers once"
    settings = dict(user_pool_id=pool, username=name, software_token_mfa_settings={"Enabled": False})
    assert aws("admin-set-user-mfa-preference", **settings) == {}
    assert "AuthenticationResult" in signed_in(aws, client, name)


def test_an_administrator_makes_groups_disables_and_deletes_a_user(aws, client, pool):
    name, of_user = "invited@example.com", dict(user_pool_id=pool, username="invited@example.com")
    email = [{"Name": "email", "Value": name}]
    made = aws("admin-create-user", temporary_password="T3mporary!", user_attributes=email, message_action="SUPPRESS", **of_user)
    assert made["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    parameters = {"USERNAME": name, "PASSWORD": "T3mporary!"}
    flow = dict(user_pool_id=pool, client_id=client, auth_flow="ADMIN_USER_PASSWORD_AUTH", auth_parameters=parameters)
    asked = aws("admin-initiate-auth", **flow)
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    answer = dict(user_pool_id=pool, client_id=client, challenge_name=asked["ChallengeName"], session=asked["Session"])
    responses = {"USERNAME": name, "NEW_PASSWORD": PASSWORD}
    tokens = aws("admin-respond-to-auth-challenge", challenge_responses=responses, **answer)["AuthenticationResult"]
    assert aws("admin-add-user-to-group", group_name="staff", **of_user) == {}
    groups = aws("admin-list-groups-for-user", **of_user)["Groups"]
    assert [group["GroupName"] for group in groups] == ["staff"]
    in_group = aws("list-users-in-group", user_pool_id=pool, group_name="staff")["Users"]
    assert [user["Username"] for user in in_group] == [made["User"]["Username"]]
    attributes = [{"Name": "given_name", "Value": "Ivy"}]
    assert aws("admin-update-user-attributes", user_attributes=attributes, **of_user) == {}
    assert {"Name": "given_name", "Value": "Ivy"} in aws("admin-get-user", **of_user)["UserAttributes"]
    found = aws("list-users", user_pool_id=pool, filter=f'email = "{name}"', attributes_to_get=["email"])["Users"]
    assert [user["Attributes"] for user in found] == [email]
    assert aws("admin-user-global-sign-out", **of_user) == {}
    assert "Access Token has been revoked" in aws("get-user", access_token=tokens["AccessToken"])
    assert aws("admin-disable-user", **of_user) == {}
    assert "User is disabled." in signed_in(aws, client, name)
    assert aws("admin-enable-user", **of_user) == {}
    assert aws("admin-set-user-password", password="Third-horse-9", permanent=True, **of_user) == {}
    assert "AuthenticationResult" in signed_in(aws, client, name, "Third-horse-9")
    assert aws("admin-delete-user", **of_user) == {}
    assert "(UserNotFoundException)" in aws("admin-get-user", **of_user)


def test_pages_of_users_are_followed_to_their_end(dev, aws, client, pool):
    names = {f"page{number}@example.com" for number in range(3)}
    for name in names:
        aws("admin-create-user", user_pool_id=pool, username=name, message_action="SUPPRESS")
    listed = aws("list-users", user_pool_id=pool, page_size=2, filter='email ^= "page"')["Users"]
    emails = {attribute["Value"] for user in listed for attribute in user["Attributes"] if attribute["Name"] == "email"}
    assert emails == names
    first = aws("list-users", user_pool_id=pool, limit=1)
    assert len(first["Users"]) == 1 and first["PaginationToken"]


def test_what_does_not_exist_is_named(aws, client, pool):
    assert "(ResourceNotFoundException)" in aws("describe-user-pool", user_pool_id="us-east-1_Nothing00")
    described = aws("describe-user-pool-client", user_pool_id=pool, client_id=client)["UserPoolClient"]
    assert described["ClientId"] == client
    listed = aws("list-user-pool-clients", user_pool_id=pool)["UserPoolClients"]
    assert client in [it["ClientId"] for it in listed]
