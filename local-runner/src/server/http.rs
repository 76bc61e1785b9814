use std::{
    convert::Infallible,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Either, Full, LengthLimitError, Limited, StreamBody};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use skyloom_manifest::bridge::BoxFuture;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    detached::{ReceiverStream, detached},
    framing,
};
use crate::streamed_body::StreamedBody;

/// How much of a body that is too long is read and thrown away: most clients look for an answer only once they have
/// sent all, and would otherwise see a broken connection.
const MOST_THROWN_AWAY: usize = 64 * 1024 * 1024;
/// Between failures to accept a connection, such as too many open files, which last.
const AFTER_FAILED_ACCEPT: Duration = Duration::from_millis(20);

/// How long a client may take to send a body. It is on this machine, or near.
const SENDING: Duration = Duration::from_secs(60);

/// So many headers are read, however short they are: what is too much is for the API to say, in its own words. No request that an API
/// takes has more than there is room for in the 10,240 bytes of its limit.
const MOST_HEADERS: usize = 2_560;

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
    // Closed once the last connection is gone.
    let (alive, mut gone) = mpsc::channel::<()>(1);
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
        let (answer, stop, alive, tls) = (Arc::clone(&answer), stop.clone(), alive.clone(), tls.clone());
        tokio::spawn(async move {
            match opened(stream, tls).await {
                Some(Opened::Plain(stream)) => serve_connection(stream, peer, answer, stop).await,
                Some(Opened::Encrypted(stream)) => serve_connection(stream, peer, answer, stop).await,
                None => {}
            }
            drop(alive);
        });
    }
    drop(alive);
    let _ = tokio::time::timeout(Duration::from_secs(2), gone.recv()).await; // who takes longer is cut off
}

/// Serves a connection, which may become one of another protocol, until it ends or `stop` changes.
async fn serve_connection<A: Answer>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    answer: Arc<A>,
    mut stop: watch::Receiver<bool>,
) {
    let service = service_fn(move |request| respond(Arc::clone(&answer), request, peer));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection.with_upgrades());
    tokio::select! {
        _ = connection.as_mut() => return, // a broken connection concerns its client alone
        _ = stop.wait_for(|stop| *stop) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
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

async fn respond<A: Answer>(
    answer: Arc<A>,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response<Body>, Infallible> {
    let (parts, mut body) = request.into_parts();
    if framing::is_ambiguous(&parts) {
        return Ok(with_body(closing(empty(StatusCode::BAD_REQUEST))));
    }
    let Ok(sent) = tokio::time::timeout(SENDING, Limited::new(&mut body, A::BODY_LIMIT).collect()).await else {
        return Ok(with_body(closing(empty(StatusCode::REQUEST_TIMEOUT))));
    };
    let response = match sent {
        Ok(body) => {
            let answered = answer.answer(Request::from_parts(parts, body.to_bytes()), peer.ip());
            // On its own: a client that hangs up ends no function at work, as it does not on AWS.
            tokio::spawn(answered).await.unwrap_or_else(|_panicked| empty(StatusCode::INTERNAL_SERVER_ERROR))
        }
        Err(error) if error.is::<LengthLimitError>() => {
            throw_away(body).await;
            answer.body_too_large()
        }
        Err(_) => closing(empty(StatusCode::BAD_REQUEST)), // the client hung up or sent no HTTP
    };
    Ok(with_body(response))
}

/// The body of a reply: whole, or as it comes. An error breaks the connection off, so that the client sees that it is not whole.
type Body = Either<Full<Bytes>, StreamBody<ReceiverStream>>;

fn with_body(mut response: Response<Bytes>) -> Response<Body> {
    match StreamedBody::take_from(&mut response) {
        Some(parts) => {
            let stream = StreamBody::new(ReceiverStream(detached(parts)));
            response.map(|_| Either::Right(stream))
        }
        None => response.map(|body| Either::Left(Full::new(body))),
    }
}

/// Nobody knows where the next request would begin.
fn closing<B>(mut response: Response<B>) -> Response<B> {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

async fn throw_away(body: impl hyper::body::Body<Error: Into<Box<dyn std::error::Error + Send + Sync>>>) {
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

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_send_its_body_is_not_waited_for() {
        let mut served = served().await;
        served.client.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf").await.unwrap();
        let mut answer = String::new();
        served.client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
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
