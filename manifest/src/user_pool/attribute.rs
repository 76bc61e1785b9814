use serde::{Deserialize, Serialize};

use crate::rules::{self, DeclaredAttribute};

/// An attribute that a user pool has beside Cognito's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CustomAttribute {
    /// Its name without the `custom:` that Cognito puts before it.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub data_type: AttributeDataType,
    /// The fewest characters of a string, or the least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The most characters of a string, or the greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Whether it is set when the user is made, and never again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub immutable: bool,
    /// Whether users may set it themselves; otherwise an administrator does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub writable: bool,
}

impl CustomAttribute {
    /// Its name in operations and in tokens: `custom:plan`.
    pub fn full_name(&self) -> String {
        format!("{}{}", rules::CUSTOM_ATTRIBUTE, self.name)
    }

    /// The bounds of its values as Cognito has them: a string has some in any case.
    pub fn bounds(&self) -> (Option<i64>, Option<i64>) {
        let (least, most) = (*rules::ATTRIBUTE_LENGTH.start(), *rules::ATTRIBUTE_LENGTH.end());
        match self.data_type {
            AttributeDataType::String => (Some(self.min.unwrap_or(least)), Some(self.max.unwrap_or(most))),
            AttributeDataType::Number => (self.min, self.max),
            AttributeDataType::Boolean | AttributeDataType::DateTime => (None, None),
        }
    }

    /// Cognito's names of what bounds its values, which to Cognito are texts.
    pub fn constraints(&self) -> Option<(&'static str, Vec<(&'static str, String)>)> {
        let (constraints, min, max) = match self.data_type {
            AttributeDataType::String => ("StringAttributeConstraints", "MinLength", "MaxLength"),
            AttributeDataType::Number => ("NumberAttributeConstraints", "MinValue", "MaxValue"),
            AttributeDataType::Boolean | AttributeDataType::DateTime => return None,
        };
        let (least, most) = self.bounds();
        let said = [(min, least), (max, most)].into_iter().filter_map(|(name, bound)| Some((name, bound?.to_string())));
        Some((constraints, said.collect()))
    }

    /// What the rules of who writes it look at.
    pub fn declared(&self) -> DeclaredAttribute<'_> {
        DeclaredAttribute { name: &self.name, immutable: self.immutable, writable: self.writable }
    }
}

/// What the values of an attribute are. Operations and tokens have all of them as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AttributeDataType {
    /// Text.
    String,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A date with its time.
    DateTime,
}

impl AttributeDataType {
    /// Cognito's name of it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Number => "Number",
            Self::Boolean => "Boolean",
            Self::DateTime => "DateTime",
        }
    }
}
