use serde::{Deserialize, de::IgnoredAny};

use super::{Metadata, shapes::Empty};
use crate::cognito::{
    Context,
    attempts::Action,
    code::Code,
    constraint,
    error::Error,
    password,
    pool::{Pool, Pools},
    trigger,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    username: String,
    confirmation_code: String,
    password: String,
    secret_hash: Option<String>,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<Metadata>,
    _user_context_data: Option<IgnoredAny>,
}

pub(super) fn confirm_forgot_password(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let pool = pools.by_client(&input.client_id)?;
    constraint::username(&input.username)?;
    pool.calling_client(context).check_secret_hash(&input.username, input.secret_hash.as_deref())?;
    constraint::confirmation_code(&input.confirmation_code)?;
    constraint::password("password", &input.password)?;
    password::check_policy(&pool.password, &input.password)?;
    let key = proven(pool, context, &input)?;
    let username = pool.users.get(&key).ok_or(Error::UserNotFound)?.username.clone();
    let kept = pool.kept(&username, &input.password, context.random);
    let user = pool.users.get_mut(&key).ok_or(Error::UserNotFound)?;
    user.recovery = None;
    user.attempts.forget(Action::RecoverPassword);
    user.set_password(kept, None, context.now);
    trigger::post_confirmation(pool, context, &key, "ConfirmForgotPassword");
    Ok(Empty {})
}

/// The place of the user to whom the code went. Whoever is not there, or disabled, has codes like others, of which none is right.
fn proven(pool: &mut Pool, context: &Context<'_>, input: &Input) -> Result<String, Error> {
    let found = pool.key_of(&input.username);
    let who = found.as_deref().unwrap_or(&input.username);
    pool.attempts(who, context.now).count(Action::RecoverPassword, context.now)?;
    Code::check(pool.recovery(who), &input.confirmation_code, context.now)?;
    found.filter(|key| pool.users.get(key).is_some_and(|user| user.enabled)).ok_or(Error::CodeMismatch)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    const NEW: &str = "N3w-password";

    fn forgotten(cognito: &mut Fixture) -> String {
        cognito.confirmed("ann@example.com");
        let input = json!({ "ClientId": cognito.client("Shopper"), "Username": "ann@example.com" });
        cognito.call("ForgotPassword", input);
        cognito.last_code()
    }

    fn confirm(cognito: &mut Fixture, username: &str, code: &str) -> String {
        let input = json!({
            "ClientId": cognito.client("Shopper"), "Username": username, "ConfirmationCode": code, "Password": NEW,
        });
        cognito.call("ConfirmForgotPassword", input)
    }

    #[test]
    fn the_code_sets_a_new_password_once() {
        let mut cognito = Fixture::new();
        let code = forgotten(&mut cognito);
        expect!["{}"].assert_eq(&confirm(&mut cognito, "ann@example.com", &code));
        assert!(cognito.password_auth("ann@example.com", NEW).contains("AccessToken"));
        expect!["ExpiredCodeException: Invalid code provided, please request a code again."].assert_eq(&confirm(
            &mut cognito,
            "ann@example.com",
            &code,
        ));
    }

    #[test]
    fn the_code_works_for_an_hour() {
        let mut cognito = Fixture::new();
        let code = forgotten(&mut cognito);
        cognito.advance(Duration::from_secs(3_600));
        let expired = confirm(&mut cognito, "ann@example.com", &code);
        expect!["ExpiredCodeException: Invalid code provided, please request a code again."].assert_eq(&expired);
        assert_eq!(expired, confirm(&mut cognito, "nobody@example.com", &code));
    }

    #[test]
    fn a_code_is_not_guessed() {
        let mut cognito = Fixture::new();
        let code = forgotten(&mut cognito);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..4 {
            expect!["CodeMismatchException: Invalid verification code provided, please try again."]
                .assert_eq(&confirm(&mut cognito, "ann@example.com", wrong));
        }
        let exceeded = expect!["LimitExceededException: Attempt limit exceeded, please try after some time."];
        exceeded.assert_eq(&confirm(&mut cognito, "ann@example.com", &code));
        let input = json!({ "ClientId": cognito.client("Shopper"), "Username": "ann@example.com" });
        exceeded.assert_eq(&cognito.call("ForgotPassword", input.clone()));
        cognito.advance(Duration::from_secs(3_600));
        cognito.call("ForgotPassword", input);
        let code = cognito.last_code();
        expect!["{}"].assert_eq(&confirm(&mut cognito, "ann@example.com", &code));
    }

    #[test]
    fn who_is_disabled_and_who_is_nobody_look_like_others_and_have_no_right_code() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        cognito.admin("AdminDisableUser", "ann@example.com");
        let mut answers = Vec::new();
        for name in ["ann@example.com", "nobody@example.com"] {
            answers.push(confirm(&mut cognito, name, "123456"));
            let input = json!({ "ClientId": cognito.client("Shopper"), "Username": name });
            assert!(cognito.call("ForgotPassword", input).contains("CodeDeliveryDetails"));
            answers.push(confirm(&mut cognito, name, "123456"));
            answers.extend((0..3).map(|_| confirm(&mut cognito, name, "123456")));
        }
        assert_eq!(cognito.messages().len(), 1, "that of the sign-up");
        let (ann, nobody) = answers.split_at(5);
        assert_eq!(ann, nobody);
        expect![[r#"
            ExpiredCodeException: Invalid code provided, please request a code again.
            CodeMismatchException: Invalid verification code provided, please try again.
            CodeMismatchException: Invalid verification code provided, please try again.
            CodeMismatchException: Invalid verification code provided, please try again.
            LimitExceededException: Attempt limit exceeded, please try after some time."#]]
        .assert_eq(&ann.join("\n"));
    }

    #[test]
    fn who_was_disabled_after_the_code_was_sent_sets_no_password() {
        let mut cognito = Fixture::new();
        let code = forgotten(&mut cognito);
        cognito.admin("AdminDisableUser", "ann@example.com");
        expect!["CodeMismatchException: Invalid verification code provided, please try again."].assert_eq(&confirm(
            &mut cognito,
            "ann@example.com",
            &code,
        ));
    }
}
