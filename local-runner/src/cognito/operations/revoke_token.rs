use serde::Deserialize;

use super::shapes::Empty;
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    token: String,
    client_secret: Option<String>,
}

/// Ends the session of a refresh token. One that is not known, or not any more, is as good as revoked (RFC 7009, 2.2).
pub(super) fn revoke_token(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let pool = pools.by_client(&input.client_id)?;
    let client = pool.calling_client(context);
    client.check_secret(input.client_secret.as_deref())?;
    if jsonwebtoken::decode_header(&input.token).is_ok() {
        return Err(Error::UnsupportedTokenType);
    }
    let Some(id) = pool.session_of(&input.token) else { return Ok(Empty {}) };
    if pool.sessions.get(&id).is_some_and(|session| pool.client_of(session).id != client.id) {
        return Err(Error::TokenOfAnotherClient);
    }
    pool.sessions.get_mut(&id).into_iter().for_each(|session| session.revoked = true);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::Fixture;

    fn revoke(cognito: &mut Fixture, token: &Value) -> String {
        cognito.call("RevokeToken", json!({ "ClientId": cognito.client("Shopper"), "Token": token }))
    }

    #[test]
    fn only_the_tokens_of_that_session_are_revoked() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let (first, second) = (cognito.tokens("ann@example.com"), cognito.tokens("ann@example.com"));
        expect!["{}"].assert_eq(&revoke(&mut cognito, &first["RefreshToken"]));
        expect!["NotAuthorizedException: Refresh Token has been revoked"]
            .assert_eq(&cognito.refresh(first["RefreshToken"].as_str().unwrap()));
        expect!["NotAuthorizedException: Access Token has been revoked"]
            .assert_eq(&cognito.call("GetUser", json!({ "AccessToken": first["AccessToken"] })));
        assert!(cognito.call("GetUser", json!({ "AccessToken": second["AccessToken"] })).contains("ann@example.com"));
    }

    #[test]
    fn an_unknown_token_is_fine_and_an_access_token_is_not() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        expect!["{}"].assert_eq(&revoke(&mut cognito, &json!("made-up")));
        let access = cognito.tokens("ann@example.com")["AccessToken"].clone();
        expect!["UnsupportedTokenTypeException: Only refresh tokens can be revoked"]
            .assert_eq(&revoke(&mut cognito, &access));
    }
}
