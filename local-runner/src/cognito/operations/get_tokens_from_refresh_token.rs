use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::authentication::{self, AuthenticationResult};
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    client_id: String,
    refresh_token: String,
    _client_metadata: Option<IgnoredAny>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    authentication_result: Option<AuthenticationResult>,
}

pub(super) fn get_tokens_from_refresh_token(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Output, Error> {
    let pool = pools.by_client(&input.client_id)?;
    let output = authentication::refresh(pool, context, &input.refresh_token)?;
    Ok(Output { authentication_result: output.authentication_result })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    #[test]
    fn a_refresh_token_gets_tokens_without_a_flow_too() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let refresh = &cognito.tokens("ann@example.com")["RefreshToken"];
        let input = json!({ "ClientId": cognito.client("Shopper"), "RefreshToken": refresh });
        assert!(cognito.call("GetTokensFromRefreshToken", input).contains("IdToken"));
    }
}
