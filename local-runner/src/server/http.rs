use std::{
    convert::Infallible,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use skyloom_manifest::bridge::BoxFuture;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// How much of a body that is too long is read and thrown away: most clients look for an answer only once they have
/// sent all, and would otherwise see a broken connection.
const MOST_THROWN_AWAY: usize = 64 * 1024 * 1024;
/// Between failures to accept a connection, such as too many open files, which last.
const AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(20);

/// Answers whole requests.
pub(super) trait Answer: Send + Sync + 'static {
    /// The longest body that is read, in bytes.
    const BODY_LIMIT: usize;

    fn answer(self: Arc<Self>, request: Request<Bytes>, from: IpAddr) -> BoxFuture<'static, Response<Bytes>>;

    /// What is answered to a longer body.
    fn body_too_large(&self) -> Response<Bytes>;
}

/// Serves until `stop` changes, then lets the requests that are under way finish.
pub(super) async fn serve<A: Answer>(
    listener: TcpListener,
    answer: Arc<A>,
    mut stop: watch::Receiver<bool>,
    tls: Option<TlsAcceptor>,
) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(AFTER_FAILED_ACCEPT).await;
            continue;
        };
        let _ = stream.set_nodelay(true); // a socket that cannot is only slower
        let answer = Arc::clone(&answer);
        let service = service_fn(move |request| respond(Arc::clone(&answer), request, peer));
        let (watcher, tls) = (graceful.watcher(), tls.clone());
        tokio::spawn(async move {
            let Some(stream) = opened(stream, tls).await else { return };
            let http = http1::Builder::new();
            let _ = match stream {
                // a broken connection concerns its client alone
                Opened::Plain(stream) => {
                    watcher.watch(with_timer(http).serve_connection(TokioIo::new(stream), service)).await
                }
                Opened::Encrypted(stream) => {
                    watcher.watch(with_timer(http).serve_connection(TokioIo::new(stream), service)).await
                }
            };
        });
    }
    let mut patience = pin!(tokio::time::sleep(Duration::from_secs(2)));
    tokio::select! {
        () = graceful.shutdown() => {}
        () = &mut patience => {}
    }
}

/// A connection as its client began it: the same port takes both kinds.
enum Opened {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

/// The first byte of a TLS connection: that of a handshake's record.
const HANDSHAKE: u8 = 0x16;
/// How long a client may take to begin.
const BEGINNING: Duration = Duration::from_secs(30);

async fn opened(stream: TcpStream, tls: Option<TlsAcceptor>) -> Option<Opened> {
    let Some(tls) = tls else { return Some(Opened::Plain(stream)) };
    let begun = async {
        let mut first = [0];
        if stream.peek(&mut first).await.ok()? == 1 && first[0] == HANDSHAKE {
            return Some(Opened::Encrypted(Box::new(tls.accept(stream).await.ok()?)));
        }
        Some(Opened::Plain(stream))
    };
    tokio::time::timeout(BEGINNING, begun).await.ok().flatten()
}

fn with_timer(mut http: http1::Builder) -> http1::Builder {
    http.timer(TokioTimer::new());
    http
}

async fn respond<A: Answer>(
    answer: Arc<A>,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, mut body) = request.into_parts();
    let response = match Limited::new(&mut body, A::BODY_LIMIT).collect().await {
        Ok(body) => {
            let answered = answer.answer(Request::from_parts(parts, body.to_bytes()), peer.ip());
            // On its own: a client that hangs up ends no function at work, as it does not on AWS.
            tokio::spawn(answered).await.unwrap_or_else(|_panicked| empty(StatusCode::INTERNAL_SERVER_ERROR))
        }
        Err(error) if error.is::<LengthLimitError>() => {
            throw_away(body).await;
            answer.body_too_large()
        }
        Err(_) => return Ok(empty(StatusCode::BAD_REQUEST)), // the client hung up or sent no HTTP
    };
    Ok(response.map(Full::new))
}

async fn throw_away(body: impl Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>) {
    let mut rest = pin!(Limited::new(body, MOST_THROWN_AWAY));
    while let Some(Ok(_)) = rest.frame().await {}
}

fn empty<B: Default>(status: StatusCode) -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = status;
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

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        sync::mpsc,
        task::JoinHandle,
    };

    use super::*;

    /// Says when it begins, and when it ends, which it does once it is let.
    struct Slow {
        said: mpsc::UnboundedSender<&'static str>,
        let_end: watch::Receiver<bool>,
    }

    impl Answer for Slow {
        const BODY_LIMIT: usize = 10;

        fn answer(self: Arc<Self>, _: Request<Bytes>, _: IpAddr) -> BoxFuture<'static, Response<Bytes>> {
            Box::pin(async move {
                let _ = self.said.send("began");
                let _ = self.let_end.clone().wait_for(|end| *end).await;
                let _ = self.said.send("ended");
                empty(StatusCode::OK)
            })
        }

        fn body_too_large(&self) -> Response<Bytes> {
            empty(StatusCode::PAYLOAD_TOO_LARGE)
        }
    }

    struct Served {
        client: TcpStream,
        said: mpsc::UnboundedReceiver<&'static str>,
        let_end: watch::Sender<bool>,
        stop: watch::Sender<bool>,
        serving: JoinHandle<()>,
    }

    async fn served() -> Served {
        let listener = bind((Ipv4Addr::LOCALHOST, 0).into(), "--port").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (sender, said) = mpsc::unbounded_channel();
        let (let_end, ending) = watch::channel(false);
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(serve(listener, Arc::new(Slow { said: sender, let_end: ending }), stopped, None));
        Served { client, said, let_end, stop, serving }
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_ends_nothing() {
        let mut served = served().await;
        served.client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        assert_eq!(served.said.recv().await, Some("began"));
        drop(served.client);
        served.stop.send_replace(true);
        served.serving.await.unwrap(); // now the connection is gone
        served.let_end.send_replace(true);
        assert_eq!(served.said.recv().await, Some("ended"));
    }

    #[tokio::test]
    async fn a_client_that_sends_too_much_can_send_all_and_is_told_so() {
        let mut served = served().await;
        let body = vec![b'a'; 20 * 1024 * 1024];
        let head = format!("POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
        served.client.write_all(head.as_bytes()).await.unwrap();
        served.client.write_all(&body).await.unwrap();
        let mut answer = String::new();
        served.client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    }
}
