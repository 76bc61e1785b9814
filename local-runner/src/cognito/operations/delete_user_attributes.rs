use serde::Deserialize;

use super::{admin_delete_user_attributes::delete, shapes::Empty};
use crate::cognito::{Context, attributes::Writer, error::Error, pool::Pools, token};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
    user_attribute_names: Vec<String>,
}

pub(super) fn delete_user_attributes(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    delete(pool, context, &key, input.user_attribute_names, Writer::Client)?;
    Ok(Empty {})
}
