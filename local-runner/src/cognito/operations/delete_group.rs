use super::shapes::{Empty, GroupInput};
use crate::cognito::{Context, error::Error, pool::Pools};

/// A group that the application declares is there again when it is started again.
pub(super) fn delete_group(pools: &mut Pools, _: &Context<'_>, input: GroupInput) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    pool.has_group(&input.group_name)?;
    pool.groups.remove(&input.group_name);
    pool.users.values_mut().for_each(|user| _ = user.groups.remove(&input.group_name));
    Ok(Empty {})
}
