use serde::{Deserialize, Serialize};

use crate::Throttle;

/// What a route lets through to its function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Guards {
    /// How many requests, whoever sends them; without it as many as the API's routes take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle: Option<Throttle>,
    /// How long the API answers in the function's place with what the function answered before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<RouteCache>,
}

/// A reply that the API keeps.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RouteCache {
    /// For how many seconds, 1 to 3,600.
    pub ttl: u32,
    /// Parameters of the query string by which replies are told apart, beside those that the arguments name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<String>,
    /// Headers by which replies are told apart, beside those that the arguments name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<String>,
    /// Whether all whom the route lets in may have the same reply.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
}
