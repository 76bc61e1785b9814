use serde::Deserialize;

use super::shapes::Empty;
use crate::cognito::{
    Context,
    error::Error,
    pool::{Pool, Pools},
    token,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Own {
    access_token: String,
    device_key: String,
    device_remembered_status: Option<Remembered>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct OfUser {
    user_pool_id: String,
    username: String,
    device_key: String,
    device_remembered_status: Option<Remembered>,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Remembered {
    Remembered,
    NotRemembered,
}

/// The user says whether the device is to be known again.
pub(super) fn update_device_status(pools: &mut Pools, context: &Context<'_>, input: Own) -> Result<Empty, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    update(pool, context, (&key, &input.device_key), input.device_remembered_status)
}

pub(super) fn admin_update_device_status(
    pools: &mut Pools,
    context: &Context<'_>,
    input: OfUser,
) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    update(pool, context, (&key, &input.device_key), input.device_remembered_status)
}

fn update(
    pool: &mut Pool,
    context: &Context<'_>,
    (key, device_key): (&str, &str),
    status: Option<Remembered>,
) -> Result<Empty, Error> {
    let user = pool.users.get_mut(key).ok_or(Error::UserNotFound)?;
    let device = user.devices.get_mut(device_key).ok_or(Error::DeviceNotFound)?;
    if let Some(status) = status {
        device.remember(status == Remembered::Remembered, context.now);
    }
    Ok(Empty {})
}
