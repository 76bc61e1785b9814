use serde::{Deserialize, Serialize};

use super::shapes::GroupShape;
use crate::cognito::{Context, constraint, error::Error, page::page, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
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

pub(super) fn admin_list_groups_for_user(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Output, Error> {
    constraint::limit("limit", input.limit.unwrap_or_default(), 0)?;
    let pool = pools.by_id(&input.user_pool_id)?;
    let groups = pool.user(&input.username)?.groups.clone();
    let of_user = pool.groups.iter().filter(|(name, _)| groups.contains(*name));
    let groups = of_user.map(|(name, group)| GroupShape::of(&pool.id, name, group));
    let (groups, next_token) = page(groups, input.limit, input.next_token.as_deref())?;
    Ok(Output { groups, next_token })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::cognito::testing::Fixture;

    #[test]
    fn a_users_groups_are_listed() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        cognito.group("ann@example.com", "staff");
        expect![[r#"{"Groups":[{"CreationDate":1767225600.0,"GroupName":"staff","LastModifiedDate":1767225600.0,"UserPoolId":"us-east-1_RjhHZltqo"}]}"#]]
            .assert_eq(&cognito.admin("AdminListGroupsForUser", "ann@example.com"));
    }
}
