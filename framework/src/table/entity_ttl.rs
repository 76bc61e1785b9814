//! That the field of an entity which the shared table names as its `ttl` says when the item expires.
//!
//! The entity's macro does not know what the table calls it, so the compiler looks at each field: DynamoDB does not complain of
//! a time to live that it cannot read, and keeps the item for ever.

use std::marker::PhantomData;

use super::{
    definition::TtlSeconds,
    entity::{Entity, SharedTable, is_same_text},
};

/// Says by a constant whether `T` is a time to live: that of this implementation goes before that of [`NoTtl`].
#[derive(Debug)]
pub struct Ttl<T>(PhantomData<T>);

impl<T: TtlSeconds> Ttl<T> {
    /// It is one.
    pub const IS_SECONDS: bool = true;
}

/// What [`Ttl`] says of all other types.
pub trait NoTtl {
    /// It is none.
    const IS_SECONDS: bool = false;
}

impl<T> NoTtl for Ttl<T> {}

/// Does not compile for the time to live of the entity's table if it is no number of seconds.
#[track_caller]
pub const fn assert_entity_ttl<E: Entity>(attribute: &str, is_seconds: bool) {
    let is_ttl = match <E::Shared as SharedTable>::TTL {
        Some(ttl) => is_same_text(ttl.as_bytes(), attribute.as_bytes()),
        None => false,
    };
    assert!(
        is_seconds || !is_ttl,
        "by this field the table's items expire, in seconds since the epoch: write `u64`, `table::Seconds<T>` or an `Option` of one"
    );
}
