use serde::{Deserialize, Serialize};

use crate::cognito::{
    Context,
    attributes::{self, Attribute},
    error::Error,
    mfa::Shown,
    pool::Pools,
    token,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    username: String,
    user_attributes: Vec<Attribute>,
    #[serde(flatten)]
    mfa: Shown,
}

pub(super) fn get_user(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    let user = pool.users.get(&key).ok_or(Error::UserNotFound)?;
    Ok(Output { username: user.username.clone(), user_attributes: attributes::of(user), mfa: Shown::of(user) })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::Fixture;

    fn get_user(cognito: &mut Fixture, token: &Value) -> String {
        cognito.call("GetUser", json!({ "AccessToken": token }))
    }

    #[test]
    fn an_access_token_is_good_for_an_hour() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let token = cognito.tokens("ann@example.com")["AccessToken"].clone();
        assert!(get_user(&mut cognito, &token).contains("ann@example.com"));
        cognito.advance(Duration::from_secs(3_600));
        expect!["NotAuthorizedException: Access Token has expired"].assert_eq(&get_user(&mut cognito, &token));
    }

    #[test]
    fn what_is_no_access_token_is_refused() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let tokens = cognito.tokens("ann@example.com");
        let access = tokens["AccessToken"].as_str().unwrap();
        let tampered = json!(access.replacen('.', ".e30", 1));
        for token in [&tokens["IdToken"], &tokens["RefreshToken"], &tampered, &json!("")] {
            expect!["NotAuthorizedException: Invalid Access Token"].assert_eq(&get_user(&mut cognito, token));
        }
    }
}
