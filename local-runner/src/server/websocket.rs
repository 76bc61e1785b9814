//! A WebSocket API at its port: the handshake, and frames in both directions.

use std::{net::IpAddr, pin::pin, sync::Arc, time::Duration};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures_util::{Sink, SinkExt as _, StreamExt as _, stream::SplitStream};
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        self, Message,
        error::ProtocolError,
        protocol::{
            CloseFrame, Role, WebSocketConfig,
            frame::{
                Frame,
                coding::{CloseCode, Data, OpCode},
            },
        },
    },
};

use super::Shared;
use crate::gateway::{
    Socket,
    websocket::{Closing, FRAME_LIMIT, Inbox, Incoming, MESSAGE_LIMIT},
};

type Frames = WebSocketStream<TokioIo<Upgraded>>;

/// So many messages of a connection are handled at once; the next ones wait to be read. AWS names no limit.
const AT_ONCE: usize = 32;
/// How much of a connection is read at once. Each has a buffer of this size, whether or not its client says anything.
const READ_BUFFER: usize = 8 * 1024;
/// How long a client may take to read what it was sent before the end, and to answer that.
const LEAVE: Duration = Duration::from_secs(3);

/// The port of a WebSocket API.
pub(super) struct Port<'a> {
    pub(super) api: &'a str,
    pub(super) shared: &'a Arc<Shared>,
    pub(super) stop: &'a watch::Receiver<bool>,
}

impl Port<'_> {
    /// Begins a connection, or answers a request to the management API, which is at the same host at AWS.
    pub(super) async fn answer(&self, mut request: Request<Bytes>, from: IpAddr) -> Response<Bytes> {
        let runner = self.shared.current();
        if let Some(response) = runner.aws().manage(self.api, &request) {
            self.shared.wake.notify_one(); // a connection may be closed
            return response;
        }
        let Some((accept, upgrade)) = handshake(&mut request) else {
            return runner.gateway(self.api, request, from).await;
        };
        match runner.connect(self.api, &request, from).await {
            Ok(socket) => {
                let response = switching(accept, socket.protocol.clone());
                let (api, shared, stop) = (self.api.to_owned(), Arc::clone(self.shared), self.stop.clone());
                tokio::spawn(serve(api, shared, stop, upgrade, socket));
                self.shared.wake.notify_one(); // from now on the connection's time runs out
                response
            }
            Err(refusal) => refusal,
        }
    }
}

/// What the request is answered with if the client is let in, and the connection below it.
/// <https://www.rfc-editor.org/rfc/rfc6455#section-4.2>
fn handshake(request: &mut Request<Bytes>) -> Option<(HeaderValue, OnUpgrade)> {
    let has = |name, word: &str| {
        let values = request.headers().get_all(name).iter().filter_map(|value: &HeaderValue| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    let is_upgrade = has(header::CONNECTION, "upgrade")
        && has(header::UPGRADE, "websocket")
        && has(header::SEC_WEBSOCKET_VERSION, "13")
        && request.method() == http::Method::GET;
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY).filter(|_| is_upgrade)?;
    let accept = accept(key.as_bytes());
    Some((accept, hyper::upgrade::on(request)))
}

fn accept(key: &[u8]) -> HeaderValue {
    let text = [key, b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"].concat();
    let encoded = STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &text));
    // Base64 is always a header's value.
    HeaderValue::from_str(&encoded).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn switching(accept: HeaderValue, protocol: Option<HeaderValue>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if let Some(protocol) = protocol {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    response
}

/// Serves a connection to its end.
async fn serve(api: String, shared: Arc<Shared>, mut stop: watch::Receiver<bool>, upgrade: OnUpgrade, socket: Socket) {
    let Socket { id, messages, mut closing, protocol: _ } = socket;
    let client = Client { api, id, shared };
    let Ok(upgraded) = upgrade.await else { return client.left(Closing::ABNORMAL.into()).await };
    let frames: Frames = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config())).await;
    let (sink, mut stream) = frames.split();
    let mut writing = pin!(write(sink, messages));
    let (how, written) = tokio::select! {
        biased;
        how = &mut closing => (how, None),
        () = stopped(&mut stop) => {
            client.left(Closing::GOING_AWAY.into()).await;
            (Ok(Closing::GOING_AWAY.into()), None)
        }
        how = read(&client, &mut stream) => {
            tokio::join!(client.left(how), answer_close(&mut stream));
            return;
        }
        written = &mut writing => match written {
            // It was closed from here while this was polled: who did that has said how, and then that nothing more will come.
            Ok(sink) => (closing.await, Some(sink)),
            Err(_) => return client.left(Closing::ABNORMAL.into()).await,
        },
    };
    let how = how.unwrap_or_else(|_| Closing::GOING_AWAY.into());
    let goodbye = async {
        // What was sent before the end comes before it, and whole.
        let sink = match written {
            Some(sink) => Ok(sink),
            None => writing.await,
        };
        let Ok(mut sink) = sink else { return };
        let frame = CloseFrame { code: CloseCode::from(how.code), reason: how.reason.as_str().into() };
        if sink.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = stream.next().await {} // until the client has answered
        }
    };
    let _ = tokio::time::timeout(LEAVE, goodbye).await; // a client that does not read is left
}

fn config() -> WebSocketConfig {
    let limits = WebSocketConfig::default().max_message_size(Some(MESSAGE_LIMIT)).max_frame_size(Some(FRAME_LIMIT));
    limits.read_buffer_size(READ_BUFFER)
}

/// Sends the close frame that answers the client's, which waits for the next read, and says nothing more.
async fn answer_close(stream: &mut SplitStream<Frames>) {
    let _ = tokio::time::timeout(LEAVE, stream.next()).await; // a client that does not read is left
}

/// Waits until the server stops.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await; // who would say so is gone only when all is
}

/// A connection's client.
struct Client {
    api: String,
    id: String,
    shared: Arc<Shared>,
}

impl Client {
    async fn left(&self, how: Closing) {
        self.shared.current().hung_up(&self.id, how).await;
        self.shared.wake.notify_one();
    }

    /// Hands on what the client sent. Messages are handled beside each other, as at AWS.
    async fn sent(&self, text: String, places: &Arc<Semaphore>) {
        let Ok(place) = Arc::clone(places).acquire_owned().await else { return };
        self.hand_on(Incoming::Text(text), Some(place));
    }

    fn hand_on(&self, incoming: Incoming, place: Option<OwnedSemaphorePermit>) {
        let (api, id, shared) = (self.api.clone(), self.id.clone(), Arc::clone(&self.shared));
        tokio::spawn(async move {
            shared.current().receive(&api, &id, incoming).await;
            shared.wake.notify_one();
            drop(place);
        });
    }
}

/// Reads until the client has gone, and says how.
async fn read(client: &Client, stream: &mut SplitStream<Frames>) -> Closing {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    while let Some(message) = stream.next().await {
        match message {
            Ok(Message::Text(text)) => client.sent(text.as_str().to_owned(), &places).await,
            Ok(Message::Binary(_)) => return refused(client, Incoming::Binary).await,
            Ok(Message::Close(frame)) => return closed_by_client(frame),
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
            Err(error) => match malformed(&error) {
                Some(incoming) => return refused(client, incoming).await,
                None => break,
            },
        }
    }
    Closing::ABNORMAL.into()
}

/// What the client sent that cannot be read; nothing, if the connection is broken.
fn malformed(error: &tungstenite::Error) -> Option<Incoming> {
    match error {
        tungstenite::Error::Capacity(_) => Some(Incoming::TooLong),
        tungstenite::Error::Utf8(_) => Some(Incoming::NotUtf8),
        tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
        tungstenite::Error::Protocol(_) => Some(Incoming::Malformed),
        _ => None,
    }
}

/// Waits for the end of a connection that the API closes for what the client sent, however many functions are at work for it. That ends
/// this wait, and so must not be done here.
async fn refused(client: &Client, incoming: Incoming) -> Closing {
    client.hand_on(incoming, None);
    std::future::pending().await
}

fn closed_by_client(frame: Option<CloseFrame>) -> Closing {
    match frame {
        Some(frame) => Closing { code: frame.code.into(), reason: frame.reason.as_str().to_owned() },
        None => Closing::NO_STATUS.into(),
    }
}

/// Writes until nothing more can come, which is when the connection was closed from here.
async fn write<S: Sink<Message, Error = tungstenite::Error> + Unpin>(
    mut sink: S,
    mut messages: Inbox,
) -> Result<S, tungstenite::Error> {
    while let Some(text) = messages.recv().await {
        send(&mut sink, &text).await?;
    }
    Ok(sink)
}

/// A message as frames that are no longer than API Gateway's.
async fn send<S: Sink<Message, Error = tungstenite::Error> + Unpin>(
    sink: &mut S,
    text: &str,
) -> Result<(), tungstenite::Error> {
    if text.len() <= FRAME_LIMIT {
        return sink.send(Message::text(text)).await;
    }
    let mut code = Data::Text;
    let mut parts = text.as_bytes().chunks(FRAME_LIMIT).peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let frame = Frame::message(Bytes::copy_from_slice(part), OpCode::Data(code), is_last);
        sink.feed(Message::Frame(frame)).await?;
        code = Data::Continue;
    }
    sink.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handshake_is_accepted_as_in_the_rfc() {
        assert_eq!(accept(b"dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn only_an_upgrade_begins_a_connection() {
        let request = |headers: &[(&str, &str)]| {
            let request =
                headers.iter().fold(Request::get("/"), |request, (name, value)| request.header(*name, *value));
            request.body(Bytes::new()).unwrap()
        };
        let key = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let all =
            [("connection", "keep-alive, Upgrade"), ("upgrade", "WebSocket"), ("sec-websocket-version", "13"), key];
        assert!(handshake(&mut request(&all)).is_some());
        for left_out in 0..all.len() {
            let some: Vec<_> = all.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, it)| *it).collect();
            assert!(handshake(&mut request(&some)).is_none(), "{some:?}");
        }
    }
}
