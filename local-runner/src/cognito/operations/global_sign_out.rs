use serde::Deserialize;

use super::shapes::Empty;
use crate::cognito::{Context, error::Error, pool::Pools, token};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
}

/// Ends the user's sessions for Cognito. Who only verifies tokens accepts them until they expire, as API Gateway does.
pub(super) fn global_sign_out(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    pool.sign_out(&key);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    #[test]
    fn every_session_of_the_user_ends_and_nobody_elses() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        cognito.confirmed("bob@example.com");
        let (first, second) = (cognito.tokens("ann@example.com"), cognito.tokens("ann@example.com"));
        let other = cognito.tokens("bob@example.com");
        let input = json!({ "AccessToken": first["AccessToken"] });
        expect!["{}"].assert_eq(&cognito.call("GlobalSignOut", input.clone()));
        expect!["NotAuthorizedException: Access Token has been revoked"].assert_eq(&cognito.call("GetUser", input));
        expect!["NotAuthorizedException: Refresh Token has been revoked"]
            .assert_eq(&cognito.refresh(second["RefreshToken"].as_str().unwrap()));
        assert!(cognito.refresh(other["RefreshToken"].as_str().unwrap()).contains("AccessToken"));
    }
}
