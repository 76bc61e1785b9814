use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{GatewayResponse, SourceLocation};

/// An API of API Gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Api {
    /// Its name, unique in the application: the type's where there is one, otherwise [`Api::UNDECLARED`].
    pub name: String,
    /// Whether it is the API that routes belong to which name none. An application with APIs has exactly one, which
    /// keeps its place at AWS whatever others come and go.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    /// What kind of API it is, and what only that kind has.
    pub kind: ApiKind,
    /// Cross-origin rules; without them a browser of another origin is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<Cors>,
    /// How many requests each of its routes takes that says nothing itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttle: Option<Throttle>,
    /// Where it was declared, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceLocation>,
    /// The JSON schemas that those of its operations refer to, as `#/components/schemas/…`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub schemas: BTreeMap<String, Value>,
    /// Its stage variables, over which a stage of the application puts its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
}

impl Api {
    /// The name of the API of an application that declares none.
    pub const UNDECLARED: &'static str = "Api";

    /// The HTTP API of an application that declares none.
    pub fn undeclared() -> Self {
        Self {
            name: Self::UNDECLARED.into(),
            default: true,
            kind: ApiKind::Http,
            cors: None,
            throttle: None,
            source: None,
            schemas: BTreeMap::new(),
            variables: BTreeMap::new(),
        }
    }

    /// What only a REST API has; nothing for an API of another kind.
    pub const fn rest(&self) -> Option<&RestApi> {
        match &self.kind {
            ApiKind::Http => None,
            ApiKind::Rest(rest) => Some(rest),
            ApiKind::WebSocket(_) => None,
        }
    }

    /// What only a WebSocket API has; nothing for an API of another kind.
    pub const fn websocket(&self) -> Option<&WebSocketApi> {
        match &self.kind {
            ApiKind::WebSocket(websocket) => Some(websocket),
            ApiKind::Http | ApiKind::Rest(_) => None,
        }
    }
}

/// A kind of API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ApiKind {
    /// An HTTP API, payload format 2.0.
    Http,
    /// A REST API, payload format 1.0.
    Rest(RestApi),
    /// A WebSocket API.
    #[serde(rename = "websocket")]
    WebSocket(WebSocketApi),
}

/// What only a WebSocket API has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WebSocketApi {
    /// Which part of a message names its route: `$request.body.action`.
    pub route_selection: String,
}

/// What only a REST API has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RestApi {
    /// From where it is reached.
    pub endpoint: Endpoint,
    /// The media types whose bodies are bytes rather than text: `image/png`, `image/*`, `*/*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub binary_media_types: Vec<String>,
    /// From how many bytes on a reply is compressed for a client that takes it so, 0 to 10,485,760.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_compression: Option<u32>,
    /// Whether the API refuses requests that do not fit the types of the arguments.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub validate: bool,
    /// What a client with an API key may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_plan: Option<UsagePlan>,
    /// The size of the cache of replies in GB, `0.5` to `237`, for which is paid by the hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_size: Option<String>,
    /// What it answers in place of its own words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gateway_responses: Vec<GatewayResponse>,
    /// From which addresses it may be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<ResourcePolicy>,
}

/// From which addresses an API may be called: networks such as `203.0.113.0/24`, or single addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ResourcePolicy {
    /// From no others than these, if there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allow_ips: Vec<String>,
    /// Not from these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deny_ips: Vec<String>,
}

/// From where a REST API is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// From everywhere, in the API's region.
    #[default]
    Regional,
    /// From everywhere, through CloudFront's nearest place.
    Edge,
    /// From VPCs, through the endpoints that the stage names.
    Private,
}

impl Endpoint {
    /// API Gateway's name for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Regional => "REGIONAL",
            Self::Edge => "EDGE",
            Self::Private => "PRIVATE",
        }
    }
}

/// How much the client of an API key may use.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct UsagePlan {
    /// Requests a second, steadily, and at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttle: Option<Throttle>,
    /// Requests in a day, week or month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
}

/// How many requests are let through before they are answered with 429.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Throttle {
    /// Requests a second, steadily.
    pub rate: u32,
    /// Requests at once.
    pub burst: u32,
}

/// How many requests are let through in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Quota {
    /// So many requests.
    pub limit: u32,
    /// In this time.
    pub period: Period,
}

/// The time after which a quota begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the periods of a usage plan")]
pub enum Period {
    Day,
    Week,
    Month,
}

impl Period {
    /// API Gateway's name for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::Week => "WEEK",
            Self::Month => "MONTH",
        }
    }
}

/// Cross-origin resource sharing, which both kinds of API answer alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Cors {
    /// Origins that may call: `https://example.com`, `https://*` or `*`.
    pub origins: Vec<String>,
    /// Methods that may be used; `*` for all.
    pub methods: Vec<String>,
    /// Request headers that may be sent; `*` for all.
    pub headers: Vec<String>,
    /// Reply headers that a page may read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expose: Vec<String>,
    /// Whether cookies and authorization may be sent; not together with the origin `*`.
    #[serde(default)]
    pub credentials: bool,
    /// How long a browser may keep the answer of a preflight request, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
}
