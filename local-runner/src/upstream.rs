//! Other servers, to which routes without a function hand requests: real ones where an application is served, and what a test says of
//! them in tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use skyloom_manifest::{Manifest, Target};

use crate::gateway::{Forward, ForwardError};

/// The longest answer that is read; API Gateway takes less.
const LONGEST_ANSWER: usize = 11 * 1024 * 1024;

type Stub = Arc<dyn Fn(Request<Bytes>) -> Response<Bytes> + Send + Sync>;
type HttpClient = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Servers by their origins, `https://example.org`. A clone is the same.
#[derive(Clone)]
pub(crate) struct Upstreams(Arc<Shared>);

struct Shared {
    stubs: Mutex<BTreeMap<String, Stub>>,
    /// Made once a request goes out; nothing does of a test.
    client: Option<OnceLock<Option<HttpClient>>>,
}

impl Upstreams {
    /// Only what a test says of them.
    pub(crate) fn of_test() -> Self {
        Self(Arc::new(Shared { stubs: Mutex::default(), client: None }))
    }

    /// The servers themselves.
    pub(crate) fn live() -> Self {
        Self(Arc::new(Shared { stubs: Mutex::default(), client: Some(OnceLock::new()) }))
    }

    /// Says what a server answers.
    pub(crate) fn stub(
        &self,
        origin: &str,
        answer: impl Fn(Request<Bytes>) -> Response<Bytes> + Send + Sync + 'static,
    ) {
        self.0.stubs.lock().unwrap_or_else(PoisonError::into_inner).insert(origin.to_owned(), Arc::new(answer));
    }

    pub(crate) fn as_forward(&self) -> Forward {
        let shared = Arc::clone(&self.0);
        Arc::new(move |request| {
            let shared = Arc::clone(&shared);
            Box::pin(async move { shared.forward(request).await })
        })
    }
}

impl Shared {
    async fn forward(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ForwardError> {
        let origin = origin(request.uri());
        let stub = self.stubs.lock().unwrap_or_else(PoisonError::into_inner).get(&origin).cloned();
        match (stub, &self.client) {
            (Some(stub), _) => Ok(stub(request)),
            (None, Some(client)) => {
                let client = client.get_or_init(client_with_roots).as_ref().ok_or(ForwardError::Unreachable)?;
                send(client, request).await
            }
            (None, None) => panic!(
                "a route hands `{} {}` to another server, and nothing goes out of a test: say what that answers, \
                 `app.upstream(\"{origin}\", |request| http::Response::new(\"…\"))`",
                request.method(),
                request.uri()
            ),
        }
    }
}

/// With the certificates that this machine trusts.
fn client_with_roots() -> Option<HttpClient> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider);
    let builder =
        builder.inspect_err(|error| tracing::warn!(%error, "no certificates of this machine can be read")).ok()?;
    let connector = builder.https_or_http().enable_http1().build();
    Some(Client::builder(TokioExecutor::new()).build(connector))
}

/// Redirects are the caller's to follow.
async fn send(client: &HttpClient, request: Request<Bytes>) -> Result<Response<Bytes>, ForwardError> {
    let uri = request.uri().clone();
    let answer = client.request(request.map(Full::new)).await;
    let answer = answer.map_err(|error| {
        tracing::warn!(%uri, error = &error as &dyn std::error::Error, "the server gave no answer");
        ForwardError::Unreachable
    })?;
    let (parts, body) = answer.into_parts();
    let body = Limited::new(body, LONGEST_ANSWER).collect().await;
    let body = body.map_err(|error| {
        let is_too_large = error.is::<http_body_util::LengthLimitError>();
        if is_too_large { ForwardError::TooLarge } else { ForwardError::Unreachable }
    })?;
    Ok(Response::from_parts(parts, body.to_bytes()))
}

/// `https://example.org` of an address there.
fn origin(uri: &Uri) -> String {
    let authority = uri.authority().map(http::uri::Authority::as_str).unwrap_or_default();
    format!("{}://{authority}", uri.scheme_str().unwrap_or_default())
}

/// The servers that routes of an application lead to.
pub(crate) fn origins(manifest: &Manifest) -> BTreeSet<String> {
    let urls = manifest.integrations.iter().filter_map(|it| match &it.target {
        Target::Http { url } => Some(url),
        Target::Answer { .. } | Target::Queue { .. } | Target::Put { .. } => None,
    });
    urls.map(|url| url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")).collect()
}

impl fmt::Debug for Upstreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstreams").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use hyper_util::rt::TokioIo;

    use super::*;

    /// A server on a port of its own that answers one connection with the path that it was asked for.
    async fn server() -> String {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let answer = hyper::service::service_fn(|request: Request<hyper::body::Incoming>| async move {
                let text = format!("{} {}", request.method(), request.uri());
                Ok::<_, Infallible>(Response::builder().status(404).body(Full::new(Bytes::from(text))).unwrap())
            });
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await
        });
        format!("http://{address}")
    }

    #[tokio::test]
    async fn a_served_application_really_asks_the_other_server() {
        let origin = server().await;
        let request = Request::put(format!("{origin}/a?b=c")).body(Bytes::from("body")).unwrap();
        let answer = Upstreams::live().as_forward()(request).await.unwrap();
        assert_eq!((answer.status().as_u16(), &answer.body()[..]), (404, &b"PUT /a?b=c"[..]));
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_gives_no_answer() {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let request = Request::get(format!("http://{address}/")).body(Bytes::new()).unwrap();
        assert_eq!(Upstreams::live().as_forward()(request).await.unwrap_err(), ForwardError::Unreachable);
    }

    #[tokio::test]
    #[should_panic(expected = "nothing goes out of a test")]
    async fn nothing_goes_out_of_a_test_unasked() {
        let request = Request::get("https://example.org/").body(Bytes::new()).unwrap();
        let _ = Upstreams::of_test().as_forward()(request).await;
    }
}
