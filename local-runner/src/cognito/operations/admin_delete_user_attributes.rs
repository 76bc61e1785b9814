use serde::Deserialize;

use super::{admin_update_user_attributes::write, shapes::Empty};
use crate::cognito::{
    Context,
    attributes::{Attribute, Writer},
    error::Error,
    pool::{Pool, Pools},
    schema::Occasion,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    user_attribute_names: Vec<String>,
}

pub(super) fn admin_delete_user_attributes(
    pools: &mut Pools,
    context: &Context<'_>,
    input: Input,
) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let key = pool.key_of(&input.username).ok_or(Error::UserNotFound)?;
    delete(pool, context, &key, input.user_attribute_names, Writer::Administrator)?;
    Ok(Empty {})
}

/// An attribute without a value is one that is not there.
pub(super) fn delete(
    pool: &mut Pool,
    context: &Context<'_>,
    key: &str,
    names: Vec<String>,
    writer: Writer,
) -> Result<(), Error> {
    let emptied = names.into_iter().map(|name| Attribute { name, value: String::new() });
    let written = pool.schema.checked(emptied.collect(), writer, Occasion::Update)?;
    write(pool, context, key, written)
}
