use serde::{Deserialize, Serialize};

use crate::HttpMethod;

/// Actions on one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Permission {
    /// What they are on.
    pub resource: Resource,
    /// IAM's names, `dynamodb:GetItem`, sorted.
    pub actions: Vec<String>,
    /// Only on items whose partition key fits one of these patterns, `CUSTOMER#*`; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leading_keys: Vec<String>,
}

impl Permission {
    /// The condition of its statement in a policy, if it has one.
    ///
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html>
    pub fn condition(&self) -> Option<serde_json::Value> {
        let patterns = (!self.leading_keys.is_empty()).then_some(&self.leading_keys)?;
        Some(serde_json::json!({"ForAllValues:StringLike": {"dynamodb:LeadingKeys": patterns}}))
    }
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
    /// The value of a secret of the application.
    Secret {
        /// The secret's name.
        secret: String,
    },
    /// The connections of a WebSocket API.
    Connections {
        /// The API's name.
        api: String,
        /// What is done to them: `POST` sends, `GET` asks, `DELETE` closes.
        method: HttpMethod,
    },
    /// What an `allow("action", "resource")` names.
    Arn {
        /// The ARN; CloudFormation's `${AWS::Region}`, `${AWS::AccountId}` and `${AWS::Partition}` are filled in.
        arn: String,
    },
}
