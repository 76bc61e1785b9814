"""Tokens that are not to be let in, made with other cryptography than the server's."""

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dev import eventually

OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def part(value):
    return b64(json.dumps(value).encode())


class Mint:
    """Makes tokens of the shop: it read the key out of the server's state."""

    def __init__(self, shop, token):
        self.header = jwt.get_unverified_header(token)
        self.claims = jwt.decode(token, options={"verify_signature": False})
        eventually((shop.state / "users.json").exists)  # it is kept soon after it changed
        pem = json.loads((shop.state / "users.json").read_text())["key"]
        self.key = serialization.load_pem_private_key(pem.encode(), None)
        self.token = token

    def signed(self, key=None, header=None, **claims):
        payload = {**self.claims, **claims}
        payload = {name: value for name, value in payload.items() if value is not None}
        header = {"kid": self.header["kid"], **(header or {})}
        return jwt.encode(payload, key or self.key, algorithm="RS256", headers=header)

    def hmac_signed(self, secret):
        signed = f"{part({**self.header, 'alg': 'HS256'})}.{part(self.claims)}"
        return f"{signed}.{b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"

    def public(self, encoding, kind):
        return self.key.public_key().public_bytes(encoding, kind)


def forgeries(mint, shop):
    encodings, formats = serialization.Encoding, serialization.PublicFormat
    spki, pkcs1 = formats.SubjectPublicKeyInfo, formats.PKCS1
    other_jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OTHER_KEY.public_key()))
    keys_url = f"{shop.aws_url}/{shop.pool('Shopper')[0]}/.well-known/jwks.json"
    own_jwk = shop.session.get(keys_url).json()["keys"][0]
    now = int(time.time())
    head, payload, signature = mint.token.split(".")
    return {
        "no key of the pool": mint.signed(OTHER_KEY),
        "no key of the pool, other kid": mint.signed(OTHER_KEY, {"kid": "other"}),
        "a flipped signature": f"{head}.{payload}.{signature[:-6]}{'A' * 6}",
        "no signature": f"{head}.{payload}.",
        "two parts": f"{head}.{payload}",
        "truncated": mint.token[:-40],
        "four parts": f"{mint.token}.{signature}",
        "changed claims": f"{head}.{part({**mint.claims, 'sub': 'root'})}.{signature}",
        "changed header": f"{part({**mint.header, 'typ': 'JWT'})}.{payload}.{signature}",
        "alg none": f"{part({**mint.header, 'alg': 'none'})}.{payload}.",
        "alg None": f"{part({**mint.header, 'alg': 'None'})}.{payload}.",
        "alg none with the signature": f"{part({**mint.header, 'alg': 'none'})}.{payload}.{signature}",
        "alg rs256": f"{part({**mint.header, 'alg': 'rs256'})}.{payload}.{signature}",
        "HS256 with the PEM": mint.hmac_signed(mint.public(encodings.PEM, spki)),
        "HS256 with the trimmed PEM": mint.hmac_signed(mint.public(encodings.PEM, spki).strip()),
        "HS256 with the PKCS#1 PEM": mint.hmac_signed(mint.public(encodings.PEM, pkcs1)),
        "HS256 with the DER": mint.hmac_signed(mint.public(encodings.DER, spki)),
        "HS256 with the PKCS#1 DER": mint.hmac_signed(mint.public(encodings.DER, pkcs1)),
        "HS256 with the JWK": mint.hmac_signed(json.dumps(own_jwk, separators=(",", ":")).encode()),
        "HS256 with the modulus": mint.hmac_signed(own_jwk["n"].encode()),
        "HS256 with nothing": mint.hmac_signed(b""),
        "a key in the header": mint.signed(OTHER_KEY, {"jwk": other_jwk, "kid": other_jwk.get("kid", "x")}),
        "a key in the header, kid of the pool": mint.signed(OTHER_KEY, {"jwk": other_jwk}),
        "a key elsewhere": mint.signed(OTHER_KEY, {"jku": "http://127.0.0.1:9/jwks.json"}),
        "no kid": f"{part({'alg': 'RS256'})}.{payload}.{signature}",
        "kid is a path": mint.signed(header={"kid": "../../../../dev/null"}),
        "kid is SQL": mint.signed(header={"kid": "x' UNION SELECT 'key"}),
        "kid is empty": mint.signed(header={"kid": ""}),
        "an extension that has to be understood": mint.signed(header={"crit": ["b64"], "b64": True}),
        "expired": mint.signed(exp=now - 5),
        "expired long ago": mint.signed(exp=1),
        "no exp": mint.signed(exp=None),
        "not valid yet": mint.signed(nbf=now + 3600),
        "issued later": mint.signed(iat=now + 3600),
        "other pool": mint.signed(iss="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other0000"),
        "no issuer": mint.signed(iss=None),
        "issuer with a tail": mint.signed(iss=mint.claims["iss"] + "/"),
        "other client": mint.signed(aud="other"),
        "no client": mint.signed(aud=None),
        "a refresh token's use": mint.signed(token_use="refresh"),
        "text": "token",
        "nothing": "",
    }


@pytest.fixture(scope="module")
def mint(shop, ann):
    return Mint(shop, ann["IdToken"])


def test_what_the_mint_makes_is_valid_so_that_the_forgeries_are_refused_for_what_they_are(shop, mint):
    assert shop.request("GET", "/orders", mint.signed()).status_code == 200


def test_an_access_token_is_let_in(shop, ann):
    assert shop.request("GET", "/orders", ann["AccessToken"]).status_code == 200


def test_no_forgery_is_let_in_and_no_handler_runs(shop, mint):
    def placed():
        return shop.client("dynamodb").scan(TableName="orders-Order", Select="COUNT")["Count"]

    before, log = placed(), len(shop.log)
    order = {"item": "stolen", "total_cents": 1}
    let_in = {}
    for name, token in forgeries(mint, shop).items():
        headers = {"authorization": f"Bearer {token}"}
        reply = shop.session.post(f"{shop.url}/orders", json=order, headers=headers, timeout=10)
        if (reply.status_code, reply.json()) != (401, {"message": "Unauthorized"}):
            let_in[name] = (reply.status_code, reply.text)
    no_token = shop.session.post(f"{shop.url}/orders", json=order, timeout=10)
    assert (let_in, no_token.status_code) == ({}, 401)
    assert "www-authenticate" in no_token.headers
    assert placed() == before
    assert "place_order" not in shop.log[log:]


def test_a_token_of_another_pool_of_the_same_application_is_refused(faults):
    member = faults.sign_up("Member", "ann@example.com")
    partner = faults.sign_up("Partner", "ann@example.com")
    ran = faults.log.count("members ran")
    for kind in ("IdToken", "AccessToken"):
        assert faults.request("GET", "/members", member[kind]).status_code == 200
    eventually(lambda: faults.log.count("members ran") == ran + 2)  # what a function logs may come after its answer
    log = len(faults.log)
    for kind in ("IdToken", "AccessToken"):
        assert faults.request("GET", "/members", partner[kind]).status_code == 401
        assert faults.request("GET", "/partners", member[kind]).status_code == 401
    assert "members ran" not in faults.log[log:]
