use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use super::{constraint, error::Error};

/// Reads a request. A member that Cognito has and we do not emulate is refused, not ignored.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        let message = error.to_string();
        let named = |kind: &str| message.strip_prefix(kind).and_then(|rest| rest.split('`').next());
        if let Some(member) = named("missing field `") {
            return constraint::missing(member);
        }
        if let Some(member) = named("unknown field `") {
            return Error::NotEmulated(member.into());
        }
        Error::Serialization(message)
    })
}

pub(super) fn answer(result: Result<impl Serialize, Error>, request_id: &str) -> Response<Bytes> {
    let body =
        result.and_then(|output| serde_json::to_vec(&output).map_err(|error| Error::Serialization(error.to_string())));
    let (status, error, body) = match body {
        Ok(body) => (StatusCode::OK, None, body),
        Err(error) => {
            let body = json!({ "__type": error.code(), "message": error.to_string() });
            (StatusCode::BAD_REQUEST, Some(error), body.to_string().into_bytes())
        }
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
    let mut texts = vec![("x-amzn-requestid", request_id.to_owned())];
    if let Some(error) = error {
        texts.push(("x-amzn-errortype", format!("{}:", error.code())));
        texts.push(("x-amzn-errormessage", error.to_string().trim_end().to_owned()));
    }
    for (name, text) in texts {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
    allow_browsers(&mut response);
    response
}

/// The answer to a browser that asks whether a page may call: Cognito lets every page.
pub(super) fn preflight() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST,GET"));
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "authorization,cache-control,content-type,x-amz-date,x-amz-security-token,x-amz-target,x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request",
        ),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("172800"));
    allow_browsers(&mut response);
    response
}

pub(super) fn allow_browsers(response: &mut Response<Bytes>) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("x-amzn-requestid,x-amzn-errortype,x-amzn-errormessage,date"),
    );
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "PascalCase", deny_unknown_fields)]
    #[expect(dead_code, reason = "it is only parsed")]
    struct Input {
        client_id: String,
    }

    fn refused(body: &str) -> String {
        let error = parse::<Input>(body.as_bytes()).unwrap_err();
        format!("{}: {error}", error.code())
    }

    #[test]
    fn a_member_that_is_not_emulated_is_named() {
        assert_eq!(
            refused(r#"{"ClientId":"a","SecretHash":"b"}"#),
            "InvalidParameterException: SecretHash: this is not emulated"
        );
    }

    #[test]
    fn a_missing_member_is_named_as_cognito_names_it() {
        assert_eq!(
            refused("{}"),
            "InvalidParameterException: 1 validation error detected: Value at 'clientId' failed to satisfy constraint: Member must not be null"
        );
    }

    #[test]
    fn what_is_not_json_is_a_serialization_exception() {
        assert!(refused("{").starts_with("SerializationException: "));
        assert!(refused(r#"{"ClientId":1}"#).starts_with("SerializationException: "));
    }

    #[test]
    fn an_error_is_in_the_body_and_in_the_headers() {
        let response = answer(Err::<(), _>(Error::IncorrectPassword), "a-request");
        assert_eq!(response.status(), 400);
        assert_eq!(response.headers()["x-amzn-errortype"], "NotAuthorizedException:");
        assert_eq!(response.headers()["x-amzn-requestid"], "a-request");
        assert_eq!(
            response.body(),
            r#"{"__type":"NotAuthorizedException","message":"Incorrect username or password."}"#
        );
    }
}
