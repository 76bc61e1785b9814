use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::options::is_default;

/// What only a function behind an HTTP API can say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct HttpOptions {
    /// The form of its events and answers, where the API's is not wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<PayloadFormat>,
    /// What is changed of requests and replies on their way.
    #[serde(skip_serializing_if = "is_default")]
    pub parameters: ParameterMapping,
}

/// The form of the events and answers of an HTTP API's functions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PayloadFormat {
    /// As of REST APIs, with lists of values.
    #[serde(rename = "1.0")]
    One,
    /// An HTTP API's own.
    #[default]
    #[serde(rename = "2.0")]
    Two,
}

impl PayloadFormat {
    /// API Gateway's name for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "1.0",
            Self::Two => "2.0",
        }
    }
}

/// What an HTTP API changes of requests before, and of replies after a route's target sees them, in API Gateway's notation.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ParameterMapping {
    /// `append:header.x-tenant` → `$context.domainName`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub request: BTreeMap<String, String>,
    /// The same by the status of the reply.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub response: BTreeMap<u16, BTreeMap<String, String>>,
}
