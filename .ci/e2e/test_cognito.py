"""Users sign in with clients that others wrote: pycognito, boto3 and amazon-cognito-identity-js."""

import base64
import hashlib
import hmac
import struct
import time

import botocore.exceptions
import pycognito
import pytest
from dev import PASSWORD, Dev
from packages import run_client


@pytest.fixture(scope="module")
def dev(tmp_path_factory):
    """A server of this module's own: its pool asks for second factors after a while. pycognito expects the issuer where the keys are."""
    with Dev("orders", tmp_path_factory.mktemp("cognito") / "state", "--issuer", "local") as server:
        yield server


@pytest.fixture(scope="module")
def cognito(dev):
    return dev.client("cognito-idp")


def srp(dev, name, password=PASSWORD):
    pool, client = dev.pool("Shopper")[:2]
    config = {"endpoint_url": dev.aws_url, "region_name": "us-east-1"}
    keys = {"access_key": "local", "secret_key": "local"}
    return pycognito.Cognito(pool, client, username=name, user_pool_region="us-east-1", boto3_client_kwargs=config, **keys), password


def totp(secret, at=None):
    """RFC 6238."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    tag = hmac.new(key, struct.pack(">Q", int(at or time.time()) // 30), hashlib.sha1).digest()
    offset = tag[-1] & 15
    return f"{(struct.unpack('>I', tag[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_pycognito_proves_the_password(dev):
    dev.sign_up("Shopper", "srp@example.com")
    user, password = srp(dev, "srp@example.com")
    user.authenticate(password=password)
    assert user.get_user().email == "srp@example.com"
    old = user.access_token
    user.renew_access_token()
    assert user.access_token != old


def test_a_wrong_proof_is_a_wrong_password(dev):
    dev.sign_up("Shopper", "wrong@example.com")
    for name in ["wrong@example.com", "nobody@example.com"]:
        user, _ = srp(dev, name)
        with pytest.raises(botocore.exceptions.ClientError) as refused:
            user.authenticate(password="Wrong-horse-7")
        error = refused.value.response["Error"]
        assert (error["Code"], error["Message"]) == ("NotAuthorizedException", "Incorrect username or password.")


def node(dev, script, *arguments):
    pool, client = dev.pool("Shopper")[:2]
    return run_client(script, {"endpoint": dev.aws_url, "pool": pool, "client": client}, *arguments)


def test_the_library_for_javascript_proves_the_password_and_sets_up_an_app(dev, cognito):
    dev.sign_up("Shopper", "js@example.com")
    pool = dev.pool("Shopper")[0]
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="ON", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    try:
        set_up = node(dev, "cognito.js", "js@example.com", PASSWORD)
        assert set_up["steps"] == ["mfaSetup", "onSuccess"] and set_up["email"] == "js@example.com"
        time.sleep(30 - time.time() % 30)  # no code works twice, and the clock is the machine's
        again = node(dev, "cognito.js", "js@example.com", PASSWORD, set_up["secret"])
        assert again["steps"] == ["totpRequired", "onSuccess"]
    finally:
        cognito.set_user_pool_mfa_config(UserPoolId=pool, MfaConfiguration="OFF")


def test_amplify_proves_the_password_and_refreshes(dev):
    dev.sign_up("Shopper", "amplify@example.com")
    answer = node(dev, "amplify.mjs", "amplify@example.com", PASSWORD)
    assert answer == {"step": "DONE", "email": "amplify@example.com", "use": "access"}


def test_boto3_signs_in_with_an_app(dev, cognito):
    dev.sign_up("Shopper", "app@example.com")
    pool, client = dev.pool("Shopper")[:2]
    tokens = dev.sign_in("Shopper", "app@example.com")
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    secret = cognito.associate_software_token(AccessToken=tokens["AccessToken"])["SecretCode"]
    verified = cognito.verify_software_token(AccessToken=tokens["AccessToken"], UserCode=totp(secret, time.time() - 30))
    assert verified["Status"] == "SUCCESS"
    cognito.set_user_mfa_preference(
        AccessToken=tokens["AccessToken"], SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    asked = cognito.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "app@example.com", "PASSWORD": PASSWORD},
    )
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    answer = cognito.respond_to_auth_challenge(
        ClientId=client,
        ChallengeName="SOFTWARE_TOKEN_MFA",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": "app@example.com", "SOFTWARE_TOKEN_MFA_CODE": totp(secret)},
    )
    assert answer["AuthenticationResult"]["TokenType"] == "Bearer"
    shown = cognito.get_user(AccessToken=answer["AuthenticationResult"]["AccessToken"])
    assert shown["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
