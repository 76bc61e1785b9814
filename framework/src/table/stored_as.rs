//! What the type of a field says of how it is stored, for the manifest.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    marker::PhantomData,
};

use skyloom_manifest::{AttributeType, StoredType};

use super::{key::Key, set::Set};

/// How the values of a type are stored, and whether one can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldType {
    pub(crate) stored: StoredType,
    /// Whether an item without it can be read.
    pub(crate) optional: bool,
}

impl FieldType {
    /// Whatever its `Serialize` makes of it.
    pub const UNKNOWN: Self = Self::of(StoredType::Any);
    /// A map.
    pub const MAP: Self = Self::of(StoredType::M);

    const fn of(stored: StoredType) -> Self {
        Self { stored, optional: false }
    }

    /// The same, with which an item need not have the attribute.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }
}

/// A type of which it is known how it is stored: keys, the types of the standard library, and documents.
///
/// Nothing asks for it. A type that does not have it is stored as well; the manifest only does not say how.
pub trait StoredAs {
    /// How.
    const STORED: FieldType;
}

/// Looks a type up: `TypeOf::<String>::STORED`.
///
/// The constant of the type itself is found first; [`UnknownType`] has one for each type that lacks it.
#[derive(Debug)]
pub struct TypeOf<V: ?Sized>(PhantomData<V>);

impl<V: StoredAs + ?Sized> TypeOf<V> {
    /// What is known of it.
    pub const STORED: FieldType = V::STORED;
}

/// What is said of a type that says nothing itself.
pub trait UnknownType {
    /// That nothing is known.
    const STORED: FieldType = FieldType::UNKNOWN;
}

impl<V: ?Sized> UnknownType for TypeOf<V> {}

impl<K: Key> StoredAs for K {
    const STORED: FieldType = FieldType::of(match K::TYPE {
        AttributeType::S => StoredType::S,
        AttributeType::N => StoredType::N,
        AttributeType::B => StoredType::B,
    });
}

impl<V: StoredAs> StoredAs for Option<V> {
    const STORED: FieldType = V::STORED.optional();
}

/// An empty set is an absent attribute, and is read from one.
impl<K: Key> StoredAs for Set<K> {
    const STORED: FieldType = FieldType::of(match K::TYPE {
        AttributeType::S => StoredType::Ss,
        AttributeType::N => StoredType::Ns,
        AttributeType::B => StoredType::Bs,
    })
    .optional();
}

macro_rules! stored_as {
    ($($stored:ident: $([$($parameter:tt)*] $type:ty),* $(,)?;)*) => {$($(
        impl<$($parameter)*> StoredAs for $type {
            const STORED: FieldType = FieldType::of(StoredType::$stored);
        }
    )*)*};
}

stored_as! {
    S: [] char, [] Cow<'static, str>;
    N: [] f32, [] f64, [] u128, [] i128;
    Bool: [] bool;
    L: [V] Vec<V>, [V] VecDeque<V>, [V, const N: usize] [V; N], [V] BTreeSet<V>, [V, S] HashSet<V, S>,
       [A, B] (A, B), [A, B, C] (A, B, C);
    M: [K, V] BTreeMap<K, V>, [K, V, S] HashMap<K, V, S>;
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    /// A type of which only serde knows what it becomes.
    struct Opaque;

    macro_rules! check {
        ($($type:ty => $stored:ident $optional:literal;)*) => {$(
            let expected = FieldType { stored: StoredType::$stored, optional: $optional };
            assert_eq!(TypeOf::<$type>::STORED, expected, stringify!($type));
        )*};
    }

    #[test]
    fn a_type_says_how_it_is_stored_and_an_unknown_one_says_that_it_does_not() {
        check! {
            String => S false;
            u64 => N false;
            Bytes => B false;
            bool => Bool false;
            Option<f64> => N true;
            Vec<Opaque> => L false;
            Option<HashMap<String, Opaque>> => M true;
            Set<u32> => Ns true;
            Opaque => Any false;
            Option<Opaque> => Any false;
        }
    }
}
