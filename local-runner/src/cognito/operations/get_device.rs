use serde::{Deserialize, Serialize};

use crate::cognito::{
    Context,
    device::DeviceShape,
    error::Error,
    pool::{Pool, Pools},
    token,
};

/// The input of operations on a device of the user whose token it is.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct OwnDevice {
    pub(super) access_token: String,
    pub(super) device_key: String,
}

/// The input of an administrator's.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DeviceOfUser {
    pub(super) user_pool_id: String,
    pub(super) username: String,
    pub(super) device_key: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    device: DeviceShape,
}

pub(super) fn get_device(pools: &mut Pools, context: &Context<'_>, input: OwnDevice) -> Result<Output, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    get(pool, &key, &input.device_key)
}

pub(super) fn admin_get_device(pools: &mut Pools, _: &Context<'_>, input: DeviceOfUser) -> Result<Output, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    get(pool, &key, &input.device_key)
}

fn get(pool: &Pool, key: &str, device_key: &str) -> Result<Output, Error> {
    let user = pool.users.get(key).ok_or(Error::UserNotFound)?;
    Ok(Output { device: pool.shown_device(user, device_key)? })
}
