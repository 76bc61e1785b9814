use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// What a function answers in payload format 1.0. Every member may be left out, and no other may be there: `cookies` of the
/// other format makes a reply malformed, as LocalStack's tests recorded on AWS of such a member.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Answer {
    status_code: Option<Value>,
    headers: Option<Map<String, Value>>,
    multi_value_headers: Option<Map<String, Value>>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
}

/// Makes the HTTP reply from what the function answered. Base64 is decoded only for a caller who `wants_binary`.
pub(super) fn read(answer: &Bytes, wants_binary: bool) -> Result<Response<Bytes>, Refusal> {
    let Ok(Value::Object(members)) = serde_json::from_slice(answer) else { return Err(Refusal::BadGateway) };
    let answer: Answer = serde_json::from_value(Value::Object(members)).map_err(|_| Refusal::BadGateway)?;
    let is_base64 = wants_binary && answer.is_base64_encoded == Some(true);
    let status = answer.status_code.as_ref().map_or(Ok(StatusCode::OK), status)?;
    let headers = headers(answer.headers.unwrap_or_default(), answer.multi_value_headers.unwrap_or_default())?;
    let mut response = Response::new(body(answer.body.unwrap_or_default(), is_base64)?);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().entry(header::CONTENT_TYPE).or_insert(json);
    Ok(response)
}

/// The head of a reply whose body is still to come. Beside the members of the format it may have `cookies`.
pub(super) fn head(head: Value) -> Result<Response<Bytes>, Refusal> {
    let Value::Object(mut members) = head else { return Err(Refusal::BadGateway) };
    let cookies = members.remove("cookies").unwrap_or_default();
    let answer: Answer = serde_json::from_value(Value::Object(members)).map_err(|_| Refusal::BadGateway)?;
    let mut headers = headers(answer.headers.unwrap_or_default(), answer.multi_value_headers.unwrap_or_default())?;
    for cookie in cookies.as_array().into_iter().flatten() {
        add(&mut headers, "set-cookie", cookie)?;
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = answer.status_code.as_ref().map_or(Ok(StatusCode::OK), status)?;
    *response.headers_mut() = headers;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().entry(header::CONTENT_TYPE).or_insert(json);
    Ok(response)
}

/// A number, also one that is written as a text.
fn status(value: &Value) -> Result<StatusCode, Refusal> {
    let code = match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|code| u16::try_from(code).ok()),
    };
    let code = code.filter(|code| (200..=599).contains(code)).and_then(|code| StatusCode::from_u16(code).ok());
    code.ok_or(Refusal::BadGateway)
}

fn body(text: String, is_base64: bool) -> Result<Bytes, Refusal> {
    if is_base64 { STANDARD.decode(text).map(Bytes::from).map_err(|_| Refusal::Undecodable) } else { Ok(text.into()) }
}

/// The lists first, then what stands alone, unless it is in the list already.
fn headers(single: Map<String, Value>, lists: Map<String, Value>) -> Result<HeaderMap, Refusal> {
    let mut headers = HeaderMap::with_capacity(single.len() + lists.len());
    for (name, values) in lists {
        let Value::Array(values) = values else { return Err(Refusal::BadGateway) };
        for value in values {
            add(&mut headers, &name, &value)?;
        }
    }
    for (name, value) in single {
        add(&mut headers, &name, &value)?;
    }
    Ok(headers)
}

fn add(headers: &mut HeaderMap, name: &str, value: &Value) -> Result<(), Refusal> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return Err(Refusal::BadGateway),
    };
    let name = HeaderName::try_from(name).map_err(|_| Refusal::BadGateway)?;
    let value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| Refusal::BadGateway)?;
    if let Some(name) = passed_on(name)
        && !headers.get_all(&name).iter().any(|known| known == value)
    {
        headers.append(name, value);
    }
    Ok(())
}

/// The name under which a header goes to the caller, if it goes.
///
/// That `connection`, `content-length`, `date` and `server` get another name was recorded on AWS of proxy integrations by
/// LocalStack's tests; the others are in AWS's table of headers.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html>
fn passed_on(name: HeaderName) -> Option<HeaderName> {
    match name.as_str() {
        "transfer-encoding" | "x-amzn-requestid" | "x-amz-apigw-id" => None,
        "authorization" | "connection" | "content-length" | "content-md5" | "date" | "expect" | "host"
        | "max-forwards" | "proxy-authenticate" | "server" | "trailer" | "upgrade" | "user-agent"
        | "www-authenticate" => HeaderName::try_from(format!("x-amzn-remapped-{name}")).ok(),
        _ => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_for(wants_binary: bool, answer: &str, expected: &str) {
        let answer = Bytes::copy_from_slice(answer.as_bytes());
        let response = read(&answer, wants_binary).unwrap_or_else(|refusal| refusal.response());
        let headers: Vec<_> =
            response.headers().iter().map(|(name, value)| format!("{name}={}", value.to_str().unwrap())).collect();
        let body = String::from_utf8_lossy(response.body());
        assert_eq!(format!("{} [{}] {body}", response.status().as_u16(), headers.join(", ")), expected);
    }

    fn check(answer: &str, expected: &str) {
        check_for(true, answer, expected);
    }

    const MALFORMED: &str = r#"502 [content-type=application/json, x-amzn-errortype=InternalServerErrorException] {"message": "Internal server error"}"#;

    #[test]
    fn what_was_recorded_on_aws_is_answered_alike() {
        check(r#"{"statusCode":200}"#, "200 [content-type=application/json] ");
        check(
            r#"{"statusCode":200,"headers":{"test-header":"value","header-bool":true}}"#,
            "200 [header-bool=true, test-header=value, content-type=application/json] ",
        );
        check(r#"{"statusCode":200,"headers":null}"#, "200 [content-type=application/json] ");
        check(r#"{"statusCode":200,"wrongValue":"value"}"#, MALFORMED);
        check(r#"{"statusCode":200,"multiValueHeaders":{"a":"value1"}}"#, MALFORMED);
        check(r#"{"statusCode":"test"}"#, MALFORMED);
        check(r#"{"statusCode":"201"}"#, "201 [content-type=application/json] ");
        check(r#""justAString""#, MALFORMED);
        check(r#"{"headers":{"test-header":"value"}}"#, "200 [test-header=value, content-type=application/json] ");
    }

    #[test]
    fn lists_of_a_header_and_its_single_value_are_merged() {
        check(
            r#"{"multiValueHeaders":{"tesT-Multi":["value-multi"]},"headers":{"test-multi":"value-solo"}}"#,
            "200 [test-multi=value-multi, test-multi=value-solo, content-type=application/json] ",
        );
        check(
            r#"{"multiValueHeaders":{"a":["1","2"]},"headers":{"a":"2"}}"#,
            "200 [a=1, a=2, content-type=application/json] ",
        );
        check(
            r#"{"multiValueHeaders":{"set-cookie":["a=1","b=2"],"content-type":["a/b"]}}"#,
            "200 [content-type=a/b, set-cookie=a=1, set-cookie=b=2] ",
        );
    }

    #[test]
    fn base64_is_decoded_for_a_caller_who_wants_it() {
        let answer = r#"{"body":"SGk=","isBase64Encoded":true}"#;
        check_for(true, answer, "200 [content-type=application/json] Hi");
        check_for(false, answer, "200 [content-type=application/json] SGk=");
        check(r#"{"body":"SGk="}"#, "200 [content-type=application/json] SGk=");
    }

    #[test]
    fn headers_of_the_connection_get_another_name_or_are_dropped() {
        check(
            r#"{"headers":{"Date":"now","transfer-encoding":"chunked","WWW-Authenticate":"Basic","content-length":"9"}}"#,
            "200 [x-amzn-remapped-date=now, x-amzn-remapped-www-authenticate=Basic, x-amzn-remapped-content-length=9, content-type=application/json] ",
        );
    }

    #[test]
    fn an_answer_of_another_shape_is_a_bad_gateway() {
        for answer in [
            "null",
            "[200]",
            "42",
            "{\"a\"",
            r#"{"statusCode":200,"cookies":[]}"#,
            r#"{"statusCode":200.5}"#,
            r#"{"statusCode":99}"#,
            r#"{"body":{"a":1}}"#,
            r#"{"isBase64Encoded":"yes"}"#,
            r#"{"headers":{"a":["b"]}}"#,
            r#"{"headers":{"a b":"c"}}"#,
            r#"{"headers":{"a":"c\nd: e"}}"#,
            r#"{"multiValueHeaders":{"a":[{}]}}"#,
        ] {
            check(answer, MALFORMED);
        }
    }
}
