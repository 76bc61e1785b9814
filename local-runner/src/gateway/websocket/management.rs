//! The management API, by which a backend sends to connections: `POST`, `GET` and `DELETE` of `@connections/{id}`.
//!
//! <https://docs.aws.amazon.com/apigatewayManagementApi/latest/APIReference/welcome.html>

use std::time::SystemTime;

use base64::{Engine, engine::general_purpose::URL_SAFE};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::json;
use skyloom_manifest::HttpMethod;

use super::{
    MESSAGE_LIMIT,
    connections::{Closing, Connections, Described, Unsent},
};
use crate::gateway::encoding;

/// What a request to the management API is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The id of the API, where the request names it: by its host or its path.
    pub(crate) api_id: Option<String>,
    /// The name of the API that the connection belongs to.
    pub(crate) api: Option<String>,
    pub(crate) method: HttpMethod,
    pub(crate) connection_id: String,
}

const MARK: &str = "@connections/";

/// What the request is about, if it is one to the management API: at the API's own host, `/default/@connections/…`, or at an endpoint
/// that several APIs share, `/a1b2c3d4e5/default/@connections/…`, where the API can be left out.
pub(crate) fn target<B>(request: &Request<B>, connections: &Connections) -> Option<Target> {
    let path = encoding::decode(request.uri().path())?;
    let (before, connection_id) = path.strip_prefix('/')?.split_once(MARK)?;
    let method = match *request.method() {
        Method::GET => HttpMethod::Get,
        Method::POST => HttpMethod::Post,
        Method::DELETE => HttpMethod::Delete,
        _ => return None,
    };
    let parts: Vec<_> = before.split('/').filter(|part| !part.is_empty()).collect();
    let of_path = match parts.as_slice() {
        [] | [_] => None,
        [api_id, ..] => Some((*api_id).to_owned()),
    };
    Some(Target {
        api_id: of_path.or_else(|| of_host(request)),
        api: connections.api_of(connection_id),
        method,
        connection_id: connection_id.to_owned(),
    })
}

/// `a1b2c3d4e5` of `a1b2c3d4e5.execute-api.us-east-1.amazonaws.com`
fn of_host<B>(request: &Request<B>) -> Option<String> {
    let header = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let host = header.or_else(|| request.uri().host())?;
    let (api_id, rest) = host.split_once('.')?;
    rest.starts_with("execute-api.").then(|| api_id.to_owned())
}

/// Answers a caller who may.
pub(crate) fn handle(connections: &Connections, target: &Target, body: &Bytes, now: SystemTime) -> Response<Bytes> {
    let id = &target.connection_id;
    if !is_id(id) {
        let message = format!("Invalid connectionId: {id}");
        return refused(StatusCode::BAD_REQUEST, "BadRequestException", &json!({ "message": message }).to_string());
    }
    match target.method {
        HttpMethod::Post if body.len() > MESSAGE_LIMIT => {
            let body = json!({ "message": "Message too long" }).to_string();
            refused(StatusCode::PAYLOAD_TOO_LARGE, "PayloadTooLargeException", &body)
        }
        HttpMethod::Post => {
            let text = String::from_utf8_lossy(body).into_owned();
            match connections.send(id, text, now) {
                Ok(()) => answered(StatusCode::OK, String::new()),
                Err(Unsent::Gone) => gone(),
                Err(Unsent::Full) => refused(StatusCode::TOO_MANY_REQUESTS, "LimitExceededException", ""),
            }
        }
        HttpMethod::Delete if connections.describe(id).is_some() => {
            connections.close(id, Closing::NORMAL);
            answered(StatusCode::NO_CONTENT, String::new())
        }
        _ => match connections.describe(id) {
            Some(described) => answered(StatusCode::OK, description(&described)),
            None => gone(),
        },
    }
}

/// What a gateway made: `BFaVtfGSIAMCKug=`.
fn is_id(text: &str) -> bool {
    URL_SAFE.decode(text).is_ok_and(|bytes| bytes.len() == 11)
}

fn description(of: &Described) -> String {
    let time = |time: SystemTime| Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH).to_string();
    json!({
        "connectedAt": time(of.info.connected_at),
        "identity": { "sourceIp": of.info.source_ip, "userAgent": of.info.user_agent },
        "lastActiveAt": time(of.last_active),
    })
    .to_string()
}

/// Without a body, so that SDKs show no message.
pub(crate) fn gone() -> Response<Bytes> {
    refused(StatusCode::GONE, "GoneException", "")
}

fn refused(status: StatusCode, code: &'static str, body: &str) -> Response<Bytes> {
    let mut response = answered(status, body.to_owned());
    response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(code));
    response
}

fn answered(status: StatusCode, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
