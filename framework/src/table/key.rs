use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use skyloom_manifest::AttributeType;

use super::item::{ItemError, to_attribute};

/// A type that can be a partition key or a sort key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key of a DynamoDB table",
    label = "no string, number or bytes",
    note = "keys are `String`, integers of up to 64 bits and `bytes::Bytes`",
    note = "`#[derive(Key)]` makes a key of an enum without fields, and of a struct around one of these"
)]
pub trait Key: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The type that the key is declared with.
    const TYPE: AttributeType;
}

macro_rules! keys {
    ($($kind:ident: $($type:ty)*;)*) => {$($(
        impl Key for $type {
            const TYPE: AttributeType = AttributeType::$kind;
        }
    )*)*};
}

keys! {
    S: String;
    N: u8 u16 u32 u64 i8 i16 i32 i64;
    B: Bytes;
}

/// What may stand for a key of the type `K` in a call: `K` itself, `&K`, and `&str` for a `String`.
#[diagnostic::on_unimplemented(message = "the key is of the type `{K}`, and `{Self}` is not")]
pub trait KeyLike<K: Key>: Serialize {}

impl<K: Key> KeyLike<K> for K {}
impl<K: Key> KeyLike<K> for &K {}
impl KeyLike<String> for &str {}

/// The types of a key: [`PartitionOnly`] or [`PartitionAndSort`].
pub trait KeyShape: Send + Sync + 'static {
    /// The partition key's.
    type Partition: Key;
    /// What the sort key is declared with.
    const SORT_TYPE: Option<AttributeType>;
}

/// A shape that has a sort key.
#[diagnostic::on_unimplemented(message = "there is no sort key here, so that a partition has one item at most")]
pub trait Sorted: KeyShape {
    /// The sort key's type.
    type Sort: Key;
}

/// A shape whose key can be written as `K` in a call.
#[diagnostic::on_unimplemented(
    message = "`{K}` is not a key of this table",
    note = "the key of a table without a sort key is its partition key: `get(&id)`",
    note = "the key of a table with a sort key is both, in this order: `get((&partition, &sort))`"
)]
pub trait Accepts<K>: KeyShape {
    /// The attributes of the partition key and the sort key.
    #[doc(hidden)]
    fn values(key: &K) -> Result<(AttributeValue, Option<AttributeValue>), ItemError>;
}

/// The shape of a table or index that has only a partition key.
#[derive(Debug)]
pub struct PartitionOnly<P>(PhantomData<fn() -> P>);

impl<P: Key> KeyShape for PartitionOnly<P> {
    type Partition = P;
    const SORT_TYPE: Option<AttributeType> = None;
}

impl<P: Key, K: KeyLike<P>> Accepts<K> for PartitionOnly<P> {
    fn values(key: &K) -> Result<(AttributeValue, Option<AttributeValue>), ItemError> {
        Ok((key_attribute::<P>(key)?, None))
    }
}

/// The shape of a table or index that has a partition key and a sort key.
#[derive(Debug)]
pub struct PartitionAndSort<P, S>(PhantomData<fn() -> (P, S)>);

impl<P: Key, S: Key> KeyShape for PartitionAndSort<P, S> {
    type Partition = P;
    const SORT_TYPE: Option<AttributeType> = Some(S::TYPE);
}

impl<P: Key, S: Key> Sorted for PartitionAndSort<P, S> {
    type Sort = S;
}

impl<P: Key, S: Key, A: KeyLike<P>, B: KeyLike<S>> Accepts<(A, B)> for PartitionAndSort<P, S> {
    fn values((partition, sort): &(A, B)) -> Result<(AttributeValue, Option<AttributeValue>), ItemError> {
        Ok((key_attribute::<P>(partition)?, Some(key_attribute::<S>(sort)?)))
    }
}

/// A pair that is borrowed as a whole.
impl<P: Key, S: Key, A: KeyLike<P>, B: KeyLike<S>> Accepts<&(A, B)> for PartitionAndSort<P, S> {
    fn values(key: &&(A, B)) -> Result<(AttributeValue, Option<AttributeValue>), ItemError> {
        <Self as Accepts<(A, B)>>::values(key)
    }
}

/// The attribute of a key. A type can say of itself that it is a string and be written as a number: that is found here.
pub(super) fn key_attribute<K: Key>(key: &impl KeyLike<K>) -> Result<AttributeValue, ItemError> {
    match to_attribute(key)? {
        Some(value) if type_of(&value) == Some(K::TYPE) => Ok(value),
        _ => {
            let name = std::any::type_name::<K>();
            Err(ItemError::new(format!("a key of the type {name} has to be written as {}", K::TYPE.as_str())))
        }
    }
}

/// The type of an attribute, if it can be a key's.
pub(super) fn type_of(value: &AttributeValue) -> Option<AttributeType> {
    match value {
        AttributeValue::S(_) => Some(AttributeType::S),
        AttributeValue::N(_) => Some(AttributeType::N),
        AttributeValue::B(_) => Some(AttributeType::B),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[test]
    fn a_key_may_be_borrowed() {
        type Shape = PartitionAndSort<String, u64>;
        let id = "a".to_owned();
        let expected = (AttributeValue::S("a".into()), Some(AttributeValue::N("7".into())));
        assert_eq!(Shape::values(&("a", 7)), Ok(expected.clone()));
        assert_eq!(Shape::values(&(&id, &7_u64)), Ok(expected.clone()));
        assert_eq!(Shape::values(&(id, 7)), Ok(expected));
        assert_eq!(PartitionOnly::<u8>::values(&5), Ok((AttributeValue::N("5".into()), None)));
    }

    #[test]
    fn a_key_that_is_written_as_another_type_is_refused() {
        #[derive(Serialize, Deserialize)]
        struct Odd(bool);
        impl Key for Odd {
            const TYPE: AttributeType = AttributeType::S;
        }
        let error = key_attribute::<Odd>(&Odd(true)).unwrap_err().to_string();
        assert!(error.ends_with("Odd has to be written as S"), "{error}");
    }
}
