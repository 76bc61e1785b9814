//! The answers of a DynamoDB that has trouble, in its own words: SDKs decide by them whether to try again.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};
use skyloom_manifest::bridge::NoAnswer;

use super::{super::luck::Luck, Call};

/// What a table on demand says that is scaled right now.
pub(super) fn throttled(luck: Luck) -> Response<Bytes> {
    let message = "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your \
                   table or index so please try again shortly. If exceptions persist, check if you have a hot key: \
                   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html";
    let body = json!({ "__type": "com.amazon.coral.availability#ThrottlingException", "message": message });
    response(StatusCode::BAD_REQUEST, &body, &luck.text(52))
}

/// What a table says whose declared capacity is used up.
pub(super) fn over_capacity() -> Response<Bytes> {
    let message = "The level of configured provisioned throughput for the table was exceeded. Consider increasing your \
                   provisioning level with the UpdateTable API.";
    response(StatusCode::BAD_REQUEST, &exception("ProvisionedThroughputExceededException", message), "")
}

pub(super) fn internal_error(luck: Luck) -> Response<Bytes> {
    let body = exception("InternalServerError", "Internal server error");
    response(StatusCode::INTERNAL_SERVER_ERROR, &body, &luck.text(52))
}

/// A transaction is cancelled because of another; anything else is refused while one is at work on its item.
pub(super) fn conflict(call: &Call<'_>, luck: Luck) -> Response<Bytes> {
    const ONGOING: &str = "Transaction is ongoing for the item";
    let request: Value = serde_json::from_slice(call.body).unwrap_or_default();
    let parts = request.get("TransactItems").and_then(Value::as_array).map_or(0, Vec::len);
    let body = if call.is_transaction() && parts > 0 {
        let conflicting = luck.between(0..=parts as u64 - 1);
        let codes = (0..parts as u64).map(|part| if part == conflicting { "TransactionConflict" } else { "None" });
        cancelled(&codes.collect::<Vec<_>>(), ONGOING)
    } else {
        exception("TransactionConflictException", ONGOING)
    };
    response(StatusCode::BAD_REQUEST, &body, &luck.text(52))
}

fn cancelled(codes: &[&str], message: &str) -> Value {
    let reason = |code: &&str| match *code {
        "None" => json!({ "Code": "None" }),
        code => json!({ "Code": code, "Message": message }),
    };
    json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": codes.iter().map(reason).collect::<Vec<_>>(),
        "Message": format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        ),
    })
}

/// Nothing comes back.
pub(super) fn none() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    response.extensions_mut().insert(NoAnswer);
    response
}

fn exception(name: &str, message: &str) -> Value {
    json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{name}"), "message": message })
}

fn response(status: StatusCode, body: &Value, request_id: &str) -> Response<Bytes> {
    let mut response = with_body(Response::default(), body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.0"));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// The same response with another body, and its checksum.
pub(in crate::fault) fn with_body(mut response: Response<Bytes>, body: &Value) -> Response<Bytes> {
    let body = body.to_string();
    response.headers_mut().insert("x-amz-crc32", HeaderValue::from(crc32fast::hash(body.as_bytes())));
    *response.body_mut() = body.into();
    response
}

/// `200`, `400 ConditionalCheckFailedException`, or that there was none.
pub(super) fn described(response: &Response<Bytes>) -> String {
    if response.extensions().get::<NoAnswer>().is_some() {
        return "no answer".into();
    }
    let code = response.status();
    let status = code.as_str();
    if code.is_success() {
        return status.into();
    }
    let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let kind = body.get("__type").and_then(Value::as_str).and_then(|it| it.rsplit('#').next());
    kind.map_or_else(|| status.into(), |kind| format!("{status} {kind}"))
}
