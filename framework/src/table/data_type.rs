use aws_sdk_dynamodb::types::AttributeValue;

/// How DynamoDB stores a value, for [`Attribute::is_type`](super::Attribute::is_type).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the type of DynamoDB of that name")]
pub enum DataType {
    String,
    StringSet,
    Number,
    NumberSet,
    Binary,
    BinarySet,
    Boolean,
    Null,
    List,
    Map,
}

impl DataType {
    /// DynamoDB's descriptor of it: `S`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "S",
            Self::StringSet => "SS",
            Self::Number => "N",
            Self::NumberSet => "NS",
            Self::Binary => "B",
            Self::BinarySet => "BS",
            Self::Boolean => "BOOL",
            Self::Null => "NULL",
            Self::List => "L",
            Self::Map => "M",
        }
    }

    /// That of a value; none of what a later version of DynamoDB may have.
    pub(super) fn of(value: &AttributeValue) -> Option<Self> {
        Some(match value {
            AttributeValue::S(_) => Self::String,
            AttributeValue::Ss(_) => Self::StringSet,
            AttributeValue::N(_) => Self::Number,
            AttributeValue::Ns(_) => Self::NumberSet,
            AttributeValue::B(_) => Self::Binary,
            AttributeValue::Bs(_) => Self::BinarySet,
            AttributeValue::Bool(_) => Self::Boolean,
            AttributeValue::Null(_) => Self::Null,
            AttributeValue::L(_) => Self::List,
            AttributeValue::M(_) => Self::Map,
            _ => return None,
        })
    }
}
