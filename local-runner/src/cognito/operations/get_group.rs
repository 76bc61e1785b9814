use super::shapes::{GroupInput, GroupOutput, GroupShape};
use crate::cognito::{Context, error::Error, pool::Pools};

pub(super) fn get_group(pools: &mut Pools, _: &Context<'_>, input: GroupInput) -> Result<GroupOutput, Error> {
    let group = pools.by_id(&input.user_pool_id)?.group(&input.group_name)?;
    Ok(GroupOutput { group: GroupShape::of(&input.user_pool_id, &input.group_name, group) })
}
