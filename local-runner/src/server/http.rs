use std::{
    convert::Infallible,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use skyloom_manifest::bridge::BoxFuture;
use tokio::{net::TcpListener, sync::watch};

/// Answers whole requests.
pub(super) trait Answer: Send + Sync + 'static {
    /// The longest body that is read, in bytes.
    const BODY_LIMIT: usize;

    fn answer(self: Arc<Self>, request: Request<Bytes>, from: IpAddr) -> BoxFuture<'static, Response<Bytes>>;

    /// What is answered to a longer body.
    fn body_too_large(&self) -> Response<Bytes>;
}

/// Serves until `stop` changes, then lets the requests that are under way finish.
pub(super) async fn serve<A: Answer>(listener: TcpListener, answer: Arc<A>, mut stop: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Ok((stream, peer)) = accepted else { continue }; // the client has gone again
        let _ = stream.set_nodelay(true); // a socket that cannot is only slower
        let answer = Arc::clone(&answer);
        let service = service_fn(move |request| respond(Arc::clone(&answer), request, peer));
        let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            let _ = watched.await; // a broken connection concerns its client alone
        });
    }
    let mut patience = pin!(tokio::time::sleep(std::time::Duration::from_secs(2)));
    tokio::select! {
        () = graceful.shutdown() => {}
        () = &mut patience => {}
    }
}

async fn respond<A: Answer>(
    answer: Arc<A>,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let response = match Limited::new(body, A::BODY_LIMIT).collect().await {
        Ok(body) => answer.answer(Request::from_parts(parts, body.to_bytes()), peer.ip()).await,
        Err(error) if error.is::<LengthLimitError>() => answer.body_too_large(),
        Err(_) => return Ok(bad_request()), // the client hung up or sent no HTTP
    };
    Ok(response.map(Full::new))
}

fn bad_request() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = http::StatusCode::BAD_REQUEST;
    response
}

/// Takes a port, or says which option names another.
pub(super) async fn bind(address: SocketAddr, option: &'static str) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|error| BindError { address, option, error })
}

/// A port could not be taken.
#[derive(Debug, thiserror::Error)]
pub struct BindError {
    address: SocketAddr,
    option: &'static str,
    #[source]
    error: io::Error,
}

impl std::fmt::Display for BindError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { address, option, error } = self;
        match error.kind() {
            io::ErrorKind::AddrInUse => write!(
                f,
                "port {} is in use by another program: stop it, or name another port with `{option} PORT`",
                address.port()
            ),
            _ => write!(f, "cannot listen on {address}: {error}; name another port with `{option} PORT`"),
        }
    }
}
