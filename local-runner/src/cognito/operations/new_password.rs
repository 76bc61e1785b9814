//! `NEW_PASSWORD_REQUIRED`: an administrator chose the password, and the user replaces it.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    admin_update_user_attributes,
    authentication::{self, Output, Who, asks, required},
    respond::Answer,
    second_factor,
};
use crate::cognito::{
    Context,
    attributes::{Attribute, Writer},
    challenge::Asked,
    constraint,
    error::Error,
    message::Medium,
    password,
    pool::Pool,
    schema::Occasion,
    user::User,
};

/// What the names of attributes begin with, in the question and in the answer.
const ATTRIBUTE: &str = "userAttributes.";

pub(super) fn ask(pool: &mut Pool, context: &Context<'_>, who: Who<'_>) -> Output {
    let (known, missing) = pool.users.get(who.key).map_or_else(Default::default, |user| {
        let known: BTreeMap<_, _> = user.attributes.iter().filter(|(name, _)| *name != "sub").collect();
        let missing: Vec<_> = pool.schema.missing(&user.attributes).map(|name| format!("{ATTRIBUTE}{name}")).collect();
        (json!(known).to_string(), json!(missing).to_string())
    });
    let (session, username) = asks(pool, context, who, Asked::NewPassword);
    let parameters = [("USER_ID_FOR_SRP", username), ("requiredAttributes", missing), ("userAttributes", known)];
    Output::challenge("NEW_PASSWORD_REQUIRED", session, parameters)
}

/// Takes the password, and what else the user says of themselves.
pub(super) fn answer(pool: &mut Pool, context: &Context<'_>, answer: &Answer<'_>) -> Result<Output, Error> {
    let new_password = required(answer.responses, "NEW_PASSWORD")?;
    constraint::password("newPassword", new_password)?;
    password::check_policy(&pool.password, new_password)?;
    let written = answer.responses.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix(ATTRIBUTE)?;
        Some(Attribute { name: name.into(), value: value.clone() })
    });
    let written = pool.schema.checked(written.collect(), Writer::Client, Occasion::Update)?;
    let user = authentication::eligible(pool, answer.key)?;
    keeps_addresses(user, &written)?;
    is_complete(pool, user, &written)?;
    let kept = pool.kept(&user.username, new_password, context.random);
    admin_update_user_attributes::write(pool, context, answer.key, written)?;
    pool.users.get_mut(answer.key).ok_or(Error::InvalidSession)?.set_password(kept, None, context.now);
    pool.answered(answer.session);
    second_factor::ask(pool, context, answer.who())
}

/// What everyone has to have, and an administrator left out, is asked for now.
fn is_complete(pool: &Pool, user: &User, written: &BTreeMap<String, String>) -> Result<(), Error> {
    let known = user.attributes.iter().chain(written).map(|(name, value)| (name.clone(), value.clone())).collect();
    match pool.schema.missing(&known).next() {
        Some(name) => Err(Error::InvalidParameter(format!("Invalid attributes given, {name} is missing"))),
        None => Ok(()),
    }
}

/// An address that the user has is changed by who is signed in, with a code that goes there.
fn keeps_addresses(user: &User, written: &BTreeMap<String, String>) -> Result<(), Error> {
    let changed = [Medium::Email, Medium::Sms]
        .into_iter()
        .find(|medium| written.contains_key(medium.attribute()) && user.address(*medium).is_some());
    changed.map_or(Ok(()), |medium| Err(Error::AddressProvided(medium.attribute())))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::{Fixture, PASSWORD, with_attributes};

    const ANN: &str = "ann@example.com";

    /// Ann, whose password an administrator chose, and what she is asked.
    fn asked() -> (Fixture, Value) {
        let mut cognito = Fixture::new();
        let ann = json!({ "UserPoolId": cognito.pool("Shopper"), "Username": ANN, "TemporaryPassword": "T3mporary!" });
        cognito.call("AdminCreateUser", ann);
        let asked: Value = serde_json::from_str(&cognito.password_auth(ANN, "T3mporary!")).unwrap();
        assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
        (cognito, asked["Session"].clone())
    }

    fn answer(cognito: &mut Fixture, session: &Value, name: &str, value: &str) -> String {
        let mut responses = json!({ "USERNAME": ANN, "NEW_PASSWORD": PASSWORD });
        responses[format!("userAttributes.{name}")] = value.into();
        let answer = cognito.respond("NEW_PASSWORD_REQUIRED", Some(session), responses);
        if answer.contains("AccessToken") { "tokens".into() } else { answer }
    }

    #[test]
    fn an_address_that_the_user_has_stays_and_others_are_taken() {
        let (mut cognito, session) = asked();
        cognito.sign_up("bob@example.com");
        for address in ["bob@example.com", "eve@example.com", ANN, ""] {
            expect!["NotAuthorizedException: Cannot modify an already provided email"].assert_eq(&answer(
                &mut cognito,
                &session,
                "email",
                address,
            ));
        }
        assert!(cognito.password_auth(ANN, PASSWORD).contains("Incorrect"), "nor was the password changed");
        expect!["tokens"].assert_eq(&answer(&mut cognito, &session, "phone_number", "+4915112345678"));
        assert!(cognito.admin("AdminGetUser", ANN).contains("+4915112345678"));
    }

    #[test]
    fn who_was_disabled_meanwhile_neither_chooses_a_password_nor_gets_tokens() {
        let (mut cognito, session) = asked();
        cognito.admin("AdminDisableUser", ANN);
        expect!["NotAuthorizedException: User is disabled."].assert_eq(&answer(
            &mut cognito,
            &session,
            "given_name",
            "Ann",
        ));
        cognito.admin("AdminEnableUser", ANN);
        assert!(cognito.password_auth(ANN, PASSWORD).contains("Incorrect"));
    }

    #[test]
    fn what_an_administrator_left_out_is_asked_for_with_the_password() {
        let mut cognito = Fixture::of(&with_attributes());
        let attributes = json!([{ "Name": "custom:tenant", "Value": "acme" }]);
        let ann = json!({
            "UserPoolId": cognito.pool("Shopper"), "Username": ANN, "TemporaryPassword": "T3mporary!",
            "UserAttributes": attributes,
        });
        assert!(cognito.call("AdminCreateUser", ann).contains(r#"{"Name":"custom:tenant","Value":"acme"}"#));
        let asked: Value = serde_json::from_str(&cognito.password_auth(ANN, "T3mporary!")).unwrap();
        assert_eq!(asked["ChallengeParameters"]["requiredAttributes"], r#"["userAttributes.birthdate"]"#);
        let session = &asked["Session"];
        expect!["InvalidParameterException: Invalid attributes given, birthdate is missing"].assert_eq(&answer(
            &mut cognito,
            session,
            "given_name",
            "Ann",
        ));
        expect!["NotAuthorizedException: A client attempted to write unauthorized attribute"].assert_eq(&answer(
            &mut cognito,
            session,
            "custom:plan",
            "gold",
        ));
        expect!["tokens"].assert_eq(&answer(&mut cognito, session, "birthdate", "2000-02-29"));
    }
}
