use skyloom_manifest::ItemShape;

use crate::table::FieldType;

/// The attributes of an item, as its struct has them.
#[derive(Clone, Copy, Debug)]
pub struct ItemEntry {
    pub attributes: &'static [AttributeEntry],
    /// Whether there may be others, because a field is flattened.
    pub open: bool,
}

/// An attribute.
#[derive(Clone, Copy, Debug)]
pub struct AttributeEntry {
    name: &'static str,
    kind: FieldType,
    aliases: &'static [&'static str],
}

impl AttributeEntry {
    /// A field that is stored under this name.
    pub const fn of(name: &'static str, kind: FieldType) -> Self {
        Self { name, kind, aliases: &[] }
    }

    /// The same, without which an item can be read too.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { kind: self.kind.optional(), ..self }
    }

    /// The same, which is read under these names too.
    #[must_use]
    pub const fn read_as(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }
}

impl ItemEntry {
    pub(crate) fn to_manifest(self) -> ItemShape {
        let mut shape = ItemShape { open: self.open, ..ItemShape::default() };
        for AttributeEntry { name, kind, aliases } in self.attributes {
            shape.attributes.insert((*name).to_owned(), kind.stored);
            if kind.optional {
                shape.optional.insert((*name).to_owned());
            }
            shape.aliases.extend(aliases.iter().map(|alias| ((*alias).to_owned(), (*name).to_owned())));
        }
        shape
    }
}
