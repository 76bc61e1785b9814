use super::{
    get_device::{DeviceOfUser, OwnDevice},
    shapes::Empty,
};
use crate::cognito::{
    Context,
    error::Error,
    pool::{Pool, Pools},
    token,
};

/// The refresh tokens that were given to the device are of no use any more.
pub(super) fn forget_device(pools: &mut Pools, context: &Context<'_>, input: OwnDevice) -> Result<Empty, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    forget(pool, &key, &input.device_key)
}

pub(super) fn admin_forget_device(pools: &mut Pools, _: &Context<'_>, input: DeviceOfUser) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    forget(pool, &key, &input.device_key)
}

fn forget(pool: &mut Pool, key: &str, device_key: &str) -> Result<Empty, Error> {
    let user = pool.users.get_mut(key).ok_or(Error::UserNotFound)?;
    user.devices.remove(device_key).ok_or(Error::DeviceNotFound)?;
    Ok(Empty {})
}
