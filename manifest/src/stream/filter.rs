use serde::{Deserialize, Serialize};

/// A filter of records: all its terms must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StreamFilter {
    /// What must hold.
    pub terms: Vec<Term>,
}

/// One condition on a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Term {
    /// What happened: `INSERT`, `MODIFY` or `REMOVE`.
    Event {
        /// One of these.
        names: Vec<String>,
    },
    /// An attribute of the item before or after, or of its key.
    Attribute {
        /// Before or after the change, or the key.
        image: Image,
        /// The attribute's name as stored.
        attribute: String,
        /// The way into the attribute, if it is a map.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        within: Vec<String>,
        /// What it must be.
        test: Test,
    },
    /// One of several must hold.
    Any {
        /// Of each, all terms.
        of: Vec<StreamFilter>,
    },
}

/// The part of a record that has an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Image {
    /// The item after the change.
    New,
    /// The item before the change.
    Old,
    /// The item's key.
    Key,
}

/// The types of attributes that a filter can test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FilterKind {
    /// `S`
    String,
    /// `N`
    Number,
    /// `BOOL`
    Bool,
    /// `B`
    Binary,
}

/// What an attribute must be. What is not there is none of it, except [`NotExists`](Self::NotExists).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Test {
    /// A string, one of these.
    String {
        /// The strings.
        equals: Vec<String>,
    },
    /// A number, one of these, in decimal as DynamoDB writes it.
    Number {
        /// The numbers.
        equals: Vec<String>,
    },
    /// A boolean.
    Bool {
        /// Which.
        equals: bool,
    },
    /// A string that begins with one of these.
    Prefix {
        /// The beginnings.
        of: Vec<String>,
    },
    /// A string that ends with one of these.
    Suffix {
        /// The ends.
        of: Vec<String>,
    },
    /// A string, one of these in capitals or not.
    EqualsIgnoreCase {
        /// The strings.
        to: Vec<String>,
    },
    /// A value of that type that the test does not hold for. It is of strings or numbers, and not negated itself.
    AnythingBut {
        /// The test.
        test: Box<Self>,
    },
    /// A number within bounds. Lambda lets all numbers through, since its filters have a number of DynamoDB as text;
    /// the function looks at the bounds before the handler runs.
    Numeric {
        /// All of these.
        bounds: Vec<Bound>,
    },
    /// A value of that type is there.
    Exists {
        /// The type.
        kind: FilterKind,
    },
    /// No value of that type is there.
    NotExists {
        /// The type.
        kind: FilterKind,
    },
}

impl Test {
    /// The type of attribute that is tested.
    pub fn kind(&self) -> FilterKind {
        match self {
            Self::String { .. } | Self::Prefix { .. } | Self::Suffix { .. } | Self::EqualsIgnoreCase { .. } => {
                FilterKind::String
            }
            Self::Number { .. } | Self::Numeric { .. } => FilterKind::Number,
            Self::Bool { .. } => FilterKind::Bool,
            Self::AnythingBut { test } => test.kind(),
            Self::Exists { kind } | Self::NotExists { kind } => *kind,
        }
    }
}

/// A bound of a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// On which side of it.
    pub is: Comparison,
    /// The bound, in decimal.
    pub than: String,
}

/// How a number is compared with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}
