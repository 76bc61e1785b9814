use serde::Deserialize;

use super::shapes::{GroupOutput, GroupShape};
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    group_name: String,
    description: Option<String>,
    role_arn: Option<String>,
    precedence: Option<u32>,
}

/// What is left out stays as it is.
pub(super) fn update_group(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<GroupOutput, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let group = pool.group(&input.group_name)?;
    let Input { description, role_arn, precedence, .. } = input;
    group.description = description.or(group.description.take());
    group.role = role_arn.or(group.role.take());
    group.precedence = precedence.or(group.precedence);
    group.modified = context.now;
    Ok(GroupOutput { group: GroupShape::of(&input.user_pool_id, &input.group_name, group) })
}
