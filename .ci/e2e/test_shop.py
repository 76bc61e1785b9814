"""The example as an application's page and its operators use it: Cognito, the API, DynamoDB and its stream."""

import jwt
import pytest
from botocore.exceptions import ClientError

from dev import PASSWORD, Dev, eventually

LAMP = {"item": "a lamp", "total_cents": 4900}


def place(shop, token, order=LAMP):
    reply = shop.request("POST", "/orders", token, json=order)
    assert reply.status_code == 201, reply.text
    return reply.json()


def test_the_server_is_ready_soon_after_the_build(shop):
    started_in = int(shop._printed(r"started in (\d+) ms"))
    assert started_in < 2000  # 300 ms is the aim; a busy machine that builds at the same time must not fail this


def test_the_printed_request_works_as_it_is(shop):
    url, token = shop._printed(r"curl (http://\S+) -H"), shop._printed(r"Bearer ([^'\s]+)'")
    reply = shop.session.get(url, headers={"authorization": f"Bearer {token}"})
    assert (reply.status_code, reply.json()) == (200, {"orders": []})


def test_pools_and_clients_are_listed(shop):
    cognito = shop.client("cognito-idp")
    pool_id, client_id, _ = shop.pool("Shopper")
    assert [pool["Id"] for pool in cognito.list_user_pools(MaxResults=10)["UserPools"]] == [pool_id]
    clients = cognito.list_user_pool_clients(UserPoolId=pool_id)["UserPoolClients"]
    assert [client["ClientId"] for client in clients] == [client_id]


def test_who_has_not_confirmed_cannot_sign_in(shop):
    cognito = shop.client("cognito-idp")
    cognito.sign_up(ClientId=shop.pool("Shopper")[1], Username="new@example.com", Password=PASSWORD)
    with pytest.raises(cognito.exceptions.UserNotConfirmedException):
        shop.sign_in("Shopper", "new@example.com")
    with pytest.raises(cognito.exceptions.CodeMismatchException):
        client_id = shop.pool("Shopper")[1]
        cognito.confirm_sign_up(ClientId=client_id, Username="new@example.com", ConfirmationCode="000000x")


def test_a_wrong_password_is_refused(shop, ann):
    with pytest.raises(ClientError, match="Incorrect username or password"):
        shop.client("cognito-idp").initiate_auth(
            ClientId=shop.pool("Shopper")[1],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ann@example.com", "PASSWORD": "Wrong-horse-7"},
        )


def test_a_refresh_token_brings_new_tokens(shop, ann):
    refreshed = shop.client("cognito-idp").initiate_auth(
        ClientId=shop.pool("Shopper")[1],
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": ann["RefreshToken"]},
    )["AuthenticationResult"]
    assert shop.request("GET", "/orders", refreshed["IdToken"]).status_code == 200


def verified(token, keys_url, issuer, audience):
    key = jwt.PyJWKClient(keys_url).get_signing_key_from_jwt(token)
    return jwt.decode(token, key.key, algorithms=["RS256"], issuer=issuer, audience=audience)


def test_a_token_is_verified_by_the_served_keys(shop, ann):
    pool_id, client_id, issuer = shop.pool("Shopper")
    assert issuer == f"https://cognito-idp.us-east-1.amazonaws.com/{pool_id}"
    claims = verified(ann["IdToken"], f"{shop.aws_url}/{pool_id}/.well-known/jwks.json", issuer, client_id)
    assert (claims["email"], claims["token_use"]) == ("ann@example.com", "id")


def test_with_a_local_issuer_a_verifier_discovers_the_keys(tmp_path):
    with Dev("orders", tmp_path / "state", "--issuer", "local") as shop:
        token = shop.sign_up("Shopper", "ann@example.com")["IdToken"]
        issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
        configuration = shop.session.get(f"{issuer}/.well-known/openid-configuration").json()
        assert configuration["issuer"] == issuer == shop.pool("Shopper")[2]
        verified(token, configuration["jwks_uri"], issuer, shop.pool("Shopper")[1])
        assert shop.request("GET", "/orders", token).status_code == 200


def test_a_paid_order_is_shipped(shop, ann):
    order = place(shop, ann["IdToken"])
    paid = shop.request("POST", f"/orders/{order['id']}/pay", ann["IdToken"])
    assert (paid.status_code, paid.json()["status"]) == (200, "paid")

    dynamodb = shop.client("dynamodb")
    found = dynamodb.query(
        TableName="orders-Order",
        KeyConditionExpression="shopper = :shopper AND id = :id",
        ExpressionAttributeValues={":shopper": {"S": order["shopper"]}, ":id": {"S": order["id"]}},
    )["Items"]
    assert [item["status"] for item in found] == [{"S": "paid"}]

    key = {"order": {"S": order["id"]}}
    shipment = eventually(lambda: dynamodb.get_item(TableName="orders-Shipment", Key=key).get("Item"))
    assert (shipment["item"], shipment["shopper"]) == ({"S": "a lamp"}, {"S": order["shopper"]})


def test_a_change_that_another_client_makes_runs_the_stream_handler(shop):
    dynamodb = shop.client("dynamodb")
    order = {
        "shopper": {"S": "someone"}, "id": {"S": "by-hand"}, "status": {"S": "open"},
        "placed_at": {"N": "1"}, "item": {"S": "a chair"}, "total_cents": {"N": "1"},
    }
    dynamodb.put_item(TableName="orders-Order", Item=order)
    dynamodb.update_item(
        TableName="orders-Order",
        Key={name: order[name] for name in ("shopper", "id")},
        UpdateExpression="SET #status = :paid",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":paid": {"S": "paid"}},
    )
    key = {"order": {"S": "by-hand"}}
    eventually(lambda: dynamodb.get_item(TableName="orders-Shipment", Key=key).get("Item"))


def test_only_staff_sees_the_list_by_status(shop):
    shop.sign_up("Shopper", "sam@example.com")
    pool_id, _, _ = shop.pool("Shopper")
    token = shop.sign_in("Shopper", "sam@example.com")["IdToken"]
    assert shop.request("GET", "/staff/orders/open", token).status_code == 403
    shop.client("cognito-idp").admin_add_user_to_group(
        UserPoolId=pool_id, Username="sam@example.com", GroupName="staff"
    )
    token = shop.sign_in("Shopper", "sam@example.com")["IdToken"]
    assert shop.request("GET", "/staff/orders/open", token).status_code == 200
