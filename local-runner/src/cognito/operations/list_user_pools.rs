use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cognito::{
    Context, constraint,
    error::Error,
    page::page,
    pool::{Pool, Pools},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    max_results: usize,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    user_pools: Vec<Description>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// `UserPoolDescriptionType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Description {
    id: String,
    name: String,
    lambda_config: Value,
    creation_date: f64,
    last_modified_date: f64,
}

pub(super) fn list_user_pools(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Output, Error> {
    constraint::limit("maxResults", input.max_results, 1)?;
    let pools = pools.iter().map(describe);
    let (user_pools, next_token) = page(pools, Some(input.max_results), input.next_token.as_deref())?;
    Ok(Output { user_pools, next_token })
}

fn describe(pool: &Pool) -> Description {
    Description {
        id: pool.id.clone(),
        name: pool.physical_name.clone(),
        lambda_config: pool.triggers.lambda_config(),
        creation_date: pool.created.fractional(),
        last_modified_date: pool.created.fractional(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    #[test]
    fn pools_are_listed_with_their_physical_names() {
        let mut cognito = Fixture::new();
        expect![[r#"{"UserPools":[{"CreationDate":1767225600.0,"Id":"us-east-1_hvBIIKlwF","LambdaConfig":{},"LastModifiedDate":1767225600.0,"Name":"orders-Employee"},{"CreationDate":1767225600.0,"Id":"us-east-1_yYY6e3yaj","LambdaConfig":{},"LastModifiedDate":1767225600.0,"Name":"orders-Member"},{"CreationDate":1767225600.0,"Id":"us-east-1_RjhHZltqo","LambdaConfig":{},"LastModifiedDate":1767225600.0,"Name":"orders-Shopper"}]}"#]].assert_eq(&cognito.call("ListUserPools", json!({ "MaxResults": 60 })));
    }

    #[test]
    fn a_page_has_a_size_and_it_is_not_0() {
        let mut cognito = Fixture::new();
        expect!["InvalidParameterException: 1 validation error detected: Value at 'maxResults' failed to satisfy constraint: Member must not be null"]
            .assert_eq(&cognito.call("ListUserPools", json!({})));
        expect!["InvalidParameterException: 1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"]
            .assert_eq(&cognito.call("ListUserPools", json!({ "MaxResults": 0 })));
    }
}
