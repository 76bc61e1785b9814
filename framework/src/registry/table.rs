//! What `#[derive(Table)]`, its indexes and `#[derive(Entity)]` register.

use skyloom_manifest::{AttributeType, StreamView};

use super::{IndexOptions, ItemEntry, Source, TableOptions};
use crate::{
    Table,
    table::{Entity, Index, IndexOf, KeyParts, KeyShape, SharedIndex, SharedTable, Side, entity_name, inverted},
};

/// A `#[derive(Table)]`.
#[derive(Debug)]
pub struct TableEntry {
    pub name: &'static str,
    pub source: Source,
    pub partition_key: KeyEntry,
    pub sort_key: Option<KeyEntry>,
    pub indexes: &'static [IndexEntry],
    pub stream: Option<StreamView>,
    pub ttl: Option<&'static str>,
    /// The attribute that says which entity an item is, of a table that entities share.
    pub discriminator: Option<&'static str>,
    /// What is known of its items.
    pub item: Option<ItemEntry>,
    pub options: TableOptions,
}

impl TableEntry {
    /// What the type says of itself. That a field cannot be a key is an error where the type says so, and not again here.
    pub const fn of<T: Table>(
        source: Source,
        indexes: &'static [IndexEntry],
        stream: Option<StreamView>,
        ttl: Option<&'static str>,
    ) -> Self {
        let (partition_key, sort_key) = KeyEntry::both::<T::Shape>(T::PARTITION, T::SORT);
        Self {
            name: T::NAME,
            source,
            partition_key,
            sort_key,
            indexes,
            stream,
            ttl,
            discriminator: None,
            item: None,
            options: TableOptions::DEFAULT,
        }
    }

    /// A table that entities share.
    pub const fn of_shared<T: SharedTable>(
        source: Source,
        indexes: &'static [IndexEntry],
        stream: Option<StreamView>,
        ttl: Option<&'static str>,
    ) -> Self {
        Self {
            name: T::NAME,
            source,
            partition_key: KeyEntry::text(T::PARTITION_KEY),
            sort_key: Some(KeyEntry::text(T::SORT_KEY)),
            indexes,
            stream,
            ttl,
            discriminator: Some(T::DISCRIMINATOR),
            item: None,
            options: TableOptions::DEFAULT,
        }
    }

    /// The same, of whose items this is known.
    #[must_use]
    pub const fn with_item(self, item: ItemEntry) -> Self {
        Self { item: Some(item), ..self }
    }

    /// The same, run in another way.
    #[must_use]
    pub const fn with_options(self, options: TableOptions) -> Self {
        Self { options, ..self }
    }
}

/// A `#[derive(Entity)]`.
#[derive(Debug)]
pub struct EntityEntry {
    /// What the discriminator says.
    pub kind: &'static str,
    pub table: &'static str,
    pub source: Source,
    pub partition: Side,
    pub sort: Side,
    /// What is known of its items.
    pub item: Option<ItemEntry>,
}

impl EntityEntry {
    /// What the type says of itself.
    pub const fn of<E: Entity>(source: Source) -> Self {
        let kind = entity_name::<E>();
        let (partition, sort) = (E::PARTITION, inverted::<E>());
        Self { kind, table: E::NAME, source, partition, sort, item: None }
    }

    /// The same, of whose items this is known.
    #[must_use]
    pub const fn with_item(self, item: ItemEntry) -> Self {
        Self { item: Some(item), ..self }
    }
}

/// An `#[index(…)]`.
#[derive(Debug)]
pub struct IndexEntry {
    pub name: &'static str,
    pub partition_key: KeyEntry,
    pub sort_key: Option<KeyEntry>,
    pub projection: ProjectionEntry,
    pub local: bool,
    pub options: IndexOptions,
}

impl IndexEntry {
    /// What the type says of itself.
    pub const fn of<I: IndexOf<<I as Index>::Item>>(projection: ProjectionEntry) -> Self {
        let (partition_key, sort_key) = KeyEntry::both::<I::Shape>(I::PARTITION, I::SORT);
        Self { name: I::NAME, partition_key, sort_key, projection, local: I::LOCAL, options: IndexOptions::DEFAULT }
    }

    /// An index of a table that entities share.
    pub const fn of_shared<I: SharedIndex>() -> Self {
        let sort_key = match I::SORT_KEY {
            Some(attribute) => Some(KeyEntry::text(attribute)),
            None => None,
        };
        let (partition_key, projection) = (KeyEntry::text(I::PARTITION_KEY), ProjectionEntry::All);
        Self { name: I::NAME, partition_key, sort_key, projection, local: I::LOCAL, options: IndexOptions::DEFAULT }
    }

    /// The same, run in another way.
    #[must_use]
    pub const fn with_options(self, options: IndexOptions) -> Self {
        Self { options, ..self }
    }
}

/// `projection = …` of an index.
#[derive(Clone, Copy, Debug)]
pub enum ProjectionEntry {
    All,
    KeysOnly,
    Include(&'static [&'static str]),
}

/// One side of a key.
#[derive(Clone, Copy, Debug)]
pub struct KeyEntry {
    pub side: Side,
    pub types: &'static [AttributeType],
}

impl KeyEntry {
    const fn both<S: KeyShape>(partition: Side, sort: Option<Side>) -> (Self, Option<Self>) {
        let partition = Self { side: partition, types: <S::Partition as KeyParts>::TYPES };
        match sort {
            Some(side) => (partition, Some(Self { side, types: S::SORT_TYPES })),
            None => (partition, None),
        }
    }

    const fn text(attribute: &'static str) -> Self {
        Self { side: Side::Attribute(attribute), types: &[AttributeType::S] }
    }

    /// The one attribute of a table's key, and its type.
    pub(crate) fn column(&self) -> (&'static str, AttributeType) {
        (self.side.name(), self.side.kind(self.types))
    }

    /// Its attributes and their types.
    pub(crate) fn columns(&self) -> Vec<(&'static str, AttributeType)> {
        self.side.columns(self.types)
    }
}
