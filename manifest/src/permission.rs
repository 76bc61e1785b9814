use serde::{Deserialize, Serialize};

/// Actions on one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// What they are on.
    pub resource: Resource,
    /// IAM's names, `dynamodb:GetItem`, sorted.
    pub actions: Vec<String>,
}

/// What a permission is on. There is no "everything".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Resource {
    /// A table of the application, without its indexes.
    Table {
        /// The table's name.
        table: String,
    },
    /// One index of a table.
    Index {
        /// The table's name.
        table: String,
        /// The index's name.
        index: String,
    },
    /// What an `allow("action", "resource")` names.
    Arn {
        /// The ARN; CloudFormation's `${AWS::Region}`, `${AWS::AccountId}` and `${AWS::Partition}` are filled in.
        arn: String,
    },
}
