//! Routes that API Gateway answers without a function.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Auth, Destination, HttpMethod, Permission, Resource, SourceLocation};

/// A route without a function: one `#[derive(Route)]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Integration {
    /// The Rust type's name, unique among integrations.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub source: SourceLocation,
    /// The name of its API.
    pub api: String,
    /// `GET`, `POST`, …, or `ANY`.
    pub method: HttpMethod,
    /// As of a function's route.
    pub path: String,
    /// Who may call.
    pub auth: Auth,
    /// What answers.
    pub target: Target,
}

/// What answers a request without a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Target {
    /// Another server, which gets the request and whose answer is handed back.
    Http {
        /// Where it is; `{name}` in its path stands for a parameter of the route's.
        url: String,
    },
    /// The API itself, always with the same words; a REST API.
    Answer {
        /// 200 to 599.
        status: u16,
        /// Headers of the answer.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
        /// The body.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    /// An SQS queue, which gets the body as a message.
    Queue {
        /// Which one: a queue, or the ARN of one.
        queue: Destination,
    },
    /// A table, into which the members of the JSON body are written as an item; of a REST API.
    Put {
        /// The table's name.
        table: String,
        /// Attributes that the request does not choose, each with what it becomes: `$context.requestId`.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        set: BTreeMap<String, String>,
        /// Whether an item of the same key is overwritten; without, it is left alone and the request refused.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        replace: bool,
    },
}

impl Integration {
    /// What the API may do in AWS to answer, with a role of this integration's own.
    pub fn permissions(&self) -> Vec<Permission> {
        let permission = |resource, action: &str| Permission {
            resource,
            actions: vec![action.to_owned()],
            leading_keys: Vec::new(),
        };
        match &self.target {
            Target::Put { table, .. } => {
                vec![permission(Resource::Table { table: table.clone() }, "dynamodb:PutItem")]
            }
            // The queue may be one of the application's, of which a permission knows no name.
            Target::Http { .. } | Target::Answer { .. } | Target::Queue { .. } => Vec::new(),
        }
    }

    /// The queue that it sends to.
    pub const fn queue(&self) -> Option<&Destination> {
        match &self.target {
            Target::Queue { queue } => Some(queue),
            Target::Http { .. } | Target::Answer { .. } | Target::Put { .. } => None,
        }
    }
}

impl Target {
    /// What is written for it in `#[route(…)]`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Http { .. } => "http",
            Self::Answer { .. } => "answer",
            Self::Queue { .. } => "queue",
            Self::Put { .. } => "put",
        }
    }

    /// Whether only a REST API has it.
    pub const fn is_of_rest(&self) -> bool {
        matches!(self, Self::Answer { .. } | Self::Put { .. })
    }
}
