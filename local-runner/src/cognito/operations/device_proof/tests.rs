use std::time::Duration;

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use skyloom_manifest::{Devices, Mfa, MfaMethod};

use crate::{
    cognito::{
        srp::client::{self, Client},
        testing::{Fixture, PASSWORD, manifest},
    },
    random::Random,
};

const ANN: &str = "ann@example.com";
const SECRET: &str = "the device's own secret";
const TIME: &str = "Thu Jan 1 00:00:00 UTC 2026";

/// A pool that remembers devices, and a user of it who shows a code of text messages if the pool asks for one.
fn pool_with(devices: Devices, mfa: bool) -> Fixture {
    let mut manifest = manifest();
    let factor = Mfa { required: true, methods: vec![MfaMethod::Email], email_identity: Some("example.com".into()) };
    for pool in &mut manifest.user_pools {
        pool.devices = Some(devices);
        pool.mfa = mfa.then(|| factor.clone());
    }
    let mut cognito = Fixture::of(&manifest);
    cognito.confirmed(ANN);
    cognito
}

fn always() -> Devices {
    Devices { only_remembered_on_user_prompt: false, challenge_required_on_new_device: false }
}

/// A device of Ann's, as the tokens tell of it.
struct Phone {
    key: String,
    group: String,
    access: String,
    refresh: String,
}

impl Phone {
    fn of(tokens: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let device = &tokens["NewDeviceMetadata"];
        let (key, group) = (text(&device["DeviceKey"]), text(&device["DeviceGroupKey"]));
        Self { key, group, access: text(&tokens["AccessToken"]), refresh: text(&tokens["RefreshToken"]) }
    }

    fn confirm(&self, cognito: &mut Fixture) -> String {
        let (salt, verifier) = client::secret_of(&self.group, &self.key, SECRET, &Random::seeded(3));
        let config = json!({ "Salt": salt, "PasswordVerifier": verifier });
        let input = json!({
            "AccessToken": self.access, "DeviceKey": self.key, "DeviceName": "phone", "DeviceSecretVerifierConfig": config,
        });
        cognito.call("ConfirmDevice", input)
    }

    fn own(&self) -> Value {
        json!({ "AccessToken": self.access, "DeviceKey": self.key })
    }
}

fn json_of(answer: &str) -> Value {
    serde_json::from_str(answer).unwrap_or_else(|_| panic!("{answer}"))
}

/// Signs in with the password on a device, if one is named.
fn sign_in(cognito: &mut Fixture, device: Option<&str>) -> String {
    let mut parameters = json!({ "USERNAME": ANN, "PASSWORD": PASSWORD });
    if let Some(device) = device {
        parameters["DEVICE_KEY"] = device.into();
    }
    cognito.auth("USER_PASSWORD_AUTH", parameters)
}

fn first_sign_in(cognito: &mut Fixture) -> Phone {
    Phone::of(&json_of(&sign_in(cognito, None))["AuthenticationResult"])
}

/// Answers both challenges of a device.
fn prove(cognito: &mut Fixture, asked: &Value, phone: &Phone, secret: &str) -> String {
    let device = Client::new(&Random::seeded(9));
    let responses = json!({ "USERNAME": ANN, "DEVICE_KEY": phone.key, "SRP_A": device.public });
    let asked = json_of(&cognito.respond("DEVICE_SRP_AUTH", Some(&asked["Session"]), responses));
    assert_eq!(asked["ChallengeName"], "DEVICE_PASSWORD_VERIFIER");
    let text = |name: &str| asked["ChallengeParameters"][name].as_str().unwrap().to_owned();
    let (salt, public, secret_block) = (text("SALT"), text("SRP_B"), text("SECRET_BLOCK"));
    let question = client::Asked {
        pool: &phone.group,
        user_id: &phone.key,
        salt: &salt,
        public: &public,
        secret_block: &secret_block,
        timestamp: TIME,
    };
    let responses = json!({
        "USERNAME": ANN, "DEVICE_KEY": phone.key, "TIMESTAMP": TIME, "PASSWORD_CLAIM_SECRET_BLOCK": secret_block,
        "PASSWORD_CLAIM_SIGNATURE": device.proof(&question, secret),
    });
    cognito.respond("DEVICE_PASSWORD_VERIFIER", None, responses)
}

fn check(answer: &str, expected: Expect) {
    expected.assert_eq(if answer.contains("AccessToken") { "tokens" } else { answer });
}

#[test]
fn a_device_that_was_confirmed_proves_to_be_itself() {
    let mut cognito = pool_with(always(), false);
    let phone = first_sign_in(&mut cognito);
    expect![[r#"{"UserConfirmationNecessary":false}"#]].assert_eq(&phone.confirm(&mut cognito));
    expect!["DeviceKeyExistsException: Device key already exists."].assert_eq(&phone.confirm(&mut cognito));
    let asked = json_of(&sign_in(&mut cognito, Some(&phone.key)));
    assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
    let answer = json_of(&prove(&mut cognito, &asked, &phone, SECRET));
    let tokens = &answer["AuthenticationResult"];
    assert!(tokens.get("NewDeviceMetadata").is_none());
    assert_eq!(crate::cognito::testing::decoded(&tokens["AccessToken"])["device_key"], json!(phone.key));
}

#[test]
fn another_secret_is_as_wrong_as_another_password() {
    let mut cognito = pool_with(always(), false);
    let phone = first_sign_in(&mut cognito);
    phone.confirm(&mut cognito);
    let asked = json_of(&sign_in(&mut cognito, Some(&phone.key)));
    check(
        &prove(&mut cognito, &asked, &phone, "another"),
        expect!["NotAuthorizedException: Incorrect username or password."],
    );
    let responses = json!({ "USERNAME": ANN, "DEVICE_KEY": phone.key, "SRP_A": "2" });
    check(
        &cognito.respond("DEVICE_SRP_AUTH", Some(&asked["Session"]), responses),
        expect!["NotAuthorizedException: Invalid session for the user, session can only be used once."],
    );
}

#[test]
fn a_device_that_nobody_confirmed_is_none() {
    let mut cognito = pool_with(always(), false);
    let phone = first_sign_in(&mut cognito);
    check(&sign_in(&mut cognito, Some(&phone.key)), expect!["ResourceNotFoundException: Device does not exist."]);
    let other = first_sign_in(&mut cognito);
    let stolen = Phone { access: other.access.clone(), ..phone };
    check(&stolen.confirm(&mut cognito), expect!["ResourceNotFoundException: Device does not exist."]);
}

#[test]
fn a_pool_without_devices_takes_no_notice_of_them() {
    let mut cognito = Fixture::new();
    cognito.confirmed(ANN);
    let answer = json_of(&sign_in(&mut cognito, Some("us-east-1_made-up")));
    let tokens = &answer["AuthenticationResult"];
    assert!(tokens["AccessToken"].is_string() && tokens.get("NewDeviceMetadata").is_none());
    check(
        &cognito.call("GetDevice", json!({ "AccessToken": tokens["AccessToken"], "DeviceKey": "a" })),
        expect!["ResourceNotFoundException: Device does not exist."],
    );
}

#[test]
fn where_the_user_is_asked_a_device_is_remembered_when_they_say_so() {
    let mut cognito = pool_with(Devices { only_remembered_on_user_prompt: true, ..always() }, false);
    let phone = first_sign_in(&mut cognito);
    expect![[r#"{"UserConfirmationNecessary":true}"#]].assert_eq(&phone.confirm(&mut cognito));
    check(&sign_in(&mut cognito, Some(&phone.key)), expect!["tokens"]);
    let mut status = phone.own();
    status["DeviceRememberedStatus"] = "remembered".into();
    assert_eq!(cognito.call("UpdateDeviceStatus", status), "{}");
    assert!(sign_in(&mut cognito, Some(&phone.key)).contains("DEVICE_SRP_AUTH"));
}

/// Answers the second factor with the code that was sent.
fn with_code(cognito: &mut Fixture, asked: &Value) -> String {
    let code = cognito.last_code();
    cognito.respond("EMAIL_OTP", Some(&asked["Session"]), json!({ "USERNAME": ANN, "EMAIL_OTP_CODE": code }))
}

#[test]
fn a_remembered_device_stands_for_the_second_factor_only_where_it_may() {
    for challenge_required_on_new_device in [true, false] {
        let mut cognito = pool_with(Devices { challenge_required_on_new_device, ..always() }, true);
        let asked = json_of(&sign_in(&mut cognito, None));
        let phone = Phone::of(&json_of(&with_code(&mut cognito, &asked))["AuthenticationResult"]);
        phone.confirm(&mut cognito);
        let mut asked = json_of(&sign_in(&mut cognito, Some(&phone.key)));
        if !challenge_required_on_new_device {
            assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
            asked = json_of(&with_code(&mut cognito, &asked)); // the session knows the device
        }
        assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
        check(&prove(&mut cognito, &asked, &phone, SECRET), expect!["tokens"]);
    }
}

#[test]
fn tokens_are_refreshed_on_their_device_alone_until_it_is_forgotten() {
    let mut cognito = pool_with(always(), false);
    let phone = first_sign_in(&mut cognito);
    let refresh = |cognito: &mut Fixture, device: Option<&str>| {
        let mut parameters = json!({ "REFRESH_TOKEN": phone.refresh });
        if let Some(device) = device {
            parameters["DEVICE_KEY"] = device.into();
        }
        cognito.auth("REFRESH_TOKEN_AUTH", parameters)
    };
    let invalid = || expect!["NotAuthorizedException: Invalid Refresh Token"];
    check(&refresh(&mut cognito, Some(&phone.key)), invalid());
    phone.confirm(&mut cognito);
    check(&refresh(&mut cognito, Some(&phone.key)), expect!["tokens"]);
    check(&refresh(&mut cognito, None), invalid());
    check(&refresh(&mut cognito, Some("us-east-1_other")), invalid());
    assert_eq!(cognito.call("ForgetDevice", phone.own()), "{}");
    check(&refresh(&mut cognito, Some(&phone.key)), invalid());
}

#[test]
fn a_client_that_forgets_the_session_is_asked_all_the_same() {
    let mut cognito = pool_with(always(), false);
    let phone = first_sign_in(&mut cognito);
    phone.confirm(&mut cognito);
    let responses = json!({ "USERNAME": ANN, "DEVICE_KEY": phone.key, "SRP_A": "2" });
    check(
        &cognito.respond("DEVICE_SRP_AUTH", None, responses.clone()),
        expect!["InvalidParameterException: Missing required parameter Session"],
    );
    sign_in(&mut cognito, Some(&phone.key));
    assert!(cognito.respond("DEVICE_SRP_AUTH", None, responses).contains("DEVICE_PASSWORD_VERIFIER"));
}

#[test]
fn devices_are_shown_to_their_user_and_to_an_administrator() {
    let mut cognito = pool_with(always(), false);
    let phone = first_sign_in(&mut cognito);
    phone.confirm(&mut cognito);
    cognito.advance(Duration::from_secs(60));
    let shown = cognito.call("GetDevice", phone.own());
    expect![[r#"{"Device":{"DeviceAttributes":[{"Name":"device_status","Value":"valid"},{"Name":"device_name","Value":"phone"},{"Name":"dev:device_arn","Value":"arn:aws:cognito-idp:us-east-1:000000000000:owner/78382582-2a6f-4e62-9a21-90e828e4c9d2.us-east-1_RjhHZltqo/device/KEY"},{"Name":"dev:device_owner","Value":"78382582-2a6f-4e62-9a21-90e828e4c9d2.us-east-1_RjhHZltqo"},{"Name":"dev:device_remembered_status","Value":"remembered"}],"DeviceCreateDate":1767225600.0,"DeviceKey":"KEY","DeviceLastAuthenticatedDate":1767225600.0,"DeviceLastModifiedDate":1767225600.0}}"#]]
    .assert_eq(&shown.replace(&phone.key, "KEY"));
    let listed = json_of(&cognito.call("ListDevices", json!({ "AccessToken": phone.access })));
    assert_eq!(listed["Devices"][0], json_of(&shown)["Device"]);
    let mut of_user = json!({ "UserPoolId": cognito.pool("Shopper"), "Username": ANN });
    assert_eq!(json_of(&cognito.call("AdminListDevices", of_user.clone())), listed);
    of_user["DeviceKey"] = phone.key.clone().into();
    assert_eq!(cognito.call("AdminGetDevice", of_user.clone()), shown);
    let mut status = of_user.clone();
    status["DeviceRememberedStatus"] = "not_remembered".into();
    assert_eq!(cognito.call("AdminUpdateDeviceStatus", status), "{}");
    check(&sign_in(&mut cognito, Some(&phone.key)), expect!["tokens"]);
    assert_eq!(cognito.call("AdminForgetDevice", of_user.clone()), "{}");
    check(&cognito.call("AdminGetDevice", of_user), expect!["ResourceNotFoundException: Device does not exist."]);
}
