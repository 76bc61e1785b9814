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

/// One side of a key, its partition key or its sort key: a type that is a [`Key`], or a tuple of up to six.
///
/// A tuple is several attributes, or one that a template makes of them. `()` is a side that is always the same.
pub trait KeyParts: Send + Sync + 'static {
    /// The types of its parts.
    const TYPES: &'static [AttributeType];
}

impl<K: Key> KeyParts for K {
    const TYPES: &'static [AttributeType] = &[K::TYPE];
}

impl KeyParts for () {
    const TYPES: &'static [AttributeType] = &[];
}

/// What may stand for one side of a key, `K`, in a call: `K` itself, `&K`, and `&str` for a `String`; for several parts a
/// tuple of these.
#[diagnostic::on_unimplemented(message = "the key is of the type `{K}`, and `{Self}` is not")]
pub trait KeyLike<K: KeyParts>: Serialize {}

impl<K: Key> KeyLike<K> for K {}
impl<K: Key> KeyLike<K> for &K {}
impl KeyLike<String> for &str {}
impl KeyLike<()> for () {}

macro_rules! tuples {
    ($($key:ident $value:ident),*) => {
        impl<$($key: Key),*> KeyParts for ($($key,)*) {
            const TYPES: &'static [AttributeType] = &[$($key::TYPE),*];
        }

        impl<$($key: Key, $value: KeyLike<$key>),*> KeyLike<($($key,)*)> for ($($value,)*) {}
        impl<$($key: Key, $value: KeyLike<$key>),*> KeyLike<($($key,)*)> for &($($value,)*) {}
    };
}

tuples! { A U, B V }
tuples! { A U, B V, C W }
tuples! { A U, B V, C W, D X }
tuples! { A U, B V, C W, D X, E Y }
tuples! { A U, B V, C W, D X, E Y, F Z }

/// The types of a key: [`PartitionOnly`] or [`PartitionAndSort`].
pub trait KeyShape: Send + Sync + 'static {
    /// The partition key's.
    type Partition: KeyParts;
    /// What the parts of the sort key are declared with; empty without a sort key.
    const SORT_TYPES: &'static [AttributeType];
}

/// A shape that has a sort key.
#[diagnostic::on_unimplemented(message = "there is no sort key here, so that a partition has one item at most")]
pub trait Sorted: KeyShape {
    /// The sort key's type.
    type Sort: KeyParts;
}

/// A shape whose key can be written as `K` in a call.
#[diagnostic::on_unimplemented(
    message = "`{K}` is not a key of this table",
    note = "the key of a table without a sort key is its partition key: `get(&id)`",
    note = "the key of a table with a sort key is both, in this order: `get((&partition, &sort))`",
    note = "a key that a template makes of several fields is a tuple of them: `get((&partition, (&first, &second)))`"
)]
pub trait Accepts<K>: KeyShape {
    /// The parts of the partition key and of the sort key.
    #[doc(hidden)]
    fn parts(key: &K) -> Result<(Parts, Parts), ItemError>;
}

/// The values of the parts of one side of a key, in their order.
pub(super) type Parts = Vec<AttributeValue>;

/// The shape of a table or index that has only a partition key, or whose sort key is always the same.
#[derive(Debug)]
pub struct PartitionOnly<P>(PhantomData<fn() -> P>);

impl<P: KeyParts> KeyShape for PartitionOnly<P> {
    type Partition = P;
    const SORT_TYPES: &'static [AttributeType] = &[];
}

impl<P: KeyParts, K: KeyLike<P>> Accepts<K> for PartitionOnly<P> {
    fn parts(key: &K) -> Result<(Parts, Parts), ItemError> {
        Ok((parts_of::<P>(key)?, Parts::new()))
    }
}

/// The shape of a table or index that has a partition key and a sort key.
#[derive(Debug)]
pub struct PartitionAndSort<P, S>(PhantomData<fn() -> (P, S)>);

impl<P: KeyParts, S: KeyParts> KeyShape for PartitionAndSort<P, S> {
    type Partition = P;
    const SORT_TYPES: &'static [AttributeType] = S::TYPES;
}

impl<P: KeyParts, S: KeyParts> Sorted for PartitionAndSort<P, S> {
    type Sort = S;
}

impl<P: KeyParts, S: KeyParts, A: KeyLike<P>, B: KeyLike<S>> Accepts<(A, B)> for PartitionAndSort<P, S> {
    fn parts((partition, sort): &(A, B)) -> Result<(Parts, Parts), ItemError> {
        Ok((parts_of::<P>(partition)?, parts_of::<S>(sort)?))
    }
}

/// A pair that is borrowed as a whole.
impl<P: KeyParts, S: KeyParts, A: KeyLike<P>, B: KeyLike<S>> Accepts<&(A, B)> for PartitionAndSort<P, S> {
    fn parts(key: &&(A, B)) -> Result<(Parts, Parts), ItemError> {
        <Self as Accepts<(A, B)>>::parts(key)
    }
}

/// The values of a side's parts, all of them.
pub(super) fn parts_of<P: KeyParts>(side: &impl KeyLike<P>) -> Result<Parts, ItemError> {
    let parts = match (P::TYPES, to_attribute(side)?) {
        ([], _) => Parts::new(),
        ([_], part) => part.into_iter().collect(),
        (_, Some(AttributeValue::L(parts))) => parts,
        (_, other) => other.into_iter().collect(),
    };
    checked::<P>(parts, P::TYPES.len())
}

/// A type can say of itself that it is a string and be written as a number: that is found here.
pub(super) fn checked<P: KeyParts>(parts: Parts, count: usize) -> Result<Parts, ItemError> {
    let expected = P::TYPES.get(..count).unwrap_or(P::TYPES);
    for (at, kind) in expected.iter().enumerate() {
        if parts.get(at).and_then(type_of) != Some(*kind) {
            let (name, kind) = (std::any::type_name::<P>(), kind.as_str());
            let part = if P::TYPES.len() > 1 { format!("part {} of ", at + 1) } else { String::new() };
            return Err(ItemError::new(format!("{part}a key of the type {name} has to be written as {kind}")));
        }
    }
    Ok(parts)
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
        let expected = (vec![AttributeValue::S("a".into())], vec![AttributeValue::N("7".into())]);
        assert_eq!(Shape::parts(&("a", 7)), Ok(expected.clone()));
        assert_eq!(Shape::parts(&(&id, &7_u64)), Ok(expected.clone()));
        assert_eq!(Shape::parts(&&("a", 7)), Ok(expected.clone()));
        assert_eq!(Shape::parts(&(id, 7)), Ok(expected));
        assert_eq!(PartitionOnly::<u8>::parts(&5), Ok((vec![AttributeValue::N("5".into())], vec![])));
    }

    #[test]
    fn a_side_may_have_several_parts_or_none() {
        type Shape = PartitionAndSort<(), (String, u64)>;
        let expected = vec![AttributeValue::S("a".into()), AttributeValue::N("7".into())];
        assert_eq!(Shape::parts(&((), ("a", 7))), Ok((vec![], expected.clone())));
        assert_eq!(Shape::parts(&((), &("a", &7))), Ok((vec![], expected)));
    }

    #[test]
    fn a_key_that_is_written_as_another_type_is_refused() {
        #[derive(Serialize, Deserialize)]
        struct Odd(bool);
        impl Key for Odd {
            const TYPE: AttributeType = AttributeType::S;
        }
        let error = parts_of::<Odd>(&Odd(true)).unwrap_err().to_string();
        assert!(error.ends_with("Odd has to be written as S"), "{error}");
        let error = parts_of::<(u8, Odd)>(&(1, Odd(true))).unwrap_err().to_string();
        assert!(error.starts_with("part 2 of a key of the type") && error.ends_with("written as S"), "{error}");
    }
}
