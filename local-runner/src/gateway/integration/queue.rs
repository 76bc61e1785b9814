use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;
use skyloom_manifest::Integration;

use super::{Admitted, Failure, Kind, SendMessage, check_media_type, failed, json};

/// The longest message, in bytes.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>
const LONGEST: usize = 1024 * 1024;

/// Sends the body as a message.
pub(super) fn answer(
    integration: &Integration,
    request: &Admitted<'_>,
    send: &SendMessage,
) -> Result<Response<Bytes>, Failure> {
    match request.kind {
        Kind::Rest => of_rest(integration, request, send),
        Kind::Http => of_http(integration, request, send),
    }
}

/// By a mapping template, and in its words. A body that is not there is an empty object to it, as LocalStack's tests recorded on AWS.
fn of_rest(integration: &Integration, request: &Admitted<'_>, send: &SendMessage) -> Result<Response<Bytes>, Failure> {
    check_media_type(request.headers)?;
    let text = if request.body.is_empty() { "{}".into() } else { String::from_utf8_lossy(request.body).into_owned() };
    if text.len() > LONGEST || !send(integration, text) {
        return Ok(failed());
    }
    Ok(json(StatusCode::ACCEPTED, json!({"messageId": request.new_id}).to_string()))
}

/// An HTTP API hands back what SQS says.
fn of_http(integration: &Integration, request: &Admitted<'_>, send: &SendMessage) -> Result<Response<Bytes>, Failure> {
    if request.body.is_empty() {
        return Ok(refused("MissingParameter", "The request must contain the parameter MessageBody."));
    }
    if request.body.len() > LONGEST {
        return Ok(refused("InvalidParameterValue", "One or more parameters are invalid."));
    }
    if !send(integration, String::from_utf8_lossy(request.body).into_owned()) {
        return Err(Failure::Internal);
    }
    let result = format!("<SendMessageResult><MessageId>{}</MessageId></SendMessageResult>", request.new_id);
    Ok(xml(StatusCode::OK, format!("<SendMessageResponse xmlns=\"{NAMESPACE}\">{result}</SendMessageResponse>")))
}

const NAMESPACE: &str = "http://queue.amazonaws.com/doc/2012-11-05/";

fn refused(code: &str, message: &str) -> Response<Bytes> {
    let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>");
    xml(StatusCode::BAD_REQUEST, format!("<ErrorResponse xmlns=\"{NAMESPACE}\">{error}</ErrorResponse>"))
}

fn xml(status: StatusCode, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(format!("<?xml version=\"1.0\"?>{body}")));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    response
}
