use serde::{Deserialize, de::IgnoredAny};

use super::{
    Metadata,
    authentication::{Output, Parameters, parameters},
    respond,
};
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    client_id: String,
    challenge_name: String,
    session: Option<String>,
    #[serde(default, deserialize_with = "parameters")]
    challenge_responses: Parameters,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<Metadata>,
    _context_data: Option<IgnoredAny>,
}

pub(super) fn admin_respond_to_auth_challenge(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Output, Error> {
    let pool = pools.by_id_and_client(&input.user_pool_id, &input.client_id)?;
    let Input { challenge_name, session, challenge_responses, .. } = &input;
    respond::answer(pool, context, challenge_name, session.as_deref(), challenge_responses)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    #[test]
    fn a_challenge_that_cannot_be_asked_here_is_refused() {
        let mut cognito = Fixture::new();
        let input = json!({
            "UserPoolId": cognito.pool("Shopper"), "ClientId": cognito.client("Shopper"), "ChallengeName": "WEB_AUTHN",
        });
        expect!["InvalidParameterException: The challenge WEB_AUTHN: this is not emulated"]
            .assert_eq(&cognito.call("AdminRespondToAuthChallenge", input));
    }
}
