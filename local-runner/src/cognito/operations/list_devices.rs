use serde::{Deserialize, Serialize};

use crate::cognito::{
    Context, constraint,
    device::DeviceShape,
    error::Error,
    page::page,
    pool::{Pool, Pools},
    token,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Own {
    access_token: String,
    limit: Option<usize>,
    pagination_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct OfUser {
    user_pool_id: String,
    username: String,
    limit: Option<usize>,
    pagination_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    devices: Vec<DeviceShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination_token: Option<String>,
}

pub(super) fn list_devices(pools: &mut Pools, context: &Context<'_>, input: Own) -> Result<Output, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    list(pool, &key, input.limit, input.pagination_token.as_deref())
}

pub(super) fn admin_list_devices(pools: &mut Pools, _: &Context<'_>, input: OfUser) -> Result<Output, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    list(pool, &key, input.limit, input.pagination_token.as_deref())
}

fn list(pool: &Pool, key: &str, limit: Option<usize>, token: Option<&str>) -> Result<Output, Error> {
    constraint::limit("limit", limit.unwrap_or_default(), 0)?;
    let user = pool.users.get(key).ok_or(Error::UserNotFound)?;
    let shown = user.devices.keys().map(|device| pool.shown_device(user, device));
    let (devices, pagination_token) = page(shown, limit, token)?;
    Ok(Output { devices: devices.into_iter().collect::<Result<_, _>>()?, pagination_token })
}
