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
    user_pool_id: String,
    client_id: String,
    auth_flow: String,
    #[serde(default, deserialize_with = "parameters")]
    auth_parameters: Parameters,
    _analytics_metadata: Option<IgnoredAny>,
    _client_metadata: Option<Metadata>,
    _context_data: Option<IgnoredAny>,
}

pub(super) fn admin_initiate_auth(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let pool = pools.by_id_and_client(&input.user_pool_id, &input.client_id)?;
    flow::start(pool, context, Caller::Administrator, &input.auth_flow, &input.auth_parameters)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::{Fixture, PASSWORD};

    #[test]
    fn an_administrator_signs_users_in_through_the_pools_own_client() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let mut input = json!({
            "UserPoolId": cognito.pool("Shopper"), "ClientId": cognito.client("Shopper"),
            "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": "ann@example.com", "PASSWORD": PASSWORD },
        });
        assert!(cognito.call("AdminInitiateAuth", input.clone()).contains("AccessToken"));
        input["ClientId"] = cognito.client("Member").into();
        expect!["ResourceNotFoundException: User pool client nyic87rq381um05w6txo4cke3n does not exist."]
            .assert_eq(&cognito.call("AdminInitiateAuth", input));
    }
}
