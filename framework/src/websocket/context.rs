use std::{
    borrow::Cow,
    net::IpAddr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use http::{HeaderMap, HeaderName, HeaderValue, header::SEC_WEBSOCKET_PROTOCOL};
use serde::Deserialize;

use super::{SocketEvent, Subprotocol, WebSocket, event::Values};
use crate::{FromEvent, Rejection, Scope, http::decode};

/// All that the gateway says of a connection and of what happened on it. It gives the handler no permission, other than
/// [`Connection`](crate::Connection), on which something can be sent.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Api, ConnectionContext, Error, Public, Table, Write, handler};
/// # #[derive(Api)]
/// # #[api(websocket)]
/// # struct Chat;
/// #[derive(Table, Serialize, Deserialize)]
/// struct Guest { #[partition_key] connection: String }
///
/// #[handler(websocket = "$connect", api = Chat, auth = Public)]
/// async fn connect(context: ConnectionContext, guests: Write<Guest>) -> Result<(), Error> {
///     Ok(guests.put(&Guest { connection: context.connection_id().into() }).await?)
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct ConnectionContext {
    connection_id: String,
    route_key: String,
    connected_at: SystemTime,
    time: SystemTime,
    request_id: String,
    message_id: Option<String>,
    stage: String,
    domain_name: String,
    source_ip: Option<IpAddr>,
    user_agent: Option<String>,
    headers: HeaderMap,
    query: Vec<(String, String)>,
    stage_variables: Vec<(String, String)>,
    disconnected: Option<Disconnected>,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disconnected {
    /// The status code of the close frame: 1000 normal, 1001 going away, …
    pub code: u16,
    /// What was said with it, or what the gateway says of it.
    pub reason: String,
}

impl ConnectionContext {
    /// The connection's id, by which a [`Sender`](crate::Sender) reaches it.
    pub fn connection_id(&self) -> &str {
        &self.connection_id
    }

    /// The route: `$connect`, `sendMessage`.
    pub fn route_key(&self) -> &str {
        &self.route_key
    }

    /// When the connection began.
    pub fn connected_at(&self) -> SystemTime {
        self.connected_at
    }

    /// When this happened.
    pub fn time(&self) -> SystemTime {
        self.time
    }

    /// The gateway's id of what happened.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The id of the message, if it is one.
    pub fn message_id(&self) -> Option<&str> {
        self.message_id.as_deref()
    }

    /// The API's stage.
    pub fn stage(&self) -> &str {
        &self.stage
    }

    /// A variable of the stage.
    pub fn stage_variable(&self, name: &str) -> Option<&str> {
        find(&self.stage_variables, name)
    }

    /// The host that was connected to.
    pub fn domain_name(&self) -> &str {
        &self.domain_name
    }

    /// Who has connected, as the gateway saw it.
    pub fn source_ip(&self) -> Option<IpAddr> {
        self.source_ip
    }

    /// The program that has connected, as it calls itself.
    pub fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_deref()
    }

    /// The headers of the request that the connection began with, at `$connect`. A message comes without any, and a
    /// connection that has ended with some of the gateway's own.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A parameter of the query string that the connection began with, at `$connect`.
    pub fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// The subprotocols that the client speaks, the one it likes most first, at `$connect`.
    pub fn subprotocols(&self) -> impl Iterator<Item = &str> {
        let headers = self.headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
        headers.flat_map(|value| value.split(',')).map(str::trim).filter(|name| !name.is_empty())
    }

    /// The subprotocol that the client likes most of those that this application speaks. A `$connect` handler that returns it
    /// has the client told so.
    ///
    /// ```
    /// # use skyloom::{Api, ConnectionContext, Error, Public, StatusCode, Subprotocol, handler};
    /// # #[derive(Api)]
    /// # #[api(websocket)]
    /// # struct Chat;
    /// #[handler(websocket = "$connect", api = Chat, auth = Public)]
    /// async fn connect(context: ConnectionContext) -> Result<Subprotocol, Error> {
    ///     let chosen = context.choose_subprotocol(&["chat.v2", "chat.v1"]);
    ///     chosen.ok_or_else(|| Error::new(StatusCode::BAD_REQUEST, "speak chat.v2 or chat.v1"))
    /// }
    /// # fn main() {}
    /// ```
    pub fn choose_subprotocol(&self, spoken: &[&str]) -> Option<Subprotocol> {
        self.subprotocols().find(|offered| spoken.contains(offered)).map(Subprotocol::of)
    }

    /// How the connection ended, at `$disconnect`.
    pub fn disconnected(&self) -> Option<&Disconnected> {
        self.disconnected.as_ref()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestContext<'a> {
    #[serde(borrow)]
    pub(super) connection_id: Cow<'a, str>,
    #[serde(borrow)]
    route_key: Cow<'a, str>,
    pub(super) connected_at: u64,
    request_time_epoch: u64,
    #[serde(borrow)]
    request_id: Cow<'a, str>,
    #[serde(borrow, default)]
    message_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    stage: Cow<'a, str>,
    #[serde(borrow)]
    domain_name: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) identity: Identity<'a>,
    #[serde(default)]
    disconnect_status_code: Option<u16>,
    #[serde(borrow, default)]
    disconnect_reason: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identity<'a> {
    #[serde(borrow, default)]
    pub(super) source_ip: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    user_agent: Option<Cow<'a, str>>,
}

impl<'a> RequestContext<'a> {
    pub(super) fn read(event: &SocketEvent<'a>) -> Result<Self, Rejection> {
        decode(event.request_context)
    }
}

impl<A: 'static> FromEvent<WebSocket<A>> for ConnectionContext {
    async fn from_event<'a>(event: &'a SocketEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        let said = RequestContext::read(event)?;
        let reason = said.disconnect_reason.unwrap_or_default().into_owned();
        Ok(Self {
            connection_id: said.connection_id.into_owned(),
            route_key: said.route_key.into_owned(),
            connected_at: time(said.connected_at),
            time: time(said.request_time_epoch),
            request_id: said.request_id.into_owned(),
            message_id: said.message_id.map(Cow::into_owned),
            stage: said.stage.into_owned(),
            domain_name: said.domain_name.into_owned(),
            source_ip: said.identity.source_ip.and_then(|ip| ip.parse().ok()),
            user_agent: said.identity.user_agent.map(Cow::into_owned),
            headers: headers(event)?,
            query: owned(event.query_pairs()?),
            stage_variables: owned(event.stage_variables()?),
            disconnected: said.disconnect_status_code.map(|code| Disconnected { code, reason }),
        })
    }
}

fn owned(pairs: Values<'_>) -> Vec<(String, String)> {
    pairs.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}

pub(super) fn time(millis: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(millis)
}

fn headers(event: &SocketEvent<'_>) -> Result<HeaderMap, Rejection> {
    let mut headers = HeaderMap::new();
    for (name, value) in event.header_pairs()? {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            headers.append(name, value);
        }
    }
    Ok(headers)
}
