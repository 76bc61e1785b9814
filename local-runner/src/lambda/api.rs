use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, response};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use skyloom_manifest::Function;

use super::{Finished, Lambda, Shared, event_queue::Event, limits, record::Record, response_stream};
use crate::{
    clock::Clock,
    invoke::InvokeError,
    site::{self, Site},
    streamed_body::StreamedBody,
};

impl Lambda {
    /// Answers a request to Lambda's API as far as calling functions and finding them needs it.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
    pub(crate) async fn handle_api(&self, request: Request<Bytes>) -> Response<Bytes> {
        let lambda = &*self.0;
        let request_id = lambda.random.uuid();
        let mut response = self.operation(request, &request_id).await.unwrap_or_else(|error| error.response());
        if let Ok(id) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert("x-amzn-requestid", id);
        }
        response
    }
}

impl Lambda {
    /// What IAM has to grant for a request: an action and the ARN that it is on.
    ///
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html>
    pub(crate) fn required_access(&self, request: &Request<Bytes>) -> Option<(String, String)> {
        let lambda = &*self.0;
        let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
        let name = of_functions(&path).map(|name| name.trim_start_matches('/')).unwrap_or_default();
        let (name, action) = match name.rsplit_once('/') {
            Some((name, "invocations" | STREAMING)) => (name, "lambda:InvokeFunction"),
            Some((name, "configuration")) => (name, "lambda:GetFunctionConfiguration"),
            _ if name.is_empty() => return Some(("lambda:ListFunctions".into(), "*".into())),
            _ => (name, "lambda:GetFunction"),
        };
        let qualifier = qualifier(request.uri().query().unwrap_or_default());
        let (function, qualifier) = lambda.resolve(name, qualifier.as_deref()).ok()?; // one that is not there is answered so
        let qualifier = qualifier.map(|qualifier| format!(":{qualifier}")).unwrap_or_default();
        Some((action.into(), lambda.site.function_arn(&function.name) + &qualifier))
    }

    async fn operation(&self, request: Request<Bytes>, request_id: &str) -> Result<Response<Bytes>, ApiError> {
        let path = percent_decode_str(request.uri().path()).decode_utf8_lossy().into_owned();
        let rest = of_functions(&path).ok_or(ApiError::Unknown)?;
        let rest = if rest.is_empty() { rest } else { rest.strip_prefix('/').ok_or(ApiError::Unknown)? };
        let qualifier = qualifier(request.uri().query().unwrap_or_default());
        let lambda = &*self.0;
        let found = |name: &str| lambda.resolve(name, qualifier.as_deref()).map(|(function, _)| function);
        match (request.method(), rest.rsplit_once('/')) {
            (&Method::GET, None) if rest.is_empty() => Ok(lambda.list()),
            (&Method::GET, None) => Ok(lambda.get(found(rest)?)),
            (&Method::GET, Some((name, "configuration"))) => {
                Ok(json_reply(StatusCode::OK, &lambda.configuration(found(name)?)))
            }
            (&Method::POST, Some((name, "invocations"))) => {
                let name = found(name)?.name.clone();
                self.invoke_by_api(&name, request, request_id).await
            }
            (&Method::POST, Some((name, STREAMING))) => {
                let name = found(name)?.name.clone();
                self.stream_by_api(&name, request, request_id).await
            }
            _ => Err(ApiError::Unknown),
        }
    }

    async fn invoke_by_api(
        &self,
        name: &str,
        request: Request<Bytes>,
        request_id: &str,
    ) -> Result<Response<Bytes>, ApiError> {
        let (kind, wants_log) = wanted(&request);
        let event = event(request.into_body())?;
        match kind.as_str() {
            "RequestResponse" => {
                let finished = self.run(name, (event, None), request_id.into()).await.map_err(ApiError::Invoke)?;
                Ok(invoked(finished, wants_log))
            }
            "Event" if event.len() > limits::EVENT => Err(ApiError::EventTooLarge(event.len())),
            "Event" => {
                self.0.queue.push(Event::new(name, request_id, event, self.0.clock.now()));
                Ok(empty(StatusCode::ACCEPTED))
            }
            "DryRun" => Ok(empty(StatusCode::NO_CONTENT)),
            _ => Err(ApiError::InvalidParameter(kind)),
        }
    }

    /// <https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html>
    async fn stream_by_api(
        &self,
        name: &str,
        request: Request<Bytes>,
        request_id: &str,
    ) -> Result<Response<Bytes>, ApiError> {
        let (kind, wants_log) = wanted(&request);
        let event = event(request.into_body())?;
        match kind.as_str() {
            "RequestResponse" => {
                let messages = response_stream::invoke(self, name, event, request_id, wants_log).await;
                let mut response = built(
                    Response::builder()
                        .header("content-type", "application/vnd.amazon.eventstream")
                        .header("x-amz-executed-version", "$LATEST"),
                    Bytes::new(),
                );
                StreamedBody::put(messages.map_err(ApiError::Invoke)?, &mut response);
                Ok(response)
            }
            "DryRun" => Ok(empty(StatusCode::NO_CONTENT)),
            _ => Err(ApiError::InvalidParameter(kind)),
        }
    }
}

/// How the path of a streamed invocation ends.
const STREAMING: &str = "response-streaming-invocations";

/// What of a path comes after the word `functions`.
fn of_functions(path: &str) -> Option<&str> {
    let path = path.trim_end_matches('/');
    path.strip_prefix("/2015-03-31/functions").or_else(|| path.strip_prefix("/2021-11-15/functions"))
}

/// The invocation type that a call asks for, and whether it asks for the end of the log.
fn wanted(call: &Request<Bytes>) -> (String, bool) {
    let header = |name: &str| call.headers().get(name).and_then(|value| value.to_str().ok());
    let kind = header("x-amz-invocation-type").unwrap_or("RequestResponse").to_owned();
    (kind, header("x-amz-log-type") == Some("Tail"))
}

impl Shared {
    /// A function by its name in the manifest, its physical name, or its whole or partial ARN; and the version or alias that was
    /// named, all of which are the same code here.
    fn resolve<'a>(
        &self,
        given: &'a str,
        qualifier: Option<&'a str>,
    ) -> Result<(&Function, Option<&'a str>), ApiError> {
        let (_, after_arn) = given.split_once(":function:").unwrap_or(("", given));
        let partial = after_arn.strip_prefix(&format!("{}:", self.site.account)).unwrap_or(after_arn);
        let (name, suffix) = partial.split_once(':').map_or((partial, None), |(name, suffix)| (name, Some(suffix)));
        let of_this_name =
            |function: &&Function| function.name == name || self.site.physical_name(&function.name) == name;
        let function = self.functions.values().map(|deployed| &deployed.function).find(of_this_name);
        let qualifier = suffix.or(qualifier);
        let has = |function: &&Function| match qualifier {
            None | Some("$LATEST") => true,
            Some(site::VERSION | site::ALIAS) => function.options.has_alias(),
            Some(_) => false,
        };
        function.filter(has).map(|function| (function, qualifier)).ok_or_else(|| {
            let qualifier = qualifier.map(|qualifier| format!(":{qualifier}")).unwrap_or_default();
            ApiError::NotFound(self.site.arn("lambda", &format!("function:{name}{qualifier}")))
        })
    }

    fn list(&self) -> Response<Bytes> {
        let all: Vec<_> = self.functions.values().map(|deployed| self.configuration(&deployed.function)).collect();
        json_reply(StatusCode::OK, &json!({"Functions": all, "NextMarker": null}))
    }

    fn get(&self, function: &Function) -> Response<Bytes> {
        let configuration = self.configuration(function);
        let mut reply = json!({"Configuration": configuration, "Code": {"RepositoryType": "S3"}, "Tags": {}});
        if let Some(reserved) = function.concurrency {
            reply["Concurrency"] = json!({"ReservedConcurrentExecutions": reserved});
        }
        json_reply(StatusCode::OK, &reply)
    }

    /// What there is to say of a function without an account; its environment variables hold keys and are left out.
    fn configuration(&self, function: &Function) -> Value {
        let physical_name = self.site.physical_name(&function.name);
        json!({
            "FunctionName": physical_name,
            "FunctionArn": self.site.function_arn(&function.name),
            "Role": role_arn(&self.site, &physical_name),
            "Runtime": "provided.al2023",
            "Handler": function.name,
            "Description": function.description.as_deref().unwrap_or_default(),
            "MemorySize": function.memory,
            "Timeout": function.timeout,
            "LastModified": last_modified(&self.clock),
            "PackageType": "Zip",
            "Architectures": ["arm64"],
            "State": "Active",
            "LastUpdateStatus": "Successful",
            "EphemeralStorage": {"Size": function.options.ephemeral_storage.unwrap_or(512)},
            "TracingConfig": {"Mode": if function.options.tracing == Some(true) { "Active" } else { "PassThrough" }},
            "LoggingConfig": {"LogFormat": "JSON", "LogGroup": format!("/aws/lambda/{physical_name}")},
            "Version": "$LATEST",
        })
    }
}

/// IAM has no regions.
fn role_arn(site: &Site, physical_name: &str) -> String {
    format!("arn:aws:iam::{}:role/{physical_name}", site.account)
}

/// `2020-03-12T19:03:58.000+0000`
fn last_modified(clock: &Clock) -> String {
    let seconds = i64::try_from(clock.since_epoch().as_secs()).unwrap_or_default();
    let now = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    now.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
}

fn qualifier(query: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("Qualifier="))?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

/// The event as the function gets it; no body at all is an empty object.
fn event(body: Bytes) -> Result<Bytes, ApiError> {
    if body.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    let checked: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(&body);
    checked.map_err(|error| ApiError::InvalidEvent(error.to_string()))?;
    Ok(body)
}

/// An invocation that ran is a 200, also if the function failed.
fn invoked(finished: Finished, wants_log: bool) -> Response<Bytes> {
    let mut response = json_response(StatusCode::OK).header("x-amz-executed-version", "$LATEST");
    if wants_log {
        response = response.header("x-amz-log-result", log_tail(&finished.record));
    }
    let body = match finished.answer {
        Ok(answer) => answer,
        Err(error) => {
            response = response.header("x-amz-function-error", "Unhandled");
            Bytes::from(error_body(&error).to_string())
        }
    };
    built(response, body)
}

/// The last 4 KB of the log, in base64.
pub(super) fn log_tail(record: &Record) -> String {
    let log = record.to_string();
    STANDARD.encode(&log.as_bytes()[log.len().saturating_sub(4096)..])
}

/// What stands in for the answer of a function that gave none.
pub(super) fn error_body(error: &InvokeError) -> Value {
    let (error_type, error_message) = match error {
        InvokeError::Failed(error) => (error.error_type.as_str(), error.error_message.clone()),
        InvokeError::TimedOut { request_id, seconds } => {
            ("Sandbox.Timedout", format!("RequestId: {request_id} Error: Task timed out after {seconds}.00 seconds"))
        }
        InvokeError::Exited { .. } => ("Runtime.ExitError", error.to_string()),
        InvokeError::Throttled | InvokeError::TooLarge(_) | InvokeError::NotFound(_) => {
            ("Unhandled", error.to_string())
        }
    };
    json!({"errorType": error_type, "errorMessage": error_message})
}

/// What the API answers where nothing ran.
#[derive(Debug)]
enum ApiError {
    Unknown,
    NotFound(String),
    InvalidEvent(String),
    InvalidParameter(String),
    EventTooLarge(usize),
    Invoke(InvokeError),
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unknown | Self::NotFound(_) | Self::Invoke(InvokeError::NotFound(_)) => StatusCode::NOT_FOUND,
            Self::InvalidEvent(_) | Self::InvalidParameter(_) => StatusCode::BAD_REQUEST,
            Self::EventTooLarge(_) | Self::Invoke(InvokeError::TooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invoke(InvokeError::Throttled) => StatusCode::TOO_MANY_REQUESTS,
            Self::Invoke(InvokeError::Failed(_) | InvokeError::TimedOut { .. } | InvokeError::Exited { .. }) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "UnknownOperationException",
            Self::NotFound(_) | Self::Invoke(InvokeError::NotFound(_)) => "ResourceNotFoundException",
            Self::InvalidEvent(_) => "InvalidRequestContentException",
            Self::InvalidParameter(_) => "InvalidParameterValueException",
            Self::EventTooLarge(_) | Self::Invoke(InvokeError::TooLarge(_)) => "RequestTooLargeException",
            Self::Invoke(InvokeError::Throttled) => "TooManyRequestsException",
            Self::Invoke(InvokeError::Failed(_) | InvokeError::TimedOut { .. } | InvokeError::Exited { .. }) => {
                "ServiceException"
            }
        }
    }

    /// Lambda writes `Message` for what it does not find and `message` otherwise.
    fn body(&self) -> Value {
        match self {
            Self::Unknown => json!({"Type": "User", "message": "This operation of Lambda is not emulated."}),
            Self::NotFound(arn) => json!({"Type": "User", "Message": format!("Function not found: {arn}")}),
            Self::InvalidEvent(error) => json!({"Type": "User", "message": format!(
                "Could not parse request body into json: Could not parse payload into json: {error}"
            )}),
            Self::InvalidParameter(kind) => json!({"Type": "User", "message": format!(
                "Unrecognized invocation type {kind}: it is RequestResponse or DryRun, or, if nothing is streamed, Event"
            )}),
            Self::EventTooLarge(length) => json!({"Type": "User", "message": limits::event_too_large(*length)}),
            Self::Invoke(InvokeError::Throttled) => json!({
                "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded", "Type": "User", "message": "Rate Exceeded."
            }),
            Self::Invoke(error) => json!({"Type": "User", "message": error.to_string()}),
        }
    }

    fn response(&self) -> Response<Bytes> {
        let response = json_response(self.status()).header("x-amzn-errortype", self.code());
        built(response, Bytes::from(self.body().to_string()))
    }
}

fn json_reply(status: StatusCode, body: &Value) -> Response<Bytes> {
    built(json_response(status), Bytes::from(body.to_string()))
}

fn empty(status: StatusCode) -> Response<Bytes> {
    built(Response::builder().status(status), Bytes::new())
}

fn json_response(status: StatusCode) -> response::Builder {
    Response::builder().status(status).header("content-type", "application/json")
}

fn built(response: response::Builder, body: Bytes) -> Response<Bytes> {
    response.body(body).unwrap_or_default() // every header above is plain ASCII
}
