use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::error::Error;

/// Reads a request. A member that Secrets Manager has and we do not emulate is refused, not ignored.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        let message = error.to_string();
        let named = |kind: &str| message.strip_prefix(kind).and_then(|rest| rest.split('`').next());
        if let Some(member) = named("missing field `") {
            return Error::InvalidParameter(format!("{member}: it has to be there"));
        }
        if let Some(member) = named("unknown field `") {
            return Error::NotEmulated(member.into());
        }
        // serde's own words might quote a value.
        Error::Serialization("the request is no JSON of the operation's input".into())
    })
}

/// An answer's JSON.
pub(super) fn output(output: impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(output).map_err(|error| Error::Serialization(error.to_string()))
}

pub(super) fn answer(result: Result<Value, Error>, request_id: &str) -> Response<Bytes> {
    let (status, body) = match result {
        Ok(output) => (StatusCode::OK, output),
        Err(error) => (StatusCode::BAD_REQUEST, json!({ "__type": error.code(), "Message": error.to_string() })),
    };
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
