"""What a pool asks of functions, as boto3 sees it: sign-ups, claims, words, and `CUSTOM_AUTH` with and without a password. And its own attributes."""

import botocore.exceptions
import pytest
from dev import PASSWORD, Dev
from pycognito.aws_srp import AWSSRP
from source_app import SourceApp


@pytest.fixture(scope="module")
def riddles(tmp_path_factory):
    app = SourceApp(tmp_path_factory.mktemp("riddles"), "riddles")
    with Dev("riddles", tmp_path_factory.mktemp("state") / "riddles", workspace=app.folder, ready=900) as server:
        yield server


@pytest.fixture(scope="module")
def cognito(riddles):
    return riddles.client("cognito-idp")


@pytest.fixture(scope="module")
def known(riddles, cognito):
    """Somebody who needs no code."""
    answer = cognito.sign_up(ClientId=riddles.pool("Traveller")[1], Username="known@example.com", Password=PASSWORD)
    assert answer["UserConfirmed"] and "CodeDeliveryDetails" not in answer
    return "known@example.com"


def refused(call, **arguments):
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(**arguments)
    response = error.value.response["Error"]
    return f"{response['Code']}: {response['Message']}"


def answer(riddles, cognito, asked, name, text):
    return dict(
        ClientId=riddles.pool("Traveller")[1],
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": name, "ANSWER": text},
    )


def test_a_function_decides_who_signs_up(riddles, cognito, known):
    said = refused(
        cognito.sign_up, ClientId=riddles.pool("Traveller")[1], Username="thief@example.com", Password=PASSWORD
    )
    assert said == "UserLambdaValidationException: PreSignUp failed with error no thieves."
    token = riddles.sign_in("Traveller", known)["IdToken"]
    assert riddles.request("GET", "/guests", token).json() is True
    assert riddles.request("GET", "/me", token).json()["home"] == "example.com"


def test_a_function_has_its_own_words_for_a_code(riddles, cognito):
    before = len(riddles.log)
    client = riddles.pool("Traveller")[1]
    cognito.sign_up(ClientId=client, Username="new@example.com", Password=PASSWORD)
    code = riddles.logged(r"new@example.com: the sphinx says (\d{6})", before).group(1)
    cognito.confirm_sign_up(ClientId=client, Username="new@example.com", ConfirmationCode=code)


def test_a_riddle_lets_in(riddles, cognito, known):
    asked = cognito.initiate_auth(
        ClientId=riddles.pool("Traveller")[1], AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": known}
    )
    assert asked["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert asked["ChallengeParameters"]["question"] == "What goes on four legs?"
    asked = cognito.respond_to_auth_challenge(**answer(riddles, cognito, asked, known, "a dog"))
    assert asked["ChallengeParameters"]["question"] == "What goes on two legs?"
    tokens = cognito.respond_to_auth_challenge(**answer(riddles, cognito, asked, known, "man"))
    token = tokens["AuthenticationResult"]["IdToken"]
    assert riddles.request("GET", "/me", token).status_code == 200


def test_three_wrong_answers_do_not(riddles, cognito, known):
    pool, client = riddles.pool("Traveller")[:2]
    asked = cognito.admin_initiate_auth(
        UserPoolId=pool, ClientId=client, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": known}
    )
    for _ in range(2):
        asked = cognito.respond_to_auth_challenge(**answer(riddles, cognito, asked, known, "a dog"))
    said = refused(cognito.respond_to_auth_challenge, **answer(riddles, cognito, asked, known, "a dog"))
    assert said == "NotAuthorizedException: Incorrect username or password."


def test_a_proof_of_the_password_comes_before_the_riddle(riddles, cognito, known):
    pool, client = riddles.pool("Traveller")[:2]

    def prove(password):
        srp = AWSSRP(username=known, password=password, pool_id=pool, client_id=client, client=cognito)
        parameters = srp.get_auth_params()
        asked = cognito.initiate_auth(
            ClientId=client, AuthFlow="CUSTOM_AUTH", AuthParameters={**parameters, "CHALLENGE_NAME": "SRP_A"}
        )
        assert asked["ChallengeName"] == "PASSWORD_VERIFIER"
        return dict(
            ClientId=client,
            ChallengeName="PASSWORD_VERIFIER",
            Session=asked["Session"],
            ChallengeResponses=srp.process_challenge(asked["ChallengeParameters"], parameters),
        )

    said = refused(cognito.respond_to_auth_challenge, **prove("Wrong-horse-7"))
    assert said == "NotAuthorizedException: Incorrect username or password."
    asked = cognito.respond_to_auth_challenge(**prove(PASSWORD))
    assert asked["ChallengeName"] == "CUSTOM_CHALLENGE"
    name = asked["ChallengeParameters"]["USERNAME"]
    tokens = cognito.respond_to_auth_challenge(**answer(riddles, cognito, asked, name, "man"))
    assert tokens["AuthenticationResult"]["TokenType"] == "Bearer"


def test_an_administrator_writes_what_the_user_may_not(riddles, cognito, known):
    pool = riddles.pool("Traveller")[0]
    token = riddles.sign_in("Traveller", known)["AccessToken"]

    def attribute(name, value):
        return [{"Name": name, "Value": value}]

    def refusal(name, value):
        return refused(cognito.update_user_attributes, AccessToken=token, UserAttributes=attribute(name, value))

    cognito.admin_update_user_attributes(UserPoolId=pool, Username=known, UserAttributes=attribute("custom:team", "blue"))
    assert refusal("custom:team", "red") == "NotAuthorizedException: A client attempted to write unauthorized attribute"
    assert refusal("custom:shoe_size", "143").startswith("InvalidParameterException: user.custom:shoe_size: ")
    cognito.update_user_attributes(AccessToken=token, UserAttributes=attribute("custom:shoe_size", "43"))
    told = cognito.get_user(AccessToken=token)["UserAttributes"]
    assert {"Name": "custom:shoe_size", "Value": "43"} in told and {"Name": "custom:team", "Value": "blue"} in told
    token = riddles.sign_in("Traveller", known)["IdToken"]
    assert riddles.request("GET", "/me", token).json()["custom:team"] == "blue"
    listed = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["SchemaAttributes"]
    size = next(it for it in listed if it["Name"] == "custom:shoe_size")
    assert size["NumberAttributeConstraints"] == {"MinValue": "15", "MaxValue": "60"}
    client = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=riddles.pool("Traveller")[1])["UserPoolClient"]
    assert "custom:team" in client["ReadAttributes"] and "custom:team" not in client["WriteAttributes"]
