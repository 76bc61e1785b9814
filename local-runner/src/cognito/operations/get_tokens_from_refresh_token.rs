use serde::{Deserialize, Serialize};

use super::{Metadata, authentication::AuthenticationResult, refresh};
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    refresh_token: String,
    client_secret: Option<String>,
    device_key: Option<String>,
    _client_metadata: Option<Metadata>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    authentication_result: AuthenticationResult,
}

pub(super) fn get_tokens_from_refresh_token(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Output, Error> {
    let pool = pools.by_client(&input.client_id)?;
    pool.calling_client(context).check_secret(input.client_secret.as_deref())?;
    let result = refresh::refresh(pool, context, (&input.refresh_token, input.device_key.as_deref()))?;
    Ok(Output { authentication_result: result })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::{Fixture, manifest};

    fn renew(cognito: &mut Fixture, token: &Value) -> Result<Value, String> {
        let input = json!({ "ClientId": cognito.client("Shopper"), "RefreshToken": token });
        let answer = cognito.call("GetTokensFromRefreshToken", input);
        let result: Value = serde_json::from_str(&answer).map_err(|_| answer)?;
        Ok(result["AuthenticationResult"].clone())
    }

    fn rotating(grace: u32) -> Fixture {
        let mut manifest = manifest();
        manifest.user_pools.iter_mut().for_each(|pool| pool.client.rotation = Some(grace));
        let mut cognito = Fixture::of(&manifest);
        cognito.confirmed("ann@example.com");
        cognito
    }

    #[test]
    fn a_refresh_token_gets_tokens_without_a_flow_too() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let first = cognito.tokens("ann@example.com");
        let renewed = renew(&mut cognito, &first["RefreshToken"]).unwrap();
        assert!(renewed["IdToken"].is_string() && renewed.get("RefreshToken").is_none());
    }

    #[test]
    fn a_rotated_token_works_once_and_its_successor_belongs_to_the_same_session() {
        let mut cognito = rotating(0);
        let first = cognito.tokens("ann@example.com");
        let second = renew(&mut cognito, &first["RefreshToken"]).unwrap();
        assert_ne!(first["RefreshToken"], second["RefreshToken"]);
        expect!["RefreshTokenReuseException: Refresh token has been invalidated by rotation"]
            .assert_eq(&renew(&mut cognito, &first["RefreshToken"]).unwrap_err());
        assert!(renew(&mut cognito, &second["RefreshToken"]).is_ok());
        let revoke = json!({ "ClientId": cognito.client("Shopper"), "Token": first["RefreshToken"] });
        expect!["{}"].assert_eq(&cognito.call("RevokeToken", revoke));
        expect!["NotAuthorizedException: Access Token has been revoked"]
            .assert_eq(&cognito.call("GetUser", json!({ "AccessToken": second["AccessToken"] })));
    }

    #[test]
    fn a_client_that_did_not_hear_the_answer_may_ask_again_for_a_while() {
        let mut cognito = rotating(30);
        let first = cognito.tokens("ann@example.com");
        renew(&mut cognito, &first["RefreshToken"]).unwrap();
        cognito.advance(Duration::from_secs(29));
        renew(&mut cognito, &first["RefreshToken"]).unwrap();
        cognito.advance(Duration::from_secs(1));
        assert!(renew(&mut cognito, &first["RefreshToken"]).unwrap_err().starts_with("RefreshTokenReuseException"));
    }

    #[test]
    fn rotation_leaves_no_refresh_by_a_flow() {
        let mut cognito = rotating(0);
        let token = cognito.tokens("ann@example.com")["RefreshToken"].as_str().unwrap().to_owned();
        expect!["InvalidParameterException: Auth flow not enabled for this client"].assert_eq(&cognito.refresh(&token));
    }

    #[test]
    fn a_client_with_a_secret_sends_it() {
        let mut manifest = manifest();
        manifest.user_pools.iter_mut().for_each(|pool| pool.client.secret = true);
        let mut cognito = Fixture::of(&manifest);
        let mut input = json!({ "ClientId": cognito.client("Shopper"), "RefreshToken": "a" });
        expect!["NotAuthorizedException: Unable to verify secret for client 6q2poroz1jnzne40vzj26p5jtw"]
            .assert_eq(&cognito.call("GetTokensFromRefreshToken", input.clone()));
        input["ClientSecret"] = cognito.client_secret("Shopper").into();
        expect!["NotAuthorizedException: Invalid Refresh Token"]
            .assert_eq(&cognito.call("GetTokensFromRefreshToken", input));
    }
}
