use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// Makes the HTTP reply from what the function answered, as payload format 2.0 reads it: an object with a `statusCode`
/// is a reply with its parts, everything else is the body of one.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
pub(super) fn read(answer: Bytes) -> Result<Response<Bytes>, Refusal> {
    match serde_json::from_slice(&answer) {
        Ok(Value::Object(parts)) if parts.get("statusCode").is_some_and(|it| !it.is_null()) => from_parts(&parts),
        Ok(Value::String(text)) => Ok(inferred(text.into())),
        _ => Ok(inferred(answer)), // also what is no JSON, which a runtime of one's own may send
    }
}

/// The head of a reply whose body is still to come.
pub(super) fn head(head: &Value) -> Result<Response<Bytes>, Refusal> {
    let empty = Map::new();
    let parts = head.as_object().unwrap_or(&empty);
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = parts.get("statusCode").map_or(Ok(StatusCode::OK), status)?;
    *response.headers_mut() = headers(parts)?;
    for cookie in cookies(parts)? {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    let bytes = HeaderValue::from_static("application/octet-stream");
    response.headers_mut().entry(header::CONTENT_TYPE).or_insert(bytes);
    Ok(response)
}

fn inferred(body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A part of the wrong type spoils the reply.
pub(super) fn from_parts(parts: &Map<String, Value>) -> Result<Response<Bytes>, Refusal> {
    let mut response = Response::new(body(parts)?);
    *response.status_mut() = status(&parts["statusCode"])?;
    *response.headers_mut() = headers(parts)?;
    for cookie in cookies(parts)? {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().entry(header::CONTENT_TYPE).or_insert(text);
    Ok(response)
}

fn status(value: &Value) -> Result<StatusCode, Refusal> {
    let code = value.as_u64().and_then(|code| u16::try_from(code).ok()).filter(|code| (200..=599).contains(code));
    code.and_then(|code| StatusCode::from_u16(code).ok()).ok_or(Refusal::InternalServerError)
}

fn body(parts: &Map<String, Value>) -> Result<Bytes, Refusal> {
    let text = match parts.get("body") {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text,
        Some(_) => return Err(Refusal::InternalServerError),
    };
    match parts.get("isBase64Encoded") {
        None | Some(Value::Null | Value::Bool(false)) => Ok(Bytes::copy_from_slice(text.as_bytes())),
        Some(Value::Bool(true)) => STANDARD.decode(text).map(Bytes::from).map_err(|_| Refusal::InternalServerError),
        Some(_) => Err(Refusal::InternalServerError),
    }
}

fn headers(parts: &Map<String, Value>) -> Result<HeaderMap, Refusal> {
    let given = match parts.get("headers") {
        None | Some(Value::Null) => return Ok(HeaderMap::new()),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(Refusal::InternalServerError),
    };
    let mut headers = HeaderMap::with_capacity(given.len());
    for (name, value) in given {
        let name = HeaderName::try_from(name.as_str()).map_err(|_| Refusal::InternalServerError)?;
        let value = header_value(value)?;
        if !is_of_the_gateway(&name) {
            headers.append(name, value);
        }
    }
    Ok(headers)
}

fn header_value(value: &Value) -> Result<HeaderValue, Refusal> {
    let text = value.as_str().ok_or(Refusal::InternalServerError)?;
    HeaderValue::from_bytes(text.as_bytes()).map_err(|_| Refusal::InternalServerError)
}

/// Headers that the gateway writes itself, since it knows the connection and the body's length.
fn is_of_the_gateway(name: &HeaderName) -> bool {
    [header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::TRAILER, header::UPGRADE]
        .contains(name)
        || name == "apigw-requestid"
        || name == "keep-alive"
}

fn cookies(parts: &Map<String, Value>) -> Result<Vec<HeaderValue>, Refusal> {
    match parts.get("cookies") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(cookies)) => cookies.iter().map(header_value).collect(),
        Some(_) => Err(Refusal::InternalServerError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: &str, expected: &str) {
        let response = read(Bytes::copy_from_slice(answer.as_bytes())).unwrap_or_else(|refusal| refusal.response());
        let headers: Vec<_> =
            response.headers().iter().map(|(name, value)| format!("{name}={}", value.to_str().unwrap())).collect();
        let body = String::from_utf8_lossy(response.body());
        assert_eq!(format!("{} [{}] {body}", response.status().as_u16(), headers.join(", ")), expected, "{answer}");
    }

    const FAILED: &str = r#"500 [content-type=application/json] {"message":"Internal Server Error"}"#;

    #[test]
    fn a_reply_without_a_status_code_is_the_body_of_one() {
        // As the tests of AWS's own .NET Lambda test tool recorded it.
        check(r#"{"message":"hi"}"#, r#"200 [content-type=application/json] {"message":"hi"}"#);
        check(r#"{"body":"x","headers":{}}"#, r#"200 [content-type=application/json] {"body":"x","headers":{}}"#);
        check("[1, 2, 3]", "200 [content-type=application/json] [1, 2, 3]");
        check(r#""Hello, World!""#, "200 [content-type=application/json] Hello, World!");
        check(r#""""#, "200 [content-type=application/json] ");
        check("42", "200 [content-type=application/json] 42");
        check("null", "200 [content-type=application/json] null");
        check(r#"{"name": "John"#, r#"200 [content-type=application/json] {"name": "John"#);
    }

    #[test]
    fn a_reply_with_a_status_code_is_text_unless_it_says_otherwise() {
        check(r#"{"statusCode":200,"body":"Hello"}"#, "200 [content-type=text/plain; charset=utf-8] Hello");
        check(r#"{"statusCode":204}"#, "204 [content-type=text/plain; charset=utf-8] ");
        check(
            r#"{"statusCode":201,"headers":{"Content-Type":"application/xml","X-A":"b"},"body":"<a/>"}"#,
            "201 [content-type=application/xml, x-a=b] <a/>",
        );
    }

    #[test]
    fn each_cookie_is_a_header_of_its_own() {
        check(
            r#"{"statusCode":200,"headers":{"content-type":"a/b"},"cookies":["a=1; Path=/","b=2"]}"#,
            "200 [content-type=a/b, set-cookie=a=1; Path=/, set-cookie=b=2] ",
        );
    }

    #[test]
    fn a_base64_body_is_decoded() {
        let response = read(Bytes::from(r#"{"statusCode":200,"isBase64Encoded":true,"body":"AP/+"}"#)).unwrap();
        assert_eq!(response.body().as_ref(), [0, 255, 254]);
    }

    #[test]
    fn a_reply_of_wrong_types_is_an_internal_server_error() {
        for answer in [
            r#"{"statusCode":0}"#,
            r#"{"statusCode":200.5}"#,
            r#"{"statusCode":100}"#,
            r#"{"statusCode":"ok"}"#,
            r#"{"statusCode":200,"body":{"a":1}}"#,
            r#"{"statusCode":200,"body":"%","isBase64Encoded":true}"#,
            r#"{"statusCode":200,"isBase64Encoded":"yes"}"#,
            r#"{"statusCode":200,"headers":["a"]}"#,
            r#"{"statusCode":200,"headers":{"a b":"c"}}"#,
            r#"{"statusCode":200,"headers":{"a":"c\nd: e"}}"#,
            r#"{"statusCode":200,"cookies":"a=1"}"#,
        ] {
            check(answer, FAILED);
        }
    }

    #[test]
    fn the_length_is_the_gateways_to_write() {
        check(
            r#"{"statusCode":200,"headers":{"content-length":"5","content-type":"a/b","apigw-requestid":"x"}}"#,
            "200 [content-type=a/b] ",
        );
    }
}
