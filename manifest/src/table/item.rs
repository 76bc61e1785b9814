use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The attributes of a kind of item, as far as the struct's fields tell: what a reader expects of items that are stored.
///
/// The fields of which a template makes the table's key are not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ItemShape {
    /// How each is stored, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, StoredType>,
    /// Those without which an item can be read too.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub optional: BTreeSet<String>,
    /// Other names that are read, each with the attribute that it stands for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, String>,
    /// Whether there may be others, which a flattened field has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
}

/// How the values of a field are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum StoredType {
    /// A string.
    S,
    /// A number.
    N,
    /// Bytes.
    B,
    /// `true` or `false`.
    Bool,
    /// A list.
    L,
    /// A map: a document, or entries whose names are known at run time.
    M,
    /// A set of strings.
    Ss,
    /// A set of numbers.
    Ns,
    /// A set of bytes.
    Bs,
    /// What its type's `Serialize` makes of it, which only a run can tell.
    #[serde(rename = "any")]
    Any,
}

impl StoredType {
    /// The letters that DynamoDB's API has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
            Self::Bool => "BOOL",
            Self::L => "L",
            Self::M => "M",
            Self::Ss => "SS",
            Self::Ns => "NS",
            Self::Bs => "BS",
            Self::Any => "any",
        }
    }

    /// Whether it is a list or a set, which are read alike and written differently.
    pub const fn has_elements(self) -> bool {
        matches!(self, Self::L | Self::Ss | Self::Ns | Self::Bs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_written_as_dynamodb_calls_it() {
        use StoredType as T;
        for kind in [T::S, T::N, T::B, T::Bool, T::L, T::M, T::Ss, T::Ns, T::Bs, T::Any] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }

    #[test]
    fn a_shape_says_no_more_than_it_has_to() {
        let shape = ItemShape { attributes: BTreeMap::from([("id".into(), StoredType::S)]), ..ItemShape::default() };
        assert_eq!(serde_json::to_string(&shape).unwrap(), r#"{"attributes":{"id":"S"}}"#);
    }
}
