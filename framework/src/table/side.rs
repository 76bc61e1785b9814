use aws_sdk_dynamodb::types::AttributeValue;
use skyloom_manifest::AttributeType;

use super::{
    item::{Item, ItemError},
    key::Parts,
    template::Template,
};

/// How one side of a key, its partition key or its sort key, is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Its one part is this attribute.
    Attribute(&'static str),
    /// Each part is an attribute of its own, which only global indexes have.
    Attributes(&'static [&'static str]),
    /// This attribute is made of all parts.
    Template(&'static str, Template),
}

impl Side {
    /// The attributes of these parts, all there are.
    pub(super) fn write(&self, parts: Parts) -> Result<Vec<(&'static str, AttributeValue)>, ItemError> {
        Ok(match self {
            Self::Attribute(name) => parts.into_iter().map(|part| (*name, part)).collect(),
            Self::Attributes(names) => names.iter().copied().zip(parts).collect(),
            Self::Template(name, template) => vec![(*name, AttributeValue::S(template.render(&parts)?))],
        })
    }

    /// The parts of a key, by the attributes of the fields.
    pub(super) fn parse(&self, key: &Item) -> Result<Vec<(&'static str, AttributeValue)>, ItemError> {
        match self {
            Self::Attribute(name) => Ok(key.get(*name).map(|value| (*name, value.clone())).into_iter().collect()),
            Self::Attributes(names) => {
                Ok(names.iter().filter_map(|name| Some((*name, key.get(*name)?.clone()))).collect())
            }
            Self::Template(name, template) => match key.get(*name) {
                Some(AttributeValue::S(text)) => template.parse(text).map_err(|error| error.in_field(name)),
                _ => Err(ItemError::new(format!("the item has no string `{name}`, which is its key"))),
            },
        }
    }

    /// What it is declared with: its attributes and their types.
    pub(crate) fn columns(&self, types: &[AttributeType]) -> Vec<(&'static str, AttributeType)> {
        match self {
            Self::Attribute(name) => types.iter().map(|kind| (*name, *kind)).collect(),
            Self::Attributes(names) => names.iter().copied().zip(types.iter().copied()).collect(),
            Self::Template(name, _) => vec![(*name, AttributeType::S)],
        }
    }

    /// Whether keys of both can be the same or one begin with what the other does, as far as their fixed texts say.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let (own, others) = (self.literal(), other.literal());
        own.starts_with(others) || others.starts_with(own)
    }

    /// The template as the user wrote it, with the names of the attributes.
    pub(crate) fn template(&self) -> Option<String> {
        match self {
            Self::Template(_, template) => Some(template.to_string()),
            Self::Attribute(_) | Self::Attributes(_) => None,
        }
    }

    /// The text that every key begins with.
    pub(crate) const fn literal(&self) -> &'static str {
        match self {
            Self::Template(_, template) => template.literal(),
            Self::Attribute(_) | Self::Attributes(_) => "",
        }
    }

    /// The attribute that an error names.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Attribute(name) | Self::Template(name, _) => name,
            Self::Attributes(names) => names.first().copied().unwrap_or_default(),
        }
    }

    /// The type of its first attribute.
    pub(crate) fn kind(&self, types: &[AttributeType]) -> AttributeType {
        self.columns(types).first().map_or(AttributeType::S, |(_, kind)| *kind)
    }

    /// Whether it is the same in each key.
    pub(super) fn is_constant(&self) -> bool {
        matches!(self, Self::Template(_, template) if template.attributes().next().is_none())
    }
}
