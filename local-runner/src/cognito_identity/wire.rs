use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::error::Error;

/// Reads a request. A member that Cognito has and we do not emulate is refused, not ignored.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        let message = error.to_string();
        match message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next()) {
            Some(member) => Error::NotEmulated(format!("The parameter {member}")),
            None => Error::Validation(message),
        }
    })
}

pub(super) fn value(output: impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(output).map_err(|error| Error::Validation(error.to_string()))
}

pub(super) fn answer(result: Result<Value, Error>, request_id: &str) -> Response<Bytes> {
    let (status, error, body) = match result {
        Ok(body) => (StatusCode::OK, None, body),
        Err(error) => {
            let body = json!({ "__type": error.code(), "message": error.to_string() });
            (StatusCode::BAD_REQUEST, Some(error.code()), body)
        }
    };
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let expose = "x-amzn-requestid,x-amzn-errortype,x-amzn-errormessage,date";
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(expose));
    for (name, text) in [("x-amzn-requestid", Some(request_id)), ("x-amzn-errortype", error)] {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(text).ok()) {
            headers.insert(name, value);
        }
    }
    response
}
