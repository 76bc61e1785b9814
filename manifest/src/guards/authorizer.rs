use std::fmt;

use serde::{Deserialize, Serialize};

use crate::PayloadFormat;

/// The header in which a token comes if nothing else is said.
const AUTHORIZATION: &str = "Authorization";

/// How an API asks an authorizer function, where it is not for a bearer token alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct AuthorizerOptions {
    /// What of a request says who calls. A request that lacks one of these is refused without asking, and an answer is reused
    /// for requests that are alike in all of them. Without a list it is the header `Authorization`; with an empty one
    /// the function is asked about every request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Vec<IdentitySource>>,
    /// The regular expression that a token has to match before a REST API asks about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<String>,
    /// Whether the function answers with a policy on several routes, to an HTTP API as well.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub policy: bool,
    /// The header that has the token, if it is not `Authorization`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_header: Option<String>,
    /// The form in which an HTTP API asks. In 1.0 the function always answers with a policy.
    #[serde(skip_serializing_if = "is_own_format")]
    pub payload: PayloadFormat,
}

fn is_own_format(format: &PayloadFormat) -> bool {
    *format == PayloadFormat::Two
}

impl AuthorizerOptions {
    /// What says who calls.
    pub fn sources(&self) -> Vec<IdentitySource> {
        self.identity.clone().unwrap_or_else(|| vec![IdentitySource::Header(self.token_header().into())])
    }

    /// The header that has the token.
    pub fn token_header(&self) -> &str {
        self.token_header.as_deref().unwrap_or(AUTHORIZATION)
    }

    /// Whether an HTTP API takes a policy for an answer.
    pub fn answers_with_policy(&self) -> bool {
        self.policy || self.payload == PayloadFormat::One
    }

    /// Whether a REST API tells the function of the token alone: its type `TOKEN`.
    pub const fn is_of_token(&self) -> bool {
        self.identity.is_none()
    }
}

/// A part of a request that says who calls.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>,
/// <https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum IdentitySource {
    /// A header.
    Header(String),
    /// A parameter of the query string.
    Query(String),
    /// A variable of the stage.
    StageVariable(String),
    /// A member of the request's context: `httpMethod`, `routeKey`.
    Context(String),
}

impl IdentitySource {
    /// As a REST API names it, `method.request.header.Authorization`.
    pub fn of_rest(&self) -> String {
        match self {
            Self::Header(name) => format!("method.request.header.{name}"),
            Self::Query(name) => format!("method.request.querystring.{name}"),
            Self::StageVariable(name) => format!("stageVariables.{name}"),
            Self::Context(name) => format!("context.{name}"),
        }
    }

    /// As an HTTP API names it, `$request.header.Authorization`.
    pub fn of_http(&self) -> String {
        match self {
            Self::Header(name) => format!("$request.header.{name}"),
            Self::Query(name) => format!("$request.querystring.{name}"),
            Self::StageVariable(name) => format!("$stageVariables.{name}"),
            Self::Context(name) => format!("$context.{name}"),
        }
    }

    /// As a WebSocket API names it, `route.request.header.Authorization`.
    pub fn of_websocket(&self) -> String {
        match self {
            Self::Header(name) => format!("route.request.header.{name}"),
            Self::Query(name) => format!("route.request.querystring.{name}"),
            Self::StageVariable(name) => format!("stageVariables.{name}"),
            Self::Context(name) => format!("context.{name}"),
        }
    }
}

impl fmt::Display for IdentitySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "the header `{name}`"),
            Self::Query(name) => write!(f, "the query parameter `{name}`"),
            Self::StageVariable(name) => write!(f, "the stage variable `{name}`"),
            Self::Context(name) => write!(f, "`{name}` of the context"),
        }
    }
}
