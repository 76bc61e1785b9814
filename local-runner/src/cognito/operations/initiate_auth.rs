use serde::{Deserialize, de::IgnoredAny};

use super::{
    Metadata,
    authentication::{Output, Parameters, parameters},
    flow::{self, Caller},
};
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    auth_flow: String,
    #[serde(default, deserialize_with = "parameters")]
    auth_parameters: Parameters,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<Metadata>,
    _user_context_data: Option<IgnoredAny>,
}

pub(super) fn initiate_auth(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let pool = pools.by_client(&input.client_id)?;
    flow::start(pool, context, Caller::User, &input.auth_flow, &input.auth_parameters)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::{DAY, Fixture, PASSWORD, claims};

    #[test]
    fn a_password_gets_tokens_with_cognitos_claims() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        cognito.group("ann@example.com", "staff");
        let tokens = cognito.tokens("ann@example.com");
        assert_eq!((&tokens["ExpiresIn"], &tokens["TokenType"]), (&json!(3600), &json!("Bearer")));
        expect![[r#"
            {
              "aud": "6q2poroz1jnzne40vzj26p5jtw",
              "auth_time": 1767225600,
              "cognito:groups": [
                "staff"
              ],
              "cognito:username": "78382582-2a6f-4e62-9a21-90e828e4c9d2",
              "email": "ann@example.com",
              "email_verified": true,
              "event_id": "a UUID",
              "exp": 1767229200,
              "iat": 1767225600,
              "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_RjhHZltqo",
              "jti": "a UUID",
              "origin_jti": "a UUID",
              "sub": "78382582-2a6f-4e62-9a21-90e828e4c9d2",
              "token_use": "id"
            }"#]]
        .assert_eq(&claims(&tokens["IdToken"]));
        expect![[r#"
            {
              "auth_time": 1767225600,
              "client_id": "6q2poroz1jnzne40vzj26p5jtw",
              "cognito:groups": [
                "staff"
              ],
              "event_id": "a UUID",
              "exp": 1767229200,
              "iat": 1767225600,
              "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_RjhHZltqo",
              "jti": "a UUID",
              "origin_jti": "a UUID",
              "scope": "aws.cognito.signin.user.admin",
              "sub": "78382582-2a6f-4e62-9a21-90e828e4c9d2",
              "token_use": "access",
              "username": "78382582-2a6f-4e62-9a21-90e828e4c9d2"
            }"#]]
        .assert_eq(&claims(&tokens["AccessToken"]));
    }

    #[test]
    fn the_address_signs_in_in_whatever_case() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        assert!(cognito.password_auth("ANN@example.COM", PASSWORD).contains("AccessToken"));
    }

    #[test]
    fn a_wrong_password_and_an_unknown_user_look_the_same() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let wrong = cognito.password_auth("ann@example.com", "P@ssw0rd-of-another");
        expect!["NotAuthorizedException: Incorrect username or password."].assert_eq(&wrong);
        assert_eq!(wrong, cognito.password_auth("bob@example.com", PASSWORD));
    }

    #[test]
    fn who_has_not_confirmed_and_who_is_disabled_cannot_sign_in() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        expect!["UserNotConfirmedException: User is not confirmed."]
            .assert_eq(&cognito.password_auth("ann@example.com", PASSWORD));
        cognito.admin("AdminDisableUser", "ann@example.com");
        expect!["NotAuthorizedException: User is disabled."]
            .assert_eq(&cognito.password_auth("ann@example.com", PASSWORD));
    }

    #[test]
    fn guessing_locks_the_user_out_for_a_while() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        for _ in 0..5 {
            cognito.password_auth("ann@example.com", "Wr0ng-guess");
        }
        expect!["NotAuthorizedException: Password attempts exceeded"]
            .assert_eq(&cognito.password_auth("ann@example.com", PASSWORD));
        cognito.advance(Duration::from_secs(1));
        assert!(cognito.password_auth("ann@example.com", PASSWORD).contains("AccessToken"));
    }

    #[test]
    fn a_refresh_token_gets_new_tokens_of_the_same_session_until_it_expires() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let first = cognito.tokens("ann@example.com");
        let refresh = first["RefreshToken"].as_str().unwrap().to_owned();
        cognito.advance(DAY);
        let answer = cognito.refresh(&refresh);
        let second: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let second = &second["AuthenticationResult"];
        assert!(second.get("RefreshToken").is_none());
        let old = crate::cognito::testing::decoded(&first["AccessToken"]);
        let new = crate::cognito::testing::decoded(&second["AccessToken"]);
        assert_eq!((&old["origin_jti"], &old["auth_time"]), (&new["origin_jti"], &new["auth_time"]));
        assert_ne!(old["exp"], new["exp"]);
        cognito.advance(DAY * 29);
        expect!["NotAuthorizedException: Refresh Token has expired"].assert_eq(&cognito.refresh(&refresh));
        expect!["NotAuthorizedException: Invalid Refresh Token"].assert_eq(&cognito.refresh("made-up"));
    }

    #[test]
    fn flows_for_administrators_or_not_emulated_and_missing_parameters_are_refused() {
        let mut cognito = Fixture::new();
        let client = cognito.client("Shopper");
        let mut auth = |flow: &str| cognito.call("InitiateAuth", json!({ "ClientId": client, "AuthFlow": flow }));
        expect!["InvalidParameterException: Initiate Auth method not supported."]
            .assert_eq(&auth("ADMIN_USER_PASSWORD_AUTH"));
        expect!["InvalidParameterException: The flow USER_AUTH: this is not emulated"].assert_eq(&auth("USER_AUTH"));
        expect!["InvalidParameterException: Missing required parameter USERNAME"]
            .assert_eq(&auth("USER_PASSWORD_AUTH"));
        expect!["InvalidParameterException: Missing required parameter REFRESH_TOKEN"]
            .assert_eq(&auth("REFRESH_TOKEN_AUTH"));
    }
}
