use serde::{Deserialize, de::IgnoredAny};

use super::shapes::Empty;
use crate::cognito::{
    Context,
    code::Code,
    constraint,
    error::Error,
    password,
    pool::{Pools, fold},
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
    _client_metadata: Option<IgnoredAny>,
    _user_context_data: Option<IgnoredAny>,
}

pub(super) fn confirm_forgot_password(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let pool = pools.by_client(&input.client_id)?;
    constraint::username(&input.username)?;
    pool.calling_client(context).check_secret_hash(&input.username, input.secret_hash.as_deref())?;
    constraint::confirmation_code(&input.confirmation_code)?;
    constraint::password("password", &input.password)?;
    password::check_policy(&pool.password, &input.password)?;
    let user = pool.user(&input.username).map_err(|_| Error::ExpiredCode)?; // does not say that there is no such user
    Code::check(user.recovery.as_ref(), &input.confirmation_code, context.now)?;
    user.recovery = None;
    let username = user.username.clone();
    let kept = pool.kept(&username, &input.password, context.random);
    pool.user(&username)?.set_password(kept, None, context.now);
    trigger::post_confirmation(pool, context, &fold(&username), "ConfirmForgotPassword");
    Ok(Empty {})
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
}
