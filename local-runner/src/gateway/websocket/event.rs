mod headers;
mod identity;

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::Request;
use serde::Serialize;
use serde_json::{Map, Value};
use skyloom_manifest::{IdentitySource, SocketRoute};

use self::{
    headers::{handed_on, of_the_end},
    identity::Identity,
};
use super::{
    connections::{Closing, Info},
    refusal::Refusal,
};
use crate::{
    access::Context,
    gateway::{Settings, encoding, event::common_log_time, signed},
    site::SOCKET_STAGE,
};

/// What a function is told, with the members of events that the tests of Powertools for AWS Lambda recorded on AWS.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_value_headers: Option<Lists>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query_string_parameters: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multi_value_query_string_parameters: Option<Lists>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    stage_variables: &'a BTreeMap<String, String>,
    request_context: RequestContext<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    is_base64_encoded: bool,
}

/// What an authorizer is asked when a connection begins.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Question<'a> {
    r#type: &'static str,
    pub(super) method_arn: String,
    headers: BTreeMap<String, String>,
    multi_value_headers: Lists,
    query_string_parameters: BTreeMap<String, String>,
    multi_value_query_string_parameters: Lists,
    stage_variables: &'a BTreeMap<String, String>,
    request_context: RequestContext<'a>,
    /// What conditions of its policy see.
    #[serde(skip)]
    pub(super) context: Context,
}

type Lists = BTreeMap<String, Vec<String>>;

/// What has happened.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'a> {
    Connect(&'a Request<Bytes>),
    Message { route: &'a str, message_id: &'a str, text: &'a str },
    Disconnect(&'a Closing),
}

/// When it happened, and as what.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) time: SystemTime,
    pub(super) request_id: String,
    pub(super) trace_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RequestContext<'a> {
    route_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnect_status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorizer: Option<&'a Map<String, Value>>,
    event_type: &'static str,
    extended_request_id: String,
    request_time: String,
    message_direction: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    disconnect_reason: Option<&'a str>,
    stage: &'static str,
    connected_at: u64,
    request_time_epoch: u64,
    identity: Identity<'a>,
    request_id: String,
    domain_name: &'a str,
    connection_id: &'a str,
    api_id: &'a str,
}

impl<'a> Event<'a> {
    pub(super) fn new(site: &'a Settings, info: &'a Info, at: &Moment, kind: Kind<'a>) -> Self {
        let headers = match kind {
            Kind::Connect(request) => Some(handed_on(request, site, info, at, false)),
            Kind::Message { .. } => None,
            Kind::Disconnect(_) => Some(of_the_end(site)),
        };
        let query = match kind {
            Kind::Connect(request) => Some(query(request)).filter(|query| !query.is_empty()),
            Kind::Message { .. } | Kind::Disconnect(_) => None,
        };
        Self {
            headers: headers.as_ref().map(last),
            multi_value_headers: headers,
            query_string_parameters: query.as_ref().map(last),
            multi_value_query_string_parameters: query,
            stage_variables: &site.variables,
            request_context: RequestContext::new(site, info, at, kind),
            body: if let Kind::Message { text, .. } = kind { Some(text) } else { None },
            is_base64_encoded: false,
        }
    }

    pub(super) fn to_bytes(&self) -> Result<Bytes, Refusal> {
        serde_json::to_vec(self).map(Bytes::from).map_err(|_| Refusal::InternalServerError)
    }
}

impl<'a> Question<'a> {
    pub(super) fn new(site: &'a Settings, info: &'a Info, at: &Moment, request: &'a Request<Bytes>) -> Self {
        let (headers, query) = (handed_on(request, site, info, at, true), query(request));
        Self {
            r#type: "REQUEST",
            method_arn: format!("{}/{SOCKET_STAGE}/{}", site.execute_api_arn, SocketRoute::CONNECT),
            headers: last(&headers),
            multi_value_headers: headers,
            query_string_parameters: last(&query),
            multi_value_query_string_parameters: query,
            stage_variables: &site.variables,
            request_context: RequestContext::new(site, info, at, Kind::Connect(request)),
            context: signed::context(site, info.source_ip, info.user_agent.as_deref()).with_time(at.time),
        }
    }

    /// Whether the client sent what an authorizer knows it by.
    pub(super) fn has(&self, source: &IdentitySource) -> bool {
        let value = match source {
            IdentitySource::Context(name) if name == "identity.sourceIp" => return true,
            IdentitySource::Header(name) => self.header(name),
            IdentitySource::Query(name) => self.query_string_parameters.get(name).map(String::as_str),
            IdentitySource::StageVariable(name) => self.stage_variables.get(name).map(String::as_str),
            IdentitySource::Context(name) => match name.as_str() {
                "connectionId" => Some(self.request_context.connection_id),
                "domainName" => Some(self.request_context.domain_name),
                "identity.userAgent" => self.request_context.identity.user_agent,
                "routeKey" => Some(self.request_context.route_key),
                "stage" => Some(self.request_context.stage),
                _ => None,
            },
        };
        value.is_some_and(|value| !value.is_empty())
    }

    /// A header's value; `name` in any case.
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl<'a> RequestContext<'a> {
    fn new(site: &'a Settings, info: &'a Info, at: &Moment, kind: Kind<'a>) -> Self {
        let (route_key, event_type) = match kind {
            Kind::Connect(_) => (SocketRoute::CONNECT, "CONNECT"),
            Kind::Message { route, .. } => (route, "MESSAGE"),
            Kind::Disconnect(_) => (SocketRoute::DISCONNECT, "DISCONNECT"),
        };
        let closing = if let Kind::Disconnect(closing) = kind { Some(closing) } else { None };
        Self {
            route_key,
            disconnect_status_code: closing.map(|closing| closing.code),
            message_id: if let Kind::Message { message_id, .. } = kind { Some(message_id) } else { None },
            authorizer: info.authorizer.as_ref(),
            event_type,
            extended_request_id: at.request_id.clone(),
            request_time: common_log_time(at.time.duration_since(UNIX_EPOCH).unwrap_or_default()),
            message_direction: "IN",
            disconnect_reason: closing.map(|closing| closing.reason.as_str()),
            stage: SOCKET_STAGE,
            connected_at: millis(info.connected_at),
            request_time_epoch: millis(at.time),
            identity: Identity::of(info),
            request_id: at.request_id.clone(),
            domain_name: &site.domain_name,
            connection_id: &info.id,
            api_id: &site.api_id,
        }
    }
}

fn query(request: &Request<Bytes>) -> Lists {
    let mut parameters = Lists::new();
    for (name, value) in encoding::query_pairs(request.uri().query().unwrap_or_default()) {
        parameters.entry(name).or_default().push(value);
    }
    parameters
}

/// Each with its last value.
fn last(lists: &Lists) -> BTreeMap<String, String> {
    lists.iter().filter_map(|(name, values)| Some((name.clone(), values.last()?.clone()))).collect()
}

fn millis(time: SystemTime) -> u64 {
    u64::try_from(time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
