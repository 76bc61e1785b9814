use serde::{Deserialize, Serialize, de::IgnoredAny};
use skyloom_manifest::Recovery;

use super::{Metadata, migration, resend_confirmation_code::simulated};
use crate::cognito::{
    Context,
    attempts::Action,
    code::{Code, RECOVERY_LIFE},
    constraint,
    delivery::Purpose,
    error::Error,
    message::{CodeDelivery, Medium},
    mfa,
    pool::{Pool, Pools},
    user::{Status, User},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    username: String,
    secret_hash: Option<String>,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<Metadata>,
    _user_context_data: Option<IgnoredAny>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    code_delivery_details: CodeDelivery,
}

pub(super) fn forgot_password(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let pool = pools.by_client(&input.client_id)?;
    constraint::username(&input.username)?;
    pool.calling_client(context).check_secret_hash(&input.username, input.secret_hash.as_deref())?;
    ways(pool)?; // of whomever it is asked
    if pool.key_of(&input.username).is_none() {
        migration::without_password(pool, context, &input.username)?;
    }
    let found = pool.key_of(&input.username);
    let who = found.as_deref().unwrap_or(&input.username);
    pool.attempts(who, context.now).count(Action::RecoverPassword, context.now)?;
    let Some(user) = pool.users.get(who).filter(|user| user.enabled) else {
        return Ok(Output { code_delivery_details: pretend(pool, context, who, &input.username) });
    };
    let medium = reachable(pool, user)?;
    Ok(Output { code_delivery_details: recover(pool, context, who, medium)? })
}

/// Keeps a code that is sent to nobody: nobody learns that there is no such user, or that the user is disabled.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html>
fn pretend(pool: &mut Pool, context: &Context<'_>, who: &str, name: &str) -> CodeDelivery {
    let simulated = simulated(pool, name);
    let code = Code::new(pool.verified(), context.random, context.now, RECOVERY_LIFE);
    pool.recover_by(who, code, context.now);
    simulated
}

/// Sends the code with which a forgotten password is replaced.
pub(super) fn recover(
    pool: &mut Pool,
    context: &Context<'_>,
    key: &str,
    medium: Medium,
) -> Result<CodeDelivery, Error> {
    let sent = pool.send_code(context, key, Purpose::ForgotPassword, medium)?.ok_or(Error::NoVerifiedContact)?;
    pool.recover_by(key, sent.code, context.now);
    Ok(sent.delivery)
}

/// How a user is reached who may choose a new password.
fn reachable(pool: &Pool, user: &User) -> Result<Medium, Error> {
    if matches!(user.status, Status::ForceChangePassword | Status::ExternalProvider) {
        return Err(Error::NotResettable);
    }
    reached(pool, user)
}

/// How a user is reached who has no password any more: by the first of the pool's ways by which there is a verified address. What
/// gets the second factor does not get the code for a new password, too.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-recover-a-user-account.html>
pub(super) fn reached(pool: &Pool, user: &User) -> Result<Medium, Error> {
    let is_factor =
        |medium| user.factors.enabled.iter().any(|it| pool.has_factor(*it) && mfa::medium(*it) == Some(medium));
    let is_free = |medium: &Medium| user.is_verified(*medium) && user.address(*medium).is_some() && !is_factor(*medium);
    ways(pool)?.into_iter().find(is_free).ok_or(Error::NoVerifiedContact)
}

/// The pool's ways to reach users, the first first. There are none where only administrators set passwords.
fn ways(pool: &Pool) -> Result<Vec<Medium>, Error> {
    let ways = Recovery::of(pool.sign_in, pool.mfa.as_ref());
    let medium = |way: Recovery| match way {
        Recovery::VerifiedEmail => Ok(Medium::Email),
        Recovery::VerifiedPhoneNumber => Ok(Medium::Sms),
        Recovery::AdminOnly => Err(Error::AdministratorsRecover),
    };
    ways.into_iter().map(medium).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;
    use skyloom_manifest::{Mfa, MfaMethod};

    use crate::cognito::testing::{Fixture, PASSWORD, manifest};

    fn forgot(cognito: &mut Fixture, username: &str) -> String {
        cognito.call("ForgotPassword", json!({ "ClientId": cognito.client("Shopper"), "Username": username }))
    }

    #[test]
    fn a_code_goes_to_a_verified_address_only() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        expect!["InvalidParameterException: Cannot reset password for the user as there is no registered/verified email or phone_number"]
            .assert_eq(&forgot(&mut cognito, "ann@example.com"));
        let code = cognito.last_code();
        cognito.confirm("ann@example.com", &code);
        expect![[
            r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"a***@e***"}}"#
        ]]
        .assert_eq(&forgot(&mut cognito, "ann@example.com"));
        assert_eq!(cognito.messages().len(), 2);
    }

    #[test]
    fn a_user_who_does_not_exist_seems_to_get_one_too() {
        let mut cognito = Fixture::new();
        expect![[
            r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"b***@e***"}}"#
        ]]
        .assert_eq(&forgot(&mut cognito, "bob@example.com"));
        assert!(cognito.messages().is_empty());
    }

    #[test]
    fn who_never_chose_a_password_has_to_be_invited_again() {
        let mut cognito = Fixture::new();
        cognito
            .call("AdminCreateUser", json!({ "UserPoolId": cognito.pool("Shopper"), "Username": "ann@example.com" }));
        expect!["NotAuthorizedException: User password cannot be reset in the current state."]
            .assert_eq(&forgot(&mut cognito, "ann@example.com"));
    }

    const PHONE: &str = "+4915112345678";

    /// A pool with a user who has both addresses, both verified.
    fn with_both(pool: &str, mfa: Option<(bool, &[MfaMethod])>) -> (Fixture, String) {
        let mut manifest = manifest();
        let mfa = mfa.map(|(required, methods)| Mfa { required, methods: methods.into(), email_identity: None });
        manifest.user_pools.iter_mut().for_each(|it| it.mfa.clone_from(&mfa));
        let mut cognito = Fixture::of(&manifest);
        let name = if pool == "Employee" { PHONE } else { "ann@example.com" };
        let attributes = [("email", "ann@example.com"), ("phone_number", PHONE)].map(|(name, value)| {
            [json!({ "Name": name, "Value": value }), json!({ "Name": format!("{name}_verified"), "Value": "true" })]
        });
        let user = json!({ "UserPoolId": cognito.pool(pool), "Username": name, "UserAttributes": attributes.concat() });
        assert!(cognito.call("AdminCreateUser", user).contains("FORCE_CHANGE_PASSWORD"));
        let pool = cognito.pool(pool);
        let set = json!({ "UserPoolId": pool, "Username": name, "Password": PASSWORD, "Permanent": true });
        assert_eq!(cognito.call("AdminSetUserPassword", set), "{}");
        (cognito, name.into())
    }

    fn way(pool: &str, mfa: Option<(bool, &[MfaMethod])>, enabled: &[&str]) -> String {
        let (mut cognito, name) = with_both(pool, mfa);
        let mut preference = json!({ "UserPoolId": cognito.pool(pool), "Username": name });
        enabled.iter().for_each(|factor| preference[*factor] = json!({ "Enabled": true }));
        assert_eq!(cognito.call("AdminSetUserMFAPreference", preference), "{}");
        let forgot = json!({ "ClientId": cognito.client(pool), "Username": name });
        let answer = cognito.call("ForgotPassword", forgot);
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap_or(answer.into());
        let medium = answer["CodeDeliveryDetails"]["DeliveryMedium"].as_str();
        medium.or(answer.as_str()).unwrap().to_owned()
    }

    #[test]
    fn the_code_goes_the_way_that_the_template_says() {
        use MfaMethod::{Email, Sms, Totp};
        assert_eq!(way("Shopper", None, &[]), "EMAIL");
        assert_eq!(way("Employee", None, &[]), "SMS", "an address beside the phone number is not asked");
        let texts: Option<(bool, &[MfaMethod])> = Some((false, &[Totp, Sms]));
        assert_eq!(way("Employee", texts, &[]), "SMS");
        assert_eq!(way("Employee", texts, &["SMSMfaSettings"]), "EMAIL", "preferred or not");
        assert_eq!(way("Employee", Some((true, &[Sms])), &[]), "EMAIL");
        assert_eq!(way("Shopper", Some((false, &[Email])), &["EmailMfaSettings"]), "SMS");
        expect!["NotAuthorizedException: The password is set by an administrator: every address of this pool's users is one of their second factors."]
            .assert_eq(&way("Shopper", Some((true, &[Sms, Email])), &[]));
    }
}
