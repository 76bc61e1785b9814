"""Credentials of an identity pool, got and used by boto3, Amplify and the SDK for JavaScript as a page or a phone would."""

import re

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from dev import PASSWORD, Dev
from packages import run_client
from source_app import SourceApp


@pytest.fixture(scope="module")
def visitors(tmp_path_factory):
    folder = tmp_path_factory.mktemp("visitors")
    app = SourceApp(folder, "visitors")
    with Dev("visitors", folder / "state", workspace=app.folder, ready=900) as server:
        yield server


@pytest.fixture(scope="module")
def member(visitors):
    return visitors.sign_up("Member", "ann@example.com")


def pool_id(server, name="Visitors"):
    return re.search(rf"identities +{name} +(\S+)", server.banner).group(1)


def logins(server, tokens):
    return {f"cognito-idp.us-east-1.amazonaws.com/{server.pool('Member')[0]}": tokens["IdToken"]} if tokens else {}


def unsigned(server, service="cognito-identity"):
    """The client that a browser has: nothing to sign with."""
    from botocore import UNSIGNED

    return boto3.client(
        service, endpoint_url=server.aws_url, region_name="us-east-1", config=Config(signature_version=UNSIGNED)
    )


def identity(server, tokens):
    client = unsigned(server)
    given = logins(server, tokens)
    identity_id = client.get_id(IdentityPoolId=pool_id(server), Logins=given)["IdentityId"]
    answer = client.get_credentials_for_identity(IdentityId=identity_id, Logins=given)
    keys = answer["Credentials"]
    return identity_id, Credentials(keys["AccessKeyId"], keys["SecretKey"], keys["SessionToken"])


def table(server, credentials, name):
    return boto3.resource(
        "dynamodb",
        endpoint_url=server.aws_url,
        region_name="us-east-1",
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        aws_session_token=credentials.token,
        config=Config(retries={"total_max_attempts": 1}),
    ).Table(name)


def signed(server, method, path, credentials):
    request = AWSRequest(method=method, url=server.url + path)
    SigV4Auth(credentials, "execute-api", "us-east-1").add_auth(request)
    return requests.request(method, server.url + path, headers=dict(request.headers), timeout=60)


def code(call):
    with pytest.raises(ClientError) as error:
        call()
    return error.value.response["Error"]["Code"]


def test_a_member_signs_a_request_to_a_route_of_their_role(visitors, member):
    identity_id, credentials = identity(visitors, member)
    assert credentials.access_key.startswith("ASIA")
    reply = signed(visitors, "GET", "/me", credentials)
    assert (reply.status_code, reply.json()) == (200, identity_id)
    reply = signed(visitors, "DELETE", "/notes", credentials)
    assert (reply.status_code, reply.headers["x-amzn-errortype"]) == (403, "AccessDeniedException")
    reply = signed(visitors, "GET", "/me", Credentials("AKIAIOSFODNN7EXAMPLE", "secret"))
    assert (reply.status_code, reply.headers["x-amzn-errortype"]) == (403, "UnrecognizedClientException")


def test_a_member_reaches_only_their_own_items(visitors, member):
    identity_id, credentials = identity(visitors, member)
    notes = table(visitors, credentials, "visitors-Note")
    notes.put_item(Item={"owner": identity_id, "id": "1"})
    query = {"KeyConditionExpression": "#o = :o", "ExpressionAttributeNames": {"#o": "owner"}}
    own = notes.query(**query, ExpressionAttributeValues={":o": identity_id})
    assert [item["id"] for item in own["Items"]] == ["1"]
    assert code(lambda: notes.query(**query, ExpressionAttributeValues={":o": "us-east-1:other"})) == "AccessDeniedException"
    assert code(lambda: notes.put_item(Item={"owner": "us-east-1:other", "id": "1"})) == "AccessDeniedException"
    assert code(notes.scan) == "AccessDeniedException"
    assert code(lambda: table(visitors, credentials, "visitors-Exhibit").get_item(Key={"name": "a"})) == "AccessDeniedException"


def test_a_guest_may_do_what_guests_may(visitors):
    guest_id, credentials = identity(visitors, None)
    assert guest_id != identity(visitors, None)[0]
    assert table(visitors, credentials, "visitors-Exhibit").get_item(Key={"name": "a"})["ResponseMetadata"]
    assert code(lambda: table(visitors, credentials, "visitors-Note").query(
        KeyConditionExpression="#o = :o",
        ExpressionAttributeNames={"#o": "owner"},
        ExpressionAttributeValues={":o": guest_id},
    )) == "AccessDeniedException"
    assert signed(visitors, "GET", "/me", credentials).status_code == 403


def test_nobody_gets_the_credentials_of_another(visitors, member):
    identity_id, _ = identity(visitors, member)
    client = unsigned(visitors)
    assert code(lambda: client.get_credentials_for_identity(IdentityId=identity_id)) == "NotAuthorizedException"
    forged = {name: token[:-4] + "AAAA" for name, token in logins(visitors, member).items()}
    assert code(lambda: client.get_id(IdentityPoolId=pool_id(visitors), Logins=forged)) == "NotAuthorizedException"
    access = {name: member["AccessToken"] for name in logins(visitors, member)}
    assert code(lambda: client.get_id(IdentityPoolId=pool_id(visitors), Logins=access)) == "NotAuthorizedException"


def test_the_classic_flow_takes_a_token_to_sts(visitors, member):
    client, given = unsigned(visitors), logins(visitors, member)
    identity_id = client.get_id(IdentityPoolId=pool_id(visitors, "Classic"), Logins=given)["IdentityId"]
    token = client.get_open_id_token(IdentityId=identity_id, Logins=given)["Token"]
    of_visitors, _ = identity(visitors, member)
    refused = lambda: client.get_open_id_token(IdentityId=of_visitors, Logins=given)
    assert code(refused) == "InvalidParameterException"
    sts = unsigned(visitors, "sts")
    role = "arn:aws:iam::000000000000:role/visitors-Classic-"
    assume = lambda kind: sts.assume_role_with_web_identity(
        RoleArn=role + kind, RoleSessionName="web", WebIdentityToken=token, DurationSeconds=900
    )
    answer = assume("authenticated")
    assert answer["SubjectFromWebIdentityToken"] == identity_id
    keys = answer["Credentials"]
    credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert signed(visitors, "GET", "/me", credentials).json() == identity_id
    assert code(lambda: assume("unauthenticated")) == "AccessDenied"


def test_who_is_in_a_group_has_the_role_of_its_rule(visitors, member):
    cognito = visitors.client("cognito-idp")
    visitors.sign_up("Member", "curator@example.com")
    of_user = dict(UserPoolId=visitors.pool("Member")[0], Username="curator@example.com")
    cognito.admin_add_user_to_group(GroupName="curators", **of_user)
    tokens = visitors.sign_in("Member", "curator@example.com")
    assert table(visitors, identity(visitors, tokens)[1], "visitors-Exhibit").scan()["Items"] == []
    assert code(table(visitors, identity(visitors, member)[1], "visitors-Exhibit").scan) == "AccessDeniedException"
    owner = visitors.client("cognito-identity")
    roles = owner.get_identity_pool_roles(IdentityPoolId=pool_id(visitors))
    [mapping] = roles["RoleMappings"].values()
    assert mapping["RulesConfiguration"]["Rules"][0]["RoleARN"].endswith(":role/visitors-Visitors-curator")
    assert roles["Roles"]["unauthenticated"].endswith(":role/visitors-Visitors-unauthenticated")


def test_who_is_taken_from_an_identity_is_somebody_new(visitors):
    tokens = visitors.sign_up("Member", "leaver@example.com")
    identity_id, _ = identity(visitors, tokens)
    given = logins(visitors, tokens)
    unsigned(visitors).unlink_identity(IdentityId=identity_id, Logins=given, LoginsToRemove=list(given))
    assert identity(visitors, tokens)[0] != identity_id
    again = lambda: unsigned(visitors).get_credentials_for_identity(IdentityId=identity_id)
    assert code(again) == "NotAuthorizedException"


def javascript(server, script):
    pool, client = server.pool("Member")[:2]
    settings = {"aws": server.aws_url, "api": server.url, "pool": pool, "client": client, "identities": pool_id(server)}
    return run_client(script, settings, "ann@example.com", PASSWORD)


def test_amplify_signs_requests_with_the_credentials_of_who_signed_in(visitors, member):
    identity_id, _ = identity(visitors, member)
    assert javascript(visitors, "identity.mjs") == {
        "guest": {"identity": None, "me": 403},
        "member": {"identity": identity_id, "me": identity_id, "close": 403},
    }


def test_the_sdk_for_javascript_queries_ones_own_items_alone(visitors, member):
    identity_id, _ = identity(visitors, member)
    assert javascript(visitors, "leading_keys.mjs") == {
        "identity": identity_id,
        "own": ["2"],
        "anothers": "AccessDeniedException",
        "all": "AccessDeniedException",
        "guest": "AccessDeniedException",
    }
