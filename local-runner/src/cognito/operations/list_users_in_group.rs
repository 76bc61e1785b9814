use serde::{Deserialize, Serialize};

use super::shapes::UserShape;
use crate::cognito::{Context, constraint, error::Error, page::page, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    group_name: String,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    users: Vec<UserShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn list_users_in_group(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Output, Error> {
    constraint::limit("limit", input.limit.unwrap_or_default(), 0)?;
    let pool = pools.by_id(&input.user_pool_id)?;
    pool.has_group(&input.group_name)?;
    let users = pool.users.values().filter(|user| user.groups.contains(&input.group_name)).map(UserShape::of);
    let (users, next_token) = page(users, input.limit, input.next_token.as_deref())?;
    Ok(Output { users, next_token })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    #[test]
    fn only_members_are_listed() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        cognito.sign_up("bob@example.com");
        cognito.group("ann@example.com", "staff");
        let mut input = json!({ "UserPoolId": cognito.pool("Shopper"), "GroupName": "staff" });
        let answer = cognito.call("ListUsersInGroup", input.clone());
        assert!(answer.contains("ann@example.com") && !answer.contains("bob@example.com"), "{answer}");
        input["GroupName"] = "stuff".into();
        expect!["ResourceNotFoundException: Group not found."].assert_eq(&cognito.call("ListUsersInGroup", input));
    }
}
