//! `SOFTWARE_TOKEN_MFA`, `SMS_MFA`, `EMAIL_OTP`, `SELECT_MFA_TYPE` and `MFA_SETUP`: what follows the password.

use serde_json::json;
use skyloom_manifest::MfaMethod;

use super::{
    authentication::{self, Output, Who, asks, required},
    device_proof,
    respond::Answer,
};
use crate::cognito::{
    Context,
    challenge::Asked,
    code::Code,
    delivery::Purpose,
    error::Error,
    lockout::Lockout,
    mfa::{self, Factors, Next},
    pool::Pool,
    totp::{Refused, Totp},
};

/// Asks for a second factor, unless the user needs none, or a device stands for it.
pub(super) fn ask(pool: &mut Pool, context: &Context<'_>, who: Who<'_>) -> Result<Output, Error> {
    let user = pool.users.get(who.key).ok_or(Error::IncorrectPassword)?;
    let stands_for_it = pool.devices.is_some_and(|devices| devices.challenge_required_on_new_device);
    match pool.second_factor(user) {
        Next::Nothing => device_proof::ask_or_sign_in(pool, context, who),
        _ if stands_for_it && pool.remembers(user, who.device)? => device_proof::ask_or_sign_in(pool, context, who),
        Next::Factor(method) => ask_for(pool, context, who, method),
        Next::Choice(methods) => {
            let (session, username) = asks(pool, context, who, Asked::Choice(methods.clone()));
            let parameters = [("MFAS_CAN_CHOOSE", names(&methods)), ("USER_ID_FOR_SRP", username)];
            Ok(Output::challenge("SELECT_MFA_TYPE", session, parameters))
        }
        Next::SetUp(methods) => {
            let (session, username) = asks(pool, context, who, Asked::SetUp { pending: None, verified: false });
            let parameters = [("MFAS_CAN_SETUP", names(&methods)), ("USER_ID_FOR_SRP", username)];
            Ok(Output::challenge("MFA_SETUP", session, parameters))
        }
    }
}

fn ask_for(pool: &mut Pool, context: &Context<'_>, who: Who<'_>, method: MfaMethod) -> Result<Output, Error> {
    authentication::eligible(pool, who.key)?.factors.lockout.check(context.now)?;
    let Some(medium) = mfa::medium(method) else {
        let (session, username) = asks(pool, context, who, Asked::Factor(method, None));
        return Ok(Output::challenge(method.as_str(), session, [("USER_ID_FOR_SRP", username)]));
    };
    let sent = pool.send_code(context, who.key, Purpose::Authentication, medium)?;
    let sent = sent.ok_or(Error::NoDeliveryConfig(method.as_str()))?;
    let (session, username) = asks(pool, context, who, Asked::Factor(method, Some(sent.code)));
    let parameters = [
        ("CODE_DELIVERY_DELIVERY_MEDIUM", medium.as_str().to_owned()),
        ("CODE_DELIVERY_DESTINATION", sent.delivery.destination),
        ("USER_ID_FOR_SRP", username),
    ];
    Ok(Output::challenge(method.as_str(), session, parameters))
}

fn names(methods: &[MfaMethod]) -> String {
    json!(methods.iter().map(|method| method.as_str()).collect::<Vec<_>>()).to_string()
}

/// Takes a code. A wrong one does not end the session: the user can look again until it is over. Who guesses is slowed down as who
/// guesses passwords, which the right password does not end.
pub(super) fn answer(
    pool: &mut Pool,
    context: &Context<'_>,
    answer: &Answer<'_>,
    method: MfaMethod,
    sent: Option<&Code>,
) -> Result<Output, Error> {
    let given = required(answer.responses, parameter(method))?;
    let factors = &mut pool.users.get_mut(answer.key).ok_or(Error::InvalidSession)?.factors;
    factors.lockout.check(context.now)?;
    let checked = match method {
        MfaMethod::Totp => check_totp(factors, context, given),
        MfaMethod::Sms | MfaMethod::Email => Code::check(sent, given, context.now).map_err(|_| Error::FactorMismatch),
    };
    checked.inspect_err(|_| factors.lockout.failed(context.now))?;
    factors.lockout = Lockout::default();
    pool.answered(answer.session);
    device_proof::ask_or_sign_in(pool, context, answer.who())
}

fn parameter(method: MfaMethod) -> &'static str {
    match method {
        MfaMethod::Totp => "SOFTWARE_TOKEN_MFA_CODE",
        MfaMethod::Sms => "SMS_MFA_CODE",
        MfaMethod::Email => "EMAIL_OTP_CODE",
    }
}

fn check_totp(factors: &mut Factors, context: &Context<'_>, given: &str) -> Result<(), Error> {
    let totp = factors.totp.as_mut().ok_or(Error::InvalidSession)?;
    totp.check(given, context.now).map_err(|refused| match refused {
        Refused::Wrong => Error::TotpMismatch,
        Refused::Used => Error::TotpUsed,
    })
}

/// Takes the user's choice, and asks for that factor.
pub(super) fn choose(
    pool: &mut Pool,
    context: &Context<'_>,
    answer: &Answer<'_>,
    methods: &[MfaMethod],
) -> Result<Output, Error> {
    let wanted = required(answer.responses, "ANSWER")?;
    let method = methods.iter().find(|method| method.as_str() == wanted);
    let method = *method.ok_or_else(|| Error::InvalidParameter(format!("{wanted} is not a valid MFA type")))?;
    pool.answered(answer.session);
    ask_for(pool, context, answer.who(), method)
}

/// Signs the user in whose authenticator app has shown a code in this session.
pub(super) fn set_up(
    pool: &mut Pool,
    context: &Context<'_>,
    answer: &Answer<'_>,
    verified: Option<Totp>,
) -> Result<Output, Error> {
    let totp = verified.ok_or(Error::InvalidSession)?;
    let user = pool.users.get_mut(answer.key).ok_or(Error::InvalidSession)?;
    user.factors.take_app(totp);
    pool.answered(answer.session);
    device_proof::ask_or_sign_in(pool, context, answer.who())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::{Expect, expect};
    use serde_json::{Value, json};
    use skyloom_manifest::{Mfa, MfaMethod};

    use crate::cognito::{
        testing::{Fixture, PASSWORD, manifest},
        totp::Totp,
    };

    const ANN: &str = "ann@example.com";

    fn pool_with(required: bool, methods: &[MfaMethod]) -> Fixture {
        let mut manifest = manifest();
        let mfa = Mfa { required, methods: methods.into(), email_identity: None };
        manifest.user_pools.iter_mut().for_each(|pool| pool.mfa = Some(mfa.clone()));
        let mut cognito = Fixture::of(&manifest);
        cognito.confirmed(ANN);
        cognito
    }

    fn sign_in(cognito: &mut Fixture) -> Value {
        serde_json::from_str(&cognito.password_auth(ANN, PASSWORD)).unwrap()
    }

    fn answer(cognito: &mut Fixture, asked: &Value, parameter: &str, code: &str) -> String {
        let responses = json!({ "USERNAME": ANN, parameter: code });
        cognito.respond(asked["ChallengeName"].as_str().unwrap(), Some(&asked["Session"]), responses)
    }

    fn check(answer: &str, expected: Expect) {
        expected.assert_eq(if answer.contains("AccessToken") { "tokens" } else { answer });
    }

    /// The authenticator app of a signed-in user.
    fn with_app(cognito: &mut Fixture) -> Totp {
        let token = cognito.tokens(ANN)["AccessToken"].clone();
        let made: Value =
            serde_json::from_str(&cognito.call("AssociateSoftwareToken", json!({ "AccessToken": token }))).unwrap();
        let app = Totp::of(made["SecretCode"].as_str().unwrap().into());
        let wrong = if app.code(cognito.now()) == "000000" { "000001" } else { "000000" };
        let verify = |code: &str| json!({ "AccessToken": token, "UserCode": code, "FriendlyDeviceName": "phone" });
        check(
            &cognito.call("VerifySoftwareToken", verify(wrong)),
            expect!["EnableSoftwareTokenMFAException: Code mismatch and fail enable Software Token MFA"],
        );
        let code = app.code(cognito.now());
        check(&cognito.call("VerifySoftwareToken", verify(&code)), expect![[r#"{"Status":"SUCCESS"}"#]]);
        let settings = json!({ "Enabled": true, "PreferredMfa": true });
        let input = json!({ "AccessToken": token, "SoftwareTokenMfaSettings": settings });
        check(&cognito.call("SetUserMFAPreference", input), expect!["{}"]);
        cognito.advance(Duration::from_secs(60));
        app
    }

    #[test]
    fn an_app_that_was_verified_is_asked_for_and_no_code_works_twice() {
        let mut cognito = pool_with(false, &[MfaMethod::Totp]);
        let app = with_app(&mut cognito);
        assert!(
            cognito
                .admin("AdminGetUser", ANN)
                .contains(r#""PreferredMfaSetting":"SOFTWARE_TOKEN_MFA","UserAttributes""#)
        );
        let asked = sign_in(&mut cognito);
        assert_eq!(asked["ChallengeName"], "SOFTWARE_TOKEN_MFA");
        let code = app.code(cognito.now());
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let parameter = "SOFTWARE_TOKEN_MFA_CODE";
        check(
            &answer(&mut cognito, &asked, parameter, wrong),
            expect!["CodeMismatchException: Invalid code received for user"],
        );
        check(&answer(&mut cognito, &asked, parameter, &code), expect!["tokens"]);
        let again = sign_in(&mut cognito);
        check(
            &answer(&mut cognito, &again, parameter, &code),
            expect!["ExpiredCodeException: Your software token has already been used once."],
        );
        cognito.advance(Duration::from_secs(30));
        let code = app.code(cognito.now());
        check(&answer(&mut cognito, &again, parameter, &code), expect!["tokens"]);
        check(
            &answer(&mut cognito, &again, parameter, &code),
            expect!["NotAuthorizedException: Invalid session for the user, session can only be used once."],
        );
    }

    #[test]
    fn who_has_no_factor_sets_one_up_where_everyone_needs_one() {
        let mut cognito = pool_with(true, &[MfaMethod::Totp]);
        let asked = sign_in(&mut cognito);
        assert_eq!(
            (&asked["ChallengeName"], &asked["ChallengeParameters"]["MFAS_CAN_SETUP"]),
            (&json!("MFA_SETUP"), &json!(r#"["SOFTWARE_TOKEN_MFA"]"#))
        );
        check(
            &cognito.respond("MFA_SETUP", Some(&asked["Session"]), json!({ "USERNAME": ANN })),
            expect!["NotAuthorizedException: Invalid session for the user."],
        );
        let made = cognito.call("AssociateSoftwareToken", json!({ "Session": asked["Session"] }));
        let made: Value = serde_json::from_str(&made).unwrap();
        let app = Totp::of(made["SecretCode"].as_str().unwrap().into());
        let code = app.code(cognito.now());
        let verified = cognito.call("VerifySoftwareToken", json!({ "Session": made["Session"], "UserCode": code }));
        let verified: Value = serde_json::from_str(&verified).unwrap();
        let done = cognito.respond("MFA_SETUP", Some(&verified["Session"]), json!({ "USERNAME": ANN }));
        check(&done, expect!["tokens"]);
        assert_eq!(sign_in(&mut cognito)["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    }

    #[test]
    fn a_code_goes_to_the_address_and_a_wrong_one_can_be_corrected_for_three_minutes() {
        let mut cognito = pool_with(true, &[MfaMethod::Email]);
        let asked = sign_in(&mut cognito);
        let parameters = &asked["ChallengeParameters"];
        assert_eq!(
            (
                &asked["ChallengeName"],
                &parameters["CODE_DELIVERY_DELIVERY_MEDIUM"],
                &parameters["CODE_DELIVERY_DESTINATION"]
            ),
            (&json!("EMAIL_OTP"), &json!("EMAIL"), &json!("a***@e***"))
        );
        let code = cognito.last_code();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..4 {
            check(
                &answer(&mut cognito, &asked, "EMAIL_OTP_CODE", wrong),
                expect!["CodeMismatchException: Invalid code or auth state for the user."],
            );
        }
        check(&answer(&mut cognito, &asked, "EMAIL_OTP_CODE", &code), expect!["tokens"]);
        let late = sign_in(&mut cognito);
        cognito.advance(Duration::from_secs(180));
        let code = cognito.last_code();
        check(
            &answer(&mut cognito, &late, "EMAIL_OTP_CODE", &code),
            expect!["NotAuthorizedException: Invalid session for the user, session is expired."],
        );
    }

    #[test]
    fn who_has_several_and_prefers_none_chooses() {
        let mut cognito = pool_with(false, &[MfaMethod::Totp, MfaMethod::Sms]);
        with_app(&mut cognito);
        let phone = json!([{ "Name": "phone_number", "Value": "+4915112345678" }]);
        let mut input = json!({ "UserPoolId": cognito.pool("Shopper"), "Username": ANN, "UserAttributes": phone });
        cognito.call("AdminUpdateUserAttributes", input.clone());
        input.as_object_mut().unwrap().remove("UserAttributes");
        input["SMSMfaSettings"] = json!({ "Enabled": true });
        input["SoftwareTokenMfaSettings"] = json!({ "Enabled": true });
        check(&cognito.call("AdminSetUserMFAPreference", input), expect!["{}"]);
        let asked = sign_in(&mut cognito);
        assert_eq!(asked["ChallengeName"], "SELECT_MFA_TYPE");
        assert_eq!(asked["ChallengeParameters"]["MFAS_CAN_CHOOSE"], r#"["SOFTWARE_TOKEN_MFA","SMS_MFA"]"#);
        check(
            &answer(&mut cognito, &asked, "ANSWER", "EMAIL_OTP"),
            expect!["InvalidParameterException: EMAIL_OTP is not a valid MFA type"],
        );
        let chosen: Value = serde_json::from_str(&answer(&mut cognito, &asked, "ANSWER", "SMS_MFA")).unwrap();
        assert_eq!(chosen["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"], "+*********5678");
        let code = cognito.last_code();
        check(&answer(&mut cognito, &chosen, "SMS_MFA_CODE", &code), expect!["tokens"]);
    }

    #[test]
    fn a_factor_that_the_user_cannot_show_is_not_turned_on() {
        let mut cognito = pool_with(false, &[MfaMethod::Totp, MfaMethod::Sms]);
        let on = json!({ "Enabled": true, "PreferredMfa": true });
        let mut prefer = |factor: &str| {
            let pool = cognito.pool("Shopper");
            cognito.call("AdminSetUserMFAPreference", json!({ "UserPoolId": pool, "Username": ANN, factor: on }))
        };
        check(
            &prefer("SoftwareTokenMfaSettings"),
            expect!["InvalidParameterException: User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA"],
        );
        check(
            &prefer("SMSMfaSettings"),
            expect!["InvalidParameterException: User does not have delivery config set to turn on SMS_MFA"],
        );
        check(&cognito.password_auth(ANN, PASSWORD), expect!["tokens"]);
    }

    #[test]
    fn a_pool_without_apps_makes_no_secret() {
        let mut cognito = Fixture::new();
        cognito.confirmed(ANN);
        let token = cognito.tokens(ANN)["AccessToken"].clone();
        check(
            &cognito.call("AssociateSoftwareToken", json!({ "AccessToken": token })),
            expect!["SoftwareTokenMFANotFoundException: Software Token MFA has not been enabled by the userPool."],
        );
    }

    #[test]
    fn a_session_of_another_challenge_sets_nothing_up() {
        let mut cognito = pool_with(true, &[MfaMethod::Totp, MfaMethod::Email]);
        let asked = sign_in(&mut cognito);
        assert_eq!(asked["ChallengeName"], "EMAIL_OTP");
        check(
            &cognito.call("AssociateSoftwareToken", json!({ "Session": asked["Session"] })),
            expect!["NotAuthorizedException: Invalid session for the user."],
        );
    }

    #[test]
    fn who_is_disabled_in_the_middle_gets_no_tokens() {
        let mut cognito = pool_with(true, &[MfaMethod::Totp]);
        let asked = sign_in(&mut cognito);
        let made = cognito.call("AssociateSoftwareToken", json!({ "Session": asked["Session"] }));
        let made: Value = serde_json::from_str(&made).unwrap();
        let code = Totp::of(made["SecretCode"].as_str().unwrap().into()).code(cognito.now());
        let verified = cognito.call("VerifySoftwareToken", json!({ "Session": made["Session"], "UserCode": code }));
        let verified: Value = serde_json::from_str(&verified).unwrap();
        cognito.admin("AdminDisableUser", ANN);
        let done = cognito.respond("MFA_SETUP", Some(&verified["Session"]), json!({ "USERNAME": ANN }));
        check(&done, expect!["NotAuthorizedException: User is disabled."]);
    }

    #[test]
    fn a_code_is_not_guessed_in_session_after_session() {
        let mut cognito = pool_with(true, &[MfaMethod::Email]);
        for _ in 0..5 {
            let asked = sign_in(&mut cognito);
            let code = cognito.last_code();
            let wrong = if code == "000000" { "000001" } else { "000000" };
            check(
                &answer(&mut cognito, &asked, "EMAIL_OTP_CODE", wrong),
                expect!["CodeMismatchException: Invalid code or auth state for the user."],
            );
        }
        let sent = cognito.messages().len();
        let slowed = expect!["NotAuthorizedException: Password attempts exceeded"];
        slowed.assert_eq(&cognito.password_auth(ANN, PASSWORD));
        assert_eq!(cognito.messages().len(), sent, "nor is one sent");
        cognito.advance(Duration::from_secs(1));
        let asked = sign_in(&mut cognito);
        let code = cognito.last_code();
        check(&answer(&mut cognito, &asked, "EMAIL_OTP_CODE", &code), expect!["tokens"]);
    }
}
