use serde::{Deserialize, de::IgnoredAny};

use super::{Metadata, shapes::Empty};
use crate::cognito::{
    Context,
    attempts::Action,
    code::Code,
    constraint,
    error::Error,
    pool::{Pool, Pools},
    trigger,
    user::Status,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    username: String,
    confirmation_code: String,
    secret_hash: Option<String>,
    /// Addresses belong to one user each here, so there is never an alias to take over.
    _force_alias_creation: Option<IgnoredAny>,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<Metadata>,
    _user_context_data: Option<IgnoredAny>,
}

pub(super) fn confirm_sign_up(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let pool = pools.by_client(&input.client_id)?;
    constraint::username(&input.username)?;
    constraint::confirmation_code(&input.confirmation_code)?;
    pool.calling_client(context).check_secret_hash(&input.username, input.secret_hash.as_deref())?;
    let found = pool.key_of(&input.username);
    let who = found.as_deref().unwrap_or(&input.username);
    pool.attempts(who, context.now).count(Action::ConfirmSignUp, context.now)?;
    let key = found.ok_or(Error::ExpiredCode)?; // does not say that there is no such user
    let confirmation = pool
        .users
        .get(&key)
        .and_then(|user| (user.status == Status::Unconfirmed).then_some(user.confirmation.as_ref()));
    if let Some(code) = confirmation {
        Code::check(code, &input.confirmation_code, context.now)?;
    }
    confirm(pool, context, &key)?;
    let medium = pool.verified();
    if let Some(user) = pool.users.get_mut(&key).filter(|user| user.address(medium).is_some()) {
        user.attributes.insert(medium.verified_attribute().into(), "true".into());
    }
    trigger::post_confirmation(pool, context, &key, "ConfirmSignUp");
    Ok(Empty {})
}

/// Lets a user who signed up sign in.
pub(super) fn confirm(pool: &mut Pool, context: &Context<'_>, key: &str) -> Result<(), Error> {
    let user = pool.users.get_mut(key).ok_or(Error::UserNotFound)?;
    if user.status != Status::Unconfirmed {
        return Err(Error::NotConfirmable(user.status.as_str()));
    }
    user.status = Status::Confirmed;
    user.confirmation = None;
    user.modified = context.now;
    Ok(())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::cognito::testing::{DAY, Fixture};

    #[test]
    fn the_code_confirms_the_user_and_the_address() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        let code = cognito.last_code();
        expect!["{}"].assert_eq(&cognito.confirm("ann@example.com", &code));
        let user = cognito.admin("AdminGetUser", "ann@example.com");
        assert!(
            user.contains(r#""UserStatus":"CONFIRMED""#)
                && user.contains(r#"{"Name":"email_verified","Value":"true"}"#)
        );
    }

    #[test]
    fn nobody_is_confirmed_twice() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        expect!["NotAuthorizedException: User cannot be confirmed. Current status is CONFIRMED"]
            .assert_eq(&cognito.confirm("ann@example.com", "123456"));
    }

    #[test]
    fn a_wrong_code_and_one_of_yesterday_are_told_apart() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        let code = cognito.last_code();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        expect!["CodeMismatchException: Invalid verification code provided, please try again."]
            .assert_eq(&cognito.confirm("ann@example.com", wrong));
        cognito.advance(DAY);
        expect!["ExpiredCodeException: Invalid code provided, please request a code again."]
            .assert_eq(&cognito.confirm("ann@example.com", &code));
    }

    #[test]
    fn a_user_who_does_not_exist_looks_like_an_expired_code() {
        let mut cognito = Fixture::new();
        expect!["ExpiredCodeException: Invalid code provided, please request a code again."]
            .assert_eq(&cognito.confirm("nobody@example.com", "123456"));
    }

    #[test]
    fn a_code_is_entered_and_asked_for_only_so_often() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        let code = cognito.last_code();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let exceeded = expect!["LimitExceededException: Attempt limit exceeded, please try after some time."];
        for name in ["ann@example.com", "nobody@example.com"] {
            (0..15).for_each(|_| _ = cognito.confirm(name, wrong));
            exceeded.assert_eq(&cognito.confirm(name, &code));
            let input = serde_json::json!({ "ClientId": cognito.client("Shopper"), "Username": name });
            for _ in 0..5 {
                assert!(cognito.call("ResendConfirmationCode", input.clone()).contains("CodeDeliveryDetails"));
            }
            exceeded.assert_eq(&cognito.call("ResendConfirmationCode", input));
        }
    }
}
