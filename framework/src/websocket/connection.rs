use std::{net::IpAddr, time::SystemTime};

use serde::Serialize;
use skyloom_manifest::bridge::ApiType;

use super::{
    SendError, SocketEvent, WebSocket,
    context::{RequestContext, time},
    sender::{Management, json},
};
use crate::{FromEvent, Needs, Rejection, Scope};

/// The connection that a message came on, to send something back or to close it.
///
/// A handler that always answers its message may return the answer instead. At `$connect` the connection is not open yet, and at
/// `$disconnect` it has ended: [`ConnectionContext`](crate::ConnectionContext) has its id there.
///
/// ```
/// # use serde::Serialize;
/// # use skyloom::{Api, Connection, Error, Public, handler};
/// # #[derive(Api)]
/// # #[api(websocket)]
/// # struct Chat;
/// # #[handler(websocket = "$connect", api = Chat, auth = Public)]
/// # async fn connect() {}
/// #[derive(Serialize)]
/// struct Line { text: String }
///
/// #[handler(websocket = "count", api = Chat)]
/// async fn count(connection: Connection) -> Result<(), Error> {
///     for text in ["one", "two", "three"] {
///         connection.send(&Line { text: text.into() }).await?;
///     }
///     Ok(())
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct Connection {
    id: String,
    connected_at: SystemTime,
    source_ip: Option<IpAddr>,
    management: Management,
}

impl Connection {
    /// Its id, by which a [`Sender`](crate::Sender) reaches it as well.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it began.
    pub fn connected_at(&self) -> SystemTime {
        self.connected_at
    }

    /// Who has connected, as the gateway saw it.
    pub fn source_ip(&self) -> Option<IpAddr> {
        self.source_ip
    }

    /// Sends a value as JSON.
    ///
    /// # Errors
    /// [`SendError::Gone`], if the connection has ended; what else stood in the way.
    pub async fn send(&self, message: &impl Serialize) -> Result<(), SendError> {
        self.management.send(&self.id, json(message)?).await
    }

    /// Sends a text as it is.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_text(&self, text: &str) -> Result<(), SendError> {
        self.management.send(&self.id, text.into()).await
    }

    /// Closes it.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn close(&self) -> Result<(), SendError> {
        self.management.close(&self.id).await
    }
}

impl<A: ApiType + 'static> FromEvent<WebSocket<A>> for Connection {
    const NEEDS: Needs = Needs::connections::<A>();

    async fn from_event<'a>(event: &'a SocketEvent<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        let said = RequestContext::read(event)?;
        Ok(Self {
            id: said.connection_id.into_owned(),
            connected_at: time(said.connected_at),
            source_ip: said.identity.source_ip.and_then(|ip| ip.parse().ok()),
            management: Management::of::<A>(scope)?,
        })
    }
}
