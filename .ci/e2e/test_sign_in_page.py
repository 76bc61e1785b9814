"""Ways through the sign-in page, each in a browser: who registers, who was not confirmed, whose password was reset, who gets text messages."""

import re
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from dev import PASSWORD
from test_oauth import CALLBACK, Browser, begin, browser, exchange, house  # noqa: F401 fixtures

MAIL = "E-mail address"
SMS = "Code of the text message"


@pytest.fixture(scope="module")
def cognito(house):
    return house.client("cognito-idp")


def register(house, browser, url, label, name):
    """Makes an account, and returns the page after that and the code that was sent."""
    browser(url=url)
    browser(follow="Create an account")
    before = len(house.log)
    seen = browser(fields={label: name, "Password": PASSWORD})
    return seen, code_of(house, name, before)


def code_of(house, name, before, what="the code that confirms the sign-up"):
    return house.logged(rf"{re.escape(name)}: {what} is (\d+)", before).group(1)


def other_than(code):
    return "000000" if code != "000000" else "000001"


def test_who_registers_goes_on_once_the_code_is_right(house, browser):
    url, verifier, state = begin(house)
    seen, code = register(house, browser, url, MAIL, "new@example.com")
    assert "Confirm your account" in seen["said"] and not seen.get("callback")
    seen = browser(fields={"Code": other_than(code)}, press="Confirm")
    assert "Invalid verification code provided" in seen["said"] and not seen.get("callback")
    seen = browser(fields={"Code": code}, press="Confirm")
    assert seen.get("callback"), seen["said"]
    assert all("status of 400" in problem for problem in seen["problems"]), "the page's own policy forbids nothing of it"
    assert parse_qs(urlsplit(seen["callback"]).query)["state"] == [state]
    tokens = exchange(house, seen["callback"], verifier).json()
    assert house.request("GET", "/me", tokens["id_token"]).json()["email"] == "new@example.com"
    assert browser(url=begin(house)[0]).get("callback"), "and is signed in from now on"


def test_the_code_alone_signs_nobody_in(house, browser):
    _, code = register(house, browser, begin(house)[0], MAIL, "mine@example.com")
    session = requests.Session()
    page = session.get(begin(house)[0], verify=house.ca, timeout=60)
    token = re.search(r'name="_csrf" value="(\w+)"', page.text).group(1)
    form, url = {"_csrf": token, "username": "mine@example.com", "code": code}, page.url.replace("/login?", "/confirmUser?")
    answer = session.post(url, data=form, verify=house.ca, allow_redirects=False, timeout=60)
    assert answer.status_code == 200 and "The account is confirmed: sign in." in answer.text
    assert "cognito" not in session.cookies
    late = browser(fields={"Code": code}, press="Confirm")
    assert "Current status is CONFIRMED" in late["said"] and not late.get("callback")
    browser(follow="Back to sign in")
    assert browser(fields={MAIL: "mine@example.com", "Password": PASSWORD}).get("callback")


def test_who_was_not_confirmed_gets_another_code_and_goes_on(house, browser, cognito):
    name, before = "slow@example.com", len(house.log)
    cognito.sign_up(ClientId=house.pool("Shopper")[1], Username=name, Password=PASSWORD)
    first = code_of(house, name, before)
    url, verifier, _ = begin(house)
    seen = browser.sign_in(url, name)
    assert "Confirm your account" in seen["said"]
    before = len(house.log)
    browser(fields={}, press="Send another code")
    second = code_of(house, name, before)
    if first != second:
        assert "Invalid verification code" in browser(fields={"Code": first}, press="Confirm")["said"]
    seen = browser(fields={"Code": second}, press="Confirm")
    assert exchange(house, seen["callback"], verifier).status_code == 200


def test_whose_password_was_reset_chooses_another_and_what_was_typed_stays(house, browser, cognito):
    name = "reset@example.com"
    house.sign_up("Shopper", name)
    before = len(house.log)
    cognito.admin_reset_user_password(UserPoolId=house.pool("Shopper")[0], Username=name)
    code = code_of(house, name, before, "the code for a new password")
    seen = browser.sign_in(begin(house)[0], name)
    assert "Password reset required for the user" in seen["said"]
    seen = browser(fields={"Code": code, "New password": "weak"})
    assert "Password did not conform with policy" in seen["said"]
    seen = browser(fields={"New password": "Other-horse-8"})
    assert "The password is changed: sign in with it." in seen["said"], "the code was still there"
    assert browser(fields={"Password": "Other-horse-8"}).get("callback"), "and so was the name"


def test_a_courier_registers_and_signs_in_with_text_messages(house, browser):
    number, domain, client = "+4915112345678", f"{house.domain}-couriers", house.pool("Courier")[1]
    url = begin(house, client_id=client, scope="openid phone")[0].replace(house.domain, domain)
    seen, code = register(house, browser, url, "Phone number", number)
    before = len(house.log)
    seen = browser(fields={"Code": code}, press="Confirm")
    assert SMS in seen["said"] and "A code was sent to +*********5678." in seen["said"] and not seen.get("callback")
    code = code_of(house, number, before, "the code to sign in with")
    seen = browser(fields={SMS: other_than(code)})
    assert "Invalid code or auth state for the user." in seen["said"]
    assert browser(fields={SMS: code}).get("callback")
    other = Browser()
    try:
        signs_in_again(house, other, number, (client, domain))
    finally:
        other.close()


def signs_in_again(house, browser, number, place):
    client, domain = place
    url, verifier, _ = begin(house, client_id=client, scope="openid phone")
    browser(url=url.replace(house.domain, domain))
    before = len(house.log)
    assert SMS in browser(fields={"Phone number": number, "Password": PASSWORD})["said"]
    seen = browser(fields={SMS: code_of(house, number, before, "the code to sign in with")})
    code = parse_qs(urlsplit(seen["callback"]).query)["code"][0]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
    tokens = requests.post(f"{domain}/oauth2/token", data={**fields, "client_id": client}, verify=house.ca, timeout=60)
    claims = jwt.decode(tokens.json()["id_token"], options={"verify_signature": False})
    assert (claims["phone_number"], claims["phone_number_verified"]) == (number, True)
