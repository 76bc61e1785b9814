//! A WebSocket API of API Gateway: from what happens on a connection to the event of a function, and from its answer to what is
//! sent back.
//!
//! Nothing here knows a socket: what a client sends comes as a value, and what it gets goes into a channel.

mod authorizer;
mod connections;
mod event;
mod management;
mod outbox;
mod refusal;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, net::IpAddr, sync::Arc, time::Duration};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use serde::Deserialize;
use serde_json::{Map, Value};
use skyloom_manifest::{Api, Auth, Manifest, SocketRoute, WebSocketApi as Declared, rules};
use tokio::sync::oneshot;

use self::{
    authorizer::Authorizers,
    connections::{Info, Live},
    event::{Event, Kind, Moment},
    refusal::Refusal,
};
pub(crate) use self::{
    connections::{Closing, Connections, Ended},
    management::{Target, gone, handle as manage, target},
    outbox::Inbox,
};
use super::{Settings, signed, throttle::Limits, trace_id};
use crate::{
    access::Access,
    clock::Clock,
    invoke::{Invoke, InvokeError},
    random::Random,
    site::SOCKET_STAGE,
};

/// The longest message, in bytes.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html>
pub(crate) const MESSAGE_LIMIT: usize = 128 * 1024;
/// The longest frame, in bytes, in both directions.
pub(crate) const FRAME_LIMIT: usize = 32 * 1024;
/// How long the API waits for a function.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(29);

/// A WebSocket API. A clone is the same API.
#[derive(Clone, Debug)]
pub(crate) struct WebSocketApi(Arc<Shared>);

struct Shared {
    name: String,
    routes: BTreeMap<String, Route>,
    /// Which member of a message names its route.
    selection: Vec<String>,
    authorizers: Authorizers,
    limits: Limits,
    connections: Connections,
    settings: Settings,
    clock: Clock,
    random: Random,
    invoke: Invoke,
}

struct Route {
    function: String,
    auth: Option<Auth>,
    replies: bool,
}

/// The client's end of a connection that was let in.
#[derive(Debug)]
pub(crate) struct Socket {
    pub(crate) id: String,
    /// What the client is sent.
    pub(crate) messages: Inbox,
    /// How the connection was closed from here.
    pub(crate) closing: oneshot::Receiver<Closing>,
    /// The subprotocol that the function chose.
    pub(crate) protocol: Option<HeaderValue>,
}

/// What a client sends.
#[derive(Clone, Debug)]
pub(crate) enum Incoming {
    Text(String),
    Binary,
    /// A frame or a message that is longer than API Gateway takes.
    TooLong,
    /// Text that is no UTF-8.
    NotUtf8,
    /// What is no frame of a client, or not in its place.
    Malformed,
}

/// The answer of a function behind a route.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: u16,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
    #[serde(default)]
    headers: Option<Map<String, Value>>,
}

impl WebSocketApi {
    pub(crate) fn new(
        manifest: &Manifest,
        (api, declared, settings): (&Api, &Declared, Settings),
        connections: Connections,
        (clock, random): (Clock, Random),
        invoke: Invoke,
    ) -> Self {
        let routes = manifest.socket_routes(&api.name).map(|SocketRoute { function, key, auth, replies, .. }| {
            (key.to_owned(), Route { function: function.name.clone(), auth: auth.cloned(), replies })
        });
        let selection = rules::selected_member(&declared.route_selection).unwrap_or_default();
        Self(Arc::new(Shared {
            name: api.name.clone(),
            routes: routes.collect(),
            selection: selection.into_iter().map(str::to_owned).collect(),
            authorizers: Authorizers::new(&manifest.functions, clock.clone(), invoke.clone()),
            limits: Limits::of_sockets(manifest, api, clock.clone()),
            connections,
            settings,
            clock,
            random,
            invoke,
        }))
    }

    pub(crate) fn domain_name(&self) -> &str {
        &self.0.settings.domain_name
    }

    /// Lets a client in, or answers its request as the API would.
    pub(crate) async fn connect(&self, request: &Request<Bytes>, from: IpAddr) -> Result<Socket, Response<Bytes>> {
        let api = &*self.0;
        let info = api.info(request, from);
        let at = api.moment();
        let refused = |refusal: Refusal| refusal.response(&info.id, &at.request_id);
        api.let_in(request, &info, &at).await.map_err(refused)
    }

    /// Takes what a client sent. The function has done its work when this returns, and there was room for its reply: a client that sends
    /// and does not read is read from no further.
    pub(crate) async fn receive(&self, id: &str, incoming: Incoming) {
        let api = &*self.0;
        let Some(info) = api.connections.touch(id, api.clock.now()) else { return };
        let text = match incoming {
            Incoming::Text(text) if text.len() <= MESSAGE_LIMIT => text,
            Incoming::Text(_) | Incoming::TooLong => return api.connections.close(id, Closing::TOO_LONG),
            Incoming::Binary => return api.connections.close(id, Closing::BINARY),
            Incoming::NotUtf8 => return api.connections.close(id, Closing::NOT_UTF_8),
            Incoming::Malformed => return api.connections.close(id, Closing::PROTOCOL_ERROR),
        };
        let at = api.moment();
        let sent = match api.answer(&info, &at, &text).await {
            Ok(reply) => reply,
            Err(refusal) => Some(refusal.message(&info.id, &at.request_id)),
        };
        // A client that has gone meanwhile misses the reply, as at AWS.
        if let Some((text, outbox)) = sent.zip(api.connections.outbox(id))
            && outbox.send(text).await.is_ok()
        {
            api.connections.touch(id, api.clock.now());
        }
    }

    /// Tells the function of a connection that has ended.
    pub(crate) async fn ended(&self, ended: &Ended) {
        let api = &*self.0;
        let Some(route) = api.routes.get(SocketRoute::DISCONNECT) else { return };
        let kind = Kind::Disconnect(&ended.closing);
        let event = Event::new(&api.settings, &ended.info, &api.moment(), kind).to_bytes();
        if let Ok(event) = event {
            let _ = api.call(&route.function, event).await; // nobody is left who could be told of a failure
        }
    }

    /// Answers a request that begins no connection.
    pub(crate) fn refuse_request(&self) -> Response<Bytes> {
        let api = &*self.0;
        Refusal::UpgradeRequired.response(&api.new_id(), &api.new_id())
    }
}

impl Shared {
    async fn let_in(&self, request: &Request<Bytes>, info: &Info, at: &Moment) -> Result<Socket, Refusal> {
        let path = request.uri().path().trim_matches('/');
        if !(path.is_empty() || path == SOCKET_STAGE) {
            return Err(Refusal::Forbidden);
        }
        let route = self.routes.get(SocketRoute::CONNECT).ok_or(Refusal::Forbidden)?;
        self.admit(route)?;
        let auth = route.auth.as_ref().ok_or(Refusal::Forbidden)?;
        let info = self.authorize(auth, request, info, at).await?;
        let (outbound, messages) = outbox::outbox();
        let (close, closing) = oneshot::channel();
        let live = Live::new(&self.name, info.clone(), outbound, close, self.clock.now());
        self.connections.add(live);
        match self.ask_to_connect(request, &info, at).await {
            Ok(protocol) => {
                self.connections.open(&info.id);
                Ok(Socket { id: info.id, messages, closing, protocol })
            }
            Err(refusal) => {
                self.connections.forget(&info.id);
                Err(refusal)
            }
        }
    }

    /// Nobody is asked for what is too much.
    fn admit(&self, route: &Route) -> Result<(), Refusal> {
        if self.limits.admit(&route.function) { Ok(()) } else { Err(Refusal::TooManyRequests) }
    }

    /// The connection with what its events say of the caller, where only some are let in.
    async fn authorize(
        &self,
        auth: &Auth,
        request: &Request<Bytes>,
        info: &Info,
        at: &Moment,
    ) -> Result<Info, Refusal> {
        match auth {
            Auth::Public => Ok(info.clone()),
            Auth::Iam => {
                let question = event::Question::new(&self.settings, info, at, request);
                let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
                let context = signed::context(&self.settings, info.source_ip, user_agent);
                let access = Access { context, ..Access::new("execute-api:Invoke", &question.method_arn) };
                let signer = self.settings.signatures.judge(request, access).map_err(|_| Refusal::Forbidden)?;
                Ok(Info { signer: Some(signer), ..info.clone() })
            }
            // A WebSocket API does not know these.
            Auth::ApiKey | Auth::UserPool { .. } => Err(Refusal::Forbidden),
            Auth::Authorizer { function } => {
                let question = event::Question::new(&self.settings, info, at, request);
                let authorizer = self.authorizers.authorize(function, &question).await?;
                Ok(Info { authorizer: Some(authorizer), ..info.clone() })
            }
        }
    }

    /// The subprotocol, if the function lets the client in and names one.
    async fn ask_to_connect(
        &self,
        request: &Request<Bytes>,
        info: &Info,
        at: &Moment,
    ) -> Result<Option<HeaderValue>, Refusal> {
        let Some(route) = self.routes.get(SocketRoute::CONNECT) else { return Err(Refusal::Forbidden) };
        let event = Event::new(&self.settings, info, at, Kind::Connect(request)).to_bytes()?;
        // Before there is a connection, a function that failed is a gateway's failure: 502.
        let answer = self.call(&route.function, event).await.map_err(Refusal::of_handshake)?;
        let answer: Answer = serde_json::from_slice(&answer).map_err(|_| Refusal::BadGateway)?;
        match answer.status_code {
            200..300 => Ok(answer.protocol()),
            status => Err(Refusal::ByFunction(status)),
        }
    }

    /// What is sent back for a message.
    async fn answer(&self, info: &Info, at: &Moment, text: &str) -> Result<Option<String>, Refusal> {
        let (key, route) = self.route_of(text).ok_or(Refusal::Forbidden)?;
        self.admit(route)?;
        let message_id = self.new_id();
        let kind = Kind::Message { route: key, message_id: &message_id, text };
        let event = Event::new(&self.settings, info, at, kind).to_bytes()?;
        let answer = self.call(&route.function, event).await?;
        if !route.replies {
            return Ok(None);
        }
        let answer: Answer = serde_json::from_slice(&answer).map_err(|_| Refusal::InternalServerError)?;
        answer.text()
    }

    /// The route that a message names, or the default one. API Gateway's own routes cannot be named.
    fn route_of(&self, text: &str) -> Option<(&str, &Route)> {
        let named = || {
            let message: Value = serde_json::from_str(text).ok()?;
            let member = self.selection.iter().try_fold(&message, |value, name| value.get(name))?;
            let key = match member {
                Value::String(text) => text.clone(),
                Value::Number(_) | Value::Bool(_) => member.to_string(),
                Value::Null | Value::Array(_) | Value::Object(_) => return None,
            };
            let found = self.routes.get_key_value(key.as_str()).filter(|(key, _)| !key.starts_with('$'))?;
            Some(found)
        };
        let found = named().or_else(|| self.routes.get_key_value(SocketRoute::DEFAULT));
        found.map(|(key, route)| (key.as_str(), route))
    }

    async fn call(&self, function: &str, event: Bytes) -> Result<Bytes, Refusal> {
        let answer = tokio::time::timeout(INTEGRATION_TIMEOUT, (self.invoke)(function.into(), event)).await;
        answer.map_err(|_| Refusal::IntegrationTimeout)?.map_err(|error| match error {
            InvokeError::TimedOut { seconds, .. } if u64::from(seconds) >= INTEGRATION_TIMEOUT.as_secs() => {
                Refusal::IntegrationTimeout
            }
            InvokeError::Failed(_)
            | InvokeError::TimedOut { .. }
            | InvokeError::Exited { .. }
            | InvokeError::Throttled
            | InvokeError::TooLarge(_)
            | InvokeError::NotFound(_) => Refusal::InternalServerError,
        })
    }

    fn info(&self, request: &Request<Bytes>, source_ip: IpAddr) -> Info {
        let header = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        Info {
            id: self.new_id(),
            connected_at: self.clock.now(),
            source_ip,
            user_agent: header(header::USER_AGENT).map(str::to_owned),
            authorizer: None,
            signer: None,
        }
    }

    fn moment(&self) -> Moment {
        let request_id = self.new_id();
        Moment { time: self.clock.now(), request_id, trace_id: trace_id(&self.clock, &self.random) }
    }

    /// `BFaVtfGSIAMCKug=`, as the ids of connections, messages and requests are.
    fn new_id(&self) -> String {
        URL_SAFE.encode(self.random.bytes::<11>())
    }
}

impl Answer {
    fn protocol(&self) -> Option<HeaderValue> {
        let headers = self.headers.as_ref()?.iter();
        let mut found = headers.filter(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-protocol"));
        found.next().and_then(|(_, value)| HeaderValue::from_str(value.as_str()?).ok())
    }

    /// The body, whatever the status.
    fn text(self) -> Result<Option<String>, Refusal> {
        match self.body.filter(|body| !body.is_empty()) {
            Some(body) if self.is_base64_encoded => {
                let bytes = STANDARD.decode(body).map_err(|_| Refusal::InternalServerError)?;
                Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
            }
            body => Ok(body),
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("name", &self.name).field("settings", &self.settings).finish_non_exhaustive()
    }
}
