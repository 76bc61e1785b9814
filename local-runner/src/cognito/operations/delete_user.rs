use serde::Deserialize;

use super::shapes::Empty;
use crate::cognito::{Context, error::Error, pool::Pools, token};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
}

pub(super) fn delete_user(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    pool.remove(&key);
    Ok(Empty {})
}
