use serde::{Deserialize, Serialize};

use crate::cognito::{Context, constraint, error::Error, page::page, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    max_results: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    user_pool_clients: Vec<Description>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// `UserPoolClientDescription`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    client_id: String,
    user_pool_id: String,
    client_name: String,
}

pub(super) fn list_user_pool_clients(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Output, Error> {
    constraint::limit("maxResults", input.max_results.unwrap_or(1), 1)?;
    let pool = pools.by_id(&input.user_pool_id)?;
    let clients = pool.clients().map(|client| Description {
        client_name: pool.physical_name_of(&client),
        client_id: client.id,
        user_pool_id: pool.id.clone(),
    });
    let (user_pool_clients, next_token) = page(clients, input.max_results, input.next_token.as_deref())?;
    Ok(Output { user_pool_clients, next_token })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    #[test]
    fn a_pool_that_declares_no_other_client_has_its_own() {
        let mut cognito = Fixture::new();
        let input = json!({ "UserPoolId": cognito.pool("Shopper") });
        expect![[r#"{"UserPoolClients":[{"ClientId":"6q2poroz1jnzne40vzj26p5jtw","ClientName":"orders-Shopper","UserPoolId":"us-east-1_RjhHZltqo"}]}"#]]
            .assert_eq(&cognito.call("ListUserPoolClients", input));
    }
}
