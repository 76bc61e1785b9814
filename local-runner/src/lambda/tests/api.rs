//! Lambda's API on the wire.

use http::Request;

use super::*;
use crate::streamed_body::StreamedBody;

async fn call(lambda: &Lambda, request: http::request::Builder, body: &str) -> http::Response<Bytes> {
    lambda.handle_api(request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap()).await
}

async fn invoke(lambda: &Lambda, name: &str, body: &str) -> http::Response<Bytes> {
    call(lambda, Request::post(format!("/2015-03-31/functions/{name}/invocations")), body).await
}

fn text(response: &http::Response<Bytes>) -> &str {
    str::from_utf8(response.body()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_function_is_called_by_name_physical_name_or_arn() {
    let (lambda, _) = in_process(function("work"));
    for name in [
        "work",
        "orders-work",
        "orders-work:$LATEST",
        "000000000000:function:orders-work",
        "arn:aws:lambda:us-east-1:000000000000:function:orders-work",
        "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Aorders-work",
    ] {
        let response = invoke(&lambda, name, r#"{"a":1}"#).await;
        assert_eq!((response.status().as_u16(), text(&response)), (200, r#"{"a":1}"#), "{name}");
        assert_eq!(response.headers()["x-amz-executed-version"], "$LATEST");
    }
    assert_eq!(text(&invoke(&lambda, "work", "").await), "{}");
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_a_200_with_a_function_error() {
    let (lambda, _) = in_process(function("work"));
    let response = invoke(&lambda, "work", r#"{"do":"fail"}"#).await;
    assert_eq!(
        (response.status().as_u16(), text(&response)),
        (200, r#"{"errorMessage":"as told","errorType":"Broken"}"#)
    );
    assert_eq!(response.headers()["x-amz-function-error"], "Unhandled");

    let response = invoke(&lambda, "work", r#"{"do":"wait","seconds":9}"#).await;
    let id = response.headers()["x-amzn-requestid"].to_str().unwrap();
    let message = format!("RequestId: {id} Error: Task timed out after 3.00 seconds");
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body, json!({"errorType": "Sandbox.Timedout", "errorMessage": message}));
}

#[tokio::test(start_paused = true)]
async fn the_log_comes_along_when_it_is_asked_for() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let (lambda, _) = in_process(function("work"));
    let request = Request::post("/2015-03-31/functions/work/invocations").header("x-amz-log-type", "Tail");
    let response = call(&lambda, request, r#"{"do":"log"}"#).await;
    let log = STANDARD.decode(&response.headers()["x-amz-log-result"]).unwrap();
    let log = String::from_utf8(log).unwrap();
    assert!(log.contains("\none\ntwo\nEND RequestId: "), "{log}");
}

#[tokio::test(start_paused = true)]
async fn an_event_is_accepted_and_runs_when_it_is_due() {
    let (lambda, _) = in_process(function("work"));
    let request = || Request::post("/2015-03-31/functions/work/invocations").header("x-amz-invocation-type", "Event");
    let response = call(&lambda, request(), "{}").await;
    assert_eq!((response.status().as_u16(), text(&response), lambda.invocations().len()), (202, "", 0));
    lambda.run_due().await;
    assert_eq!(lambda.invocations()[0].request_id, response.headers()["x-amzn-requestid"].to_str().unwrap());
    let large = json!("a".repeat(limits::EVENT)).to_string();
    assert_eq!(call(&lambda, request(), &large).await.status(), 413);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_runs_nothing() {
    let (lambda, _) = in_process(function("work"));
    let request = Request::post("/2015-03-31/functions/work/invocations").header("x-amz-invocation-type", "DryRun");
    assert_eq!(call(&lambda, request, "{}").await.status(), 204);
    assert!(lambda.invocations().is_empty());
}

async fn check_error(response: http::Response<Bytes>, status: u16, code: &str, body: Value) {
    assert_eq!((response.status().as_u16(), &response.headers()["x-amzn-errortype"]), (status, &code.parse().unwrap()));
    assert_eq!(serde_json::from_slice::<Value>(response.body()).unwrap(), body);
}

#[tokio::test(start_paused = true)]
async fn errors_have_the_shape_of_aws() {
    let (lambda, _) = in_process(Function { concurrency: Some(1), ..function("work") });
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:play";
    let body = json!({"Type": "User", "Message": format!("Function not found: {arn}")});
    check_error(invoke(&lambda, "play", "{}").await, 404, "ResourceNotFoundException", body).await;

    let arn = "arn:aws:lambda:us-east-1:000000000000:function:work:7";
    let body = json!({"Type": "User", "Message": format!("Function not found: {arn}")});
    let request = Request::post("/2015-03-31/functions/work/invocations?Qualifier=7");
    check_error(call(&lambda, request, "{}").await, 404, "ResourceNotFoundException", body).await;

    let wait = r#"{"do":"wait","seconds":1}"#;
    let (_, second) = tokio::join!(invoke(&lambda, "work", wait), invoke(&lambda, "work", wait));
    let reason = "ReservedFunctionConcurrentInvocationLimitExceeded";
    let body = json!({"Reason": reason, "Type": "User", "message": "Rate Exceeded."});
    check_error(second, 429, "TooManyRequestsException", body).await;

    let message = "Request must be smaller than 6291456 bytes for the InvokeFunction operation";
    let body = json!({"Type": "User", "message": message});
    let large = json!("a".repeat(limits::REQUEST)).to_string();
    check_error(invoke(&lambda, "work", &large).await, 413, "RequestTooLargeException", body).await;

    let response = invoke(&lambda, "work", "{").await;
    assert_eq!(response.headers()["x-amzn-errortype"], "InvalidRequestContentException");
    assert_eq!(response.status(), 400);
    assert_eq!(call(&lambda, Request::delete("/2015-03-31/functions/work"), "").await.status(), 404);
    assert_eq!(call(&lambda, Request::post("/2015-03-31/functionswork/invocations"), "{}").await.status(), 404);
}

#[tokio::test(start_paused = true)]
async fn functions_are_listed_and_described() {
    let (lambda, _) = in_process(Function { concurrency: Some(5), ..function("work") });
    let get = async |path: &str| -> Value {
        let response = call(&lambda, Request::get(path), "").await;
        assert_eq!(response.status(), 200, "{path}");
        serde_json::from_slice(response.body()).unwrap()
    };
    let configuration = get("/2015-03-31/functions/work/configuration").await;
    assert_eq!(configuration["FunctionArn"], "arn:aws:lambda:us-east-1:000000000000:function:orders-work");
    assert_eq!(configuration["Role"], "arn:aws:iam::000000000000:role/orders-work");
    assert_eq!((&configuration["Timeout"], &configuration["MemorySize"]), (&json!(3), &json!(256)));
    assert_eq!(get("/2015-03-31/functions/").await["Functions"], json!([configuration]));
    let whole = get("/2015-03-31/functions/orders-work").await;
    assert_eq!(whole["Configuration"], configuration);
    assert_eq!(whole["Concurrency"]["ReservedConcurrentExecutions"], 5);
}

/// The messages of an event stream: each one's type and what is in it.
async fn streamed(lambda: &Lambda, request: http::request::Builder, body: &str) -> Vec<(String, String)> {
    let mut response = call(lambda, request, body).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"application/vnd.amazon.eventstream".parse().unwrap())
    );
    StreamedBody::collect(&mut response).await;
    let mut messages = Vec::new();
    let mut rest = response.into_body();
    while !rest.is_empty() {
        let message = aws_smithy_eventstream::frame::read_message_from(&mut rest).unwrap();
        let header = |name: &str| {
            let found = message.headers().iter().find(|header| header.name().as_str() == name);
            found.unwrap().value().as_string().unwrap().as_str().to_owned()
        };
        assert_eq!(header(":message-type"), "event");
        messages.push((header(":event-type"), String::from_utf8_lossy(message.payload()).into_owned()));
    }
    messages
}

fn streaming() -> http::request::Builder {
    Request::post("/2021-11-15/functions/orders-work/response-streaming-invocations")
}

fn said(messages: &[(&str, &str)]) -> Vec<(String, String)> {
    messages.iter().map(|(kind, text)| ((*kind).to_owned(), (*text).to_owned())).collect()
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_in_the_messages_of_a_stream() {
    let (lambda, _) = in_process(function("work"));
    let parts = streamed(&lambda, streaming(), r#"{"do":"stream"}"#).await;
    let expected = [("PayloadChunk", "one"), ("PayloadChunk", "two"), ("InvokeComplete", "{}")];
    assert_eq!(parts, said(&expected));
    let whole = streamed(&lambda, streaming(), r#"{"a":1}"#).await;
    assert_eq!(whole, said(&[("PayloadChunk", r#"{"a":1}"#), ("InvokeComplete", "{}")]));
    let large = streamed(&lambda, streaming(), r#"{"do":"stream-large"}"#).await;
    let lengths: Vec<_> = large.iter().map(|(_, text)| text.len()).collect();
    assert_eq!(lengths, [1024 * 1024, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_says_how_it_ended() {
    let (lambda, _) = in_process(function("work"));
    let details =
        r#"{"ErrorCode":"Unhandled","ErrorDetails":"{\"errorMessage\":\"as told\",\"errorType\":\"Broken\"}"}"#;
    let failed = streamed(&lambda, streaming(), r#"{"do":"stream-and-fail"}"#).await;
    assert_eq!(failed, said(&[("PayloadChunk", "one"), ("InvokeComplete", details)]));
    let logged = streamed(&lambda, streaming().header("x-amz-log-type", "Tail"), r#"{"do":"log"}"#).await;
    let complete: Value = serde_json::from_str(&logged[1].1).unwrap();
    assert!(complete["LogResult"].as_str().is_some_and(|log| log.len() > 100), "{complete}");
}

#[tokio::test(start_paused = true)]
async fn what_does_not_run_is_no_stream() {
    let (lambda, _) = in_process(Function { concurrency: Some(0), ..function("work") });
    let throttled = call(&lambda, streaming(), "{}").await;
    assert_eq!(
        (throttled.status().as_u16(), &throttled.headers()["x-amzn-errortype"]),
        (429, &"TooManyRequestsException".parse().unwrap())
    );
    let event = call(&lambda, streaming().header("x-amz-invocation-type", "Event"), "{}").await;
    assert_eq!(event.status(), 400);
    let unknown = Request::post("/2021-11-15/functions/other/response-streaming-invocations");
    assert_eq!(call(&lambda, unknown, "{}").await.status(), 404);
}
