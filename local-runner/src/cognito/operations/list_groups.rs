use serde::{Deserialize, Serialize};

use super::shapes::GroupShape;
use crate::cognito::{Context, constraint, error::Error, page::page, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    groups: Vec<GroupShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_groups(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Output, Error> {
    constraint::limit("limit", input.limit.unwrap_or_default(), 0)?;
    let pool = pools.by_id(&input.user_pool_id)?;
    let groups = pool.groups.iter().map(|(name, group)| GroupShape::of(&pool.id, name, group));
    let (groups, next_token) = page(groups, input.limit, input.next_token.as_deref())?;
    Ok(Output { groups, next_token })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::Fixture;

    #[test]
    fn groups_are_listed_page_by_page() {
        let mut cognito = Fixture::new();
        let mut input = json!({ "UserPoolId": cognito.pool("Shopper"), "Limit": 1 });
        let first: Value = serde_json::from_str(&cognito.call("ListGroups", input.clone())).unwrap();
        assert_eq!(first["Groups"][0]["GroupName"], "buyers");
        input["NextToken"] = first["NextToken"].clone();
        let second: Value = serde_json::from_str(&cognito.call("ListGroups", input.clone())).unwrap();
        assert_eq!(second["Groups"][0]["GroupName"], "staff");
        assert!(second.get("NextToken").is_none());
        input["Limit"] = 61.into();
        expect!["InvalidParameterException: 1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60"]
            .assert_eq(&cognito.call("ListGroups", input));
    }
}
