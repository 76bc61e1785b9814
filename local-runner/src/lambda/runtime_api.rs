use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::UNIX_EPOCH,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Collected, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::json;
use skyloom_manifest::bridge::{FunctionError, Invocation, Sink};
use tokio::{
    net::TcpListener,
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
};

use super::limits;

/// How a runtime says that it sends an answer as it comes.
const RESPONSE_MODE: &str = "lambda-runtime-function-response-mode";

type Outcome = Result<Bytes, FunctionError>;

/// The Runtime API of one execution environment, on a port of its own.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
pub(super) struct RuntimeApi {
    address: SocketAddr,
    exchange: Arc<Exchange>,
    /// Serves until it is dropped.
    _server: JoinSet<()>,
}

/// Where the invocations wait that the child is to handle, and who waits for its answer.
struct Exchange {
    waiting: mpsc::UnboundedSender<Invocation>,
    next: tokio::sync::Mutex<mpsc::UnboundedReceiver<Invocation>>,
    current: Mutex<Option<Current>>,
    /// What came of the start, once the child asked for its first event or said that it cannot.
    initialized: watch::Sender<Option<Result<(), FunctionError>>>,
}

/// The invocation under way.
struct Current {
    id: String,
    answer: oneshot::Sender<Outcome>,
    sink: Option<Sink>,
}

impl RuntimeApi {
    pub(super) async fn listen() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (waiting, next) = mpsc::unbounded_channel();
        let exchange = Arc::new(Exchange {
            waiting,
            next: tokio::sync::Mutex::new(next),
            current: Mutex::default(),
            initialized: watch::Sender::new(None),
        });
        let mut server = JoinSet::new();
        server.spawn(serve(listener, exchange.clone()));
        Ok(Self { address, exchange, _server: server })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until the child asked for its first event.
    pub(super) async fn initialized(&self) -> Result<(), FunctionError> {
        let mut initialized = self.exchange.initialized.subscribe();
        let outcome = initialized.wait_for(Option::is_some).await;
        outcome.ok().and_then(|outcome| outcome.clone()).unwrap_or(Ok(()))
    }

    /// Gives the child an event and waits for its answer.
    pub(super) async fn exchange(&self, invocation: Invocation) -> Outcome {
        let (answer, answered) = oneshot::channel();
        let (id, sink) = (invocation.request_id.clone(), invocation.sink.clone());
        *self.exchange.current() = Some(Current { id, answer, sink });
        let sent = self.exchange.waiting.send(invocation);
        let gone = |_| error("Runtime.Unknown", "the Runtime API is gone");
        sent.map_err(|_| gone(()))?;
        answered.await.map_err(|_| gone(()))?
    }
}

async fn serve(listener: TcpListener, exchange: Arc<Exchange>) {
    let mut connections = JoinSet::new(); // end with this
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                let _ = stream.set_nodelay(true); // a socket that cannot is only slower
                let exchange = exchange.clone();
                let service = hyper::service::service_fn(move |request| {
                    let exchange = exchange.clone();
                    async move { exchange.answer(request).await }
                });
                connections.spawn(async move {
                    // A connection that breaks is the child's end, which is reported where the child is waited for.
                    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

impl Exchange {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
        let path = request.uri().path().strip_prefix("/2018-06-01/runtime/").unwrap_or_default().to_owned();
        let parts: Vec<_> = path.split('/').collect();
        Ok(match (request.method(), parts.as_slice()) {
            (&Method::GET, ["invocation", "next"]) => self.next().await,
            (&Method::POST, ["invocation", id, "response"]) => self.response(id, request).await?,
            (&Method::POST, ["invocation", id, "error"]) => {
                let said = said_error(request).await?;
                self.settle(id, Err(said))
            }
            (&Method::POST, ["init", "error"]) => {
                let said = said_error(request).await?;
                self.initialized.send_replace(Some(Err(said)));
                accepted()
            }
            _ => refused(StatusCode::NOT_FOUND, "Runtime.NotFound", "no such operation of the Runtime API"),
        })
    }

    async fn next(&self) -> Response<Full<Bytes>> {
        self.initialized.send_if_modified(|outcome| outcome.is_none().then(|| *outcome = Some(Ok(()))).is_some());
        let Some(invocation) = self.next.lock().await.recv().await else {
            return refused(StatusCode::GONE, "Runtime.Unknown", "the environment ends");
        };
        let deadline = invocation.deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let mut response = Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", &invocation.request_id)
            .header("lambda-runtime-deadline-ms", deadline.to_string())
            .header("lambda-runtime-invoked-function-arn", &invocation.function_arn);
        if let Some(trace_id) = &invocation.trace_id {
            response = response.header("lambda-runtime-trace-id", trace_id);
        }
        let unknown =
            |_| refused(StatusCode::INTERNAL_SERVER_ERROR, "Runtime.Unknown", "the event has no valid headers");
        response.body(Full::new(invocation.payload)).unwrap_or_else(unknown)
    }

    async fn response(&self, id: &str, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
        let is_streamed = request.headers().get(RESPONSE_MODE).is_some_and(|mode| mode == "streaming");
        let body = request.into_body();
        if is_streamed && let Some(sink) = self.sink(id) {
            return Ok(match pass_on(body, &sink).await {
                Ok(outcome) => self.settle(id, outcome),
                Err(error) => truncated(&error),
            });
        }
        Ok(match Limited::new(body, limits::RESPONSE).collect().await {
            Ok(whole) => self.settle(id, streamed(whole)),
            Err(error) if error.is::<LengthLimitError>() => {
                self.settle(id, Err(limits::response_too_large()));
                refused(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", "Exceeded maximum allowed payload size")
            }
            Err(error) => truncated(error.as_ref()),
        })
    }

    /// Hands the answer to whoever waits for it; an id that nobody waits for any more is refused.
    fn settle(&self, id: &str, outcome: Outcome) -> Response<Full<Bytes>> {
        let waiting = self.current().take_if(|current| current.id == id);
        match waiting {
            Some(current) => {
                let _ = current.answer.send(outcome); // whoever gave up waiting has said so
                accepted()
            }
            None => refused(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID"),
        }
    }

    /// Who takes the parts of an invocation's answer as they come.
    fn sink(&self, id: &str) -> Option<Sink> {
        self.current().as_ref().filter(|current| current.id == id).and_then(|current| current.sink.clone())
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Option<Current>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The parts of an answer, each as it comes; what is left of it is nothing.
async fn pass_on(mut body: Incoming, sink: &Sink) -> Result<Outcome, hyper::Error> {
    let mut broke_off = None;
    while let Some(frame) = body.frame().await {
        match frame?.into_data() {
            Ok(part) => sink.send(part),
            Err(other) => broke_off = other.trailers_ref().and_then(said_in_trailers),
        }
    }
    Ok(broke_off.map_or_else(|| Ok(Bytes::new()), Err))
}

/// The child is dying in the midst of its answer. The invocation stays open until its death is known: settled now, the child would be
/// taken for one that waits for more work.
fn truncated(error: &(dyn std::error::Error + 'static)) -> Response<Full<Bytes>> {
    refused(StatusCode::BAD_REQUEST, "Runtime.TruncatedResponse", &error.to_string())
}

fn streamed(whole: Collected<Bytes>) -> Outcome {
    match whole.trailers().and_then(said_in_trailers) {
        None => Ok(whole.to_bytes()),
        Some(error) => Err(error),
    }
}

/// A streamed answer that broke off says so in its trailers.
fn said_in_trailers(trailers: &HeaderMap) -> Option<FunctionError> {
    let error_type = said_type(trailers)?;
    let body = trailers.get("lambda-runtime-function-error-body").and_then(|body| STANDARD.decode(body).ok());
    Some(function_error(body.as_deref().unwrap_or_default(), Some(error_type)))
}

async fn said_error(request: Request<Incoming>) -> Result<FunctionError, hyper::Error> {
    let error_type = said_type(request.headers());
    let body = Limited::new(request.into_body(), limits::RESPONSE).collect().await;
    Ok(function_error(&body.map(Collected::to_bytes).unwrap_or_default(), error_type))
}

fn said_type(headers: &HeaderMap) -> Option<String> {
    headers.get("lambda-runtime-function-error-type")?.to_str().ok().map(str::to_owned)
}

/// What a runtime says of an error may lack any part.
fn function_error(body: &[u8], error_type: Option<String>) -> FunctionError {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Said {
        error_type: Option<String>,
        error_message: Option<String>,
    }
    let said: Said = serde_json::from_slice(body).unwrap_or_default();
    FunctionError {
        error_type: said.error_type.or(error_type).unwrap_or_else(|| "Unhandled".into()),
        error_message: said.error_message.unwrap_or_default(),
    }
}

fn error(error_type: &str, error_message: &str) -> FunctionError {
    FunctionError { error_type: error_type.into(), error_message: error_message.into() }
}

fn accepted() -> Response<Full<Bytes>> {
    reply(StatusCode::ACCEPTED, &json!({"status": "OK"}))
}

fn refused(status: StatusCode, error_type: &str, message: &str) -> Response<Full<Bytes>> {
    reply(status, &json!({"errorType": error_type, "errorMessage": message}))
}

fn reply(status: StatusCode, body: &serde_json::Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    response
}
