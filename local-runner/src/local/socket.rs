use std::{
    future::{Future, IntoFuture},
    net::{IpAddr, Ipv4Addr},
    pin::Pin,
    sync::Arc,
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};

use super::{Credentials, Reply, Token};
use crate::{
    gateway::{
        Socket,
        websocket::{Closing, Incoming},
    },
    runner::Runner,
};

/// A connection to a WebSocket API, not yet begun: await it to get the [`LocalSocket`].
#[must_use = "nobody connects until this is awaited"]
pub struct Connect {
    runner: Arc<Runner>,
    api: &'static str,
    headers: Vec<(HeaderName, HeaderValue)>,
    query: Vec<String>,
    signed_by: Option<Credentials>,
}

impl std::fmt::Debug for Connect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connect").field("api", &self.api).finish_non_exhaustive()
    }
}

impl Connect {
    pub(super) fn new(runner: Arc<Runner>, api: &'static str) -> Self {
        Self { runner, api, headers: Vec::new(), query: Vec::new(), signed_by: None }
    }

    /// Sends the token of a user, or any text, as `Authorization: Bearer …`.
    pub fn bearer(self, token: &(impl Token + ?Sized)) -> Self {
        let value = format!("Bearer {}", token.token());
        self.header("authorization", &value)
    }

    /// Signs the request that the connection begins with, by the test's clock, for an API with `auth = Iam`.
    pub fn signed_by(mut self, credentials: &Credentials) -> Self {
        self.signed_by = Some(credentials.clone());
        self
    }

    /// Adds a header.
    ///
    /// # Panics
    /// If HTTP does not allow the name or the value.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap_or_else(|_| panic!("`{name}` is no header name"));
        let value = HeaderValue::from_str(value).unwrap_or_else(|_| panic!("`{name}` cannot have this value"));
        self.headers.push((name, value));
        self
    }

    /// Adds a parameter to the query string, which is all that a page in a browser can send besides cookies.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        self.query.push(format!("{}={}", encoded(name), encoded(value)));
        self
    }

    /// Offers subprotocols, the one that is liked most first.
    ///
    /// # Panics
    /// If HTTP does not allow one of them.
    pub fn subprotocols(self, offered: &[&str]) -> Self {
        self.header("sec-websocket-protocol", &offered.join(", "))
    }

    /// Tries to connect, and returns the reply of the API, which has to be a refusal.
    ///
    /// # Panics
    /// If the API lets the client in.
    pub async fn refused(self) -> Reply {
        let api = self.api;
        match self.begin().await {
            Ok(socket) => panic!("`{api}` let the client in, as connection {}", socket.id()),
            Err(reply) => reply,
        }
    }

    async fn begin(self) -> Result<LocalSocket, Reply> {
        let Self { runner, api, headers, query, signed_by } = self;
        let uri = if query.is_empty() { "/".to_owned() } else { format!("/?{}", query.join("&")) };
        let mut request = http::Request::new(Bytes::new());
        *request.uri_mut() = uri.parse().unwrap_or_else(|error| panic!("`{uri}` is no URL: {error}"));
        request.headers_mut().extend(headers.into_iter().map(|(name, value)| (Some(name), value)));
        if let Some(Credentials(credentials)) = &signed_by {
            runner.sign(api, &mut request, credentials);
        }
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        match runner.connect(api, &request, from).await {
            Ok(socket) => {
                socket.messages.keep_all();
                Ok(LocalSocket { runner, api, socket })
            }
            Err(response) => Err(Reply::new(format!("the connection to {api}"), response)),
        }
    }
}

impl IntoFuture for Connect {
    type Output = LocalSocket;
    type IntoFuture = Pin<Box<dyn Future<Output = LocalSocket> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let refused =
                |reply: Reply| panic!("the API refused the connection with {}: {}", reply.status(), reply.text());
            self.begin().await.unwrap_or_else(refused)
        })
    }
}

/// A client's end of a connection to a WebSocket API.
///
/// What it sends has been handled when sending returns; what it was sent it keeps until it is read.
pub struct LocalSocket {
    runner: Arc<Runner>,
    api: &'static str,
    socket: Socket,
}

impl std::fmt::Debug for LocalSocket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalSocket").field("api", &self.api).field("id", &self.id()).finish_non_exhaustive()
    }
}

/// How the API closed a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Closed {
    /// The status code of the close frame: 1000 by the application, 1001 when its time was over, 1009 after a message that was too
    /// long.
    pub code: u16,
    /// What is said with it.
    pub reason: String,
}

impl LocalSocket {
    /// The connection's id.
    pub fn id(&self) -> &str {
        &self.socket.id
    }

    /// The subprotocol that the application has chosen, if it has.
    pub fn subprotocol(&self) -> Option<&str> {
        self.socket.protocol.as_ref().and_then(|name| name.to_str().ok())
    }

    /// Sends a value as JSON.
    ///
    /// # Panics
    /// If the value cannot be JSON.
    pub async fn send_json(&self, message: &impl Serialize) {
        let text = serde_json::to_string(message).unwrap_or_else(|error| panic!("the message cannot be JSON: {error}"));
        self.send_text(&text).await;
    }

    /// Sends a text as it is.
    pub async fn send_text(&self, text: &str) {
        self.runner.receive(self.api, self.id(), Incoming::Text(text.into())).await;
    }

    /// Sends bytes, which API Gateway does not take: it closes the connection.
    pub async fn send_bytes(&self, _: &[u8]) {
        self.runner.receive(self.api, self.id(), Incoming::Binary).await;
    }

    /// The next message that was received, if there is one.
    pub fn next_text(&mut self) -> Option<String> {
        self.socket.messages.try_recv()
    }

    /// The next message that was received, as JSON.
    ///
    /// # Panics
    /// If there is none, or it does not fit.
    #[track_caller]
    pub fn received<T: DeserializeOwned>(&mut self) -> T {
        let Some(text) = self.next_text() else { panic!("nothing was received on the connection to {}", self.api) };
        match serde_json::from_str(&text) {
            Ok(value) => value,
            Err(error) => panic!("what was received does not fit: {error}: {text}"),
        }
    }

    /// How the API has closed the connection, once it has.
    pub fn closed(&mut self) -> Option<Closed> {
        let Closing { code, reason } = self.socket.closing.try_recv().ok()?;
        Some(Closed { code, reason })
    }

    /// Closes the connection with 1000 and waits until `$disconnect` is handled.
    pub async fn close(self) {
        self.close_with(1000, "").await;
    }

    /// Closes the connection with a code and a reason.
    pub async fn close_with(self, code: u16, reason: &str) {
        let how = Closing { code, reason: reason.into() };
        self.runner.hung_up(self.id(), how).await;
    }
}
