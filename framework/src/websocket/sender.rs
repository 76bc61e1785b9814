use std::{fmt, marker::PhantomData, pin::pin};

use futures_util::{Stream, StreamExt as _, stream};
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use skyloom_manifest::bridge::{ApiType, BoxFuture, connections_variable};

use crate::{
    Error, FromEvent, Needs, Rejection, Scope, Trigger,
    aws::json::{CallError, Client, Service},
};

static EXECUTE_API: Service = Service { name: "execute-api", target: "", endpoint_variable: "EXECUTE_API" };

/// So many connections of [`Sender::send_to_all`] are sent to at once.
const AT_ONCE: usize = 16;

/// RFC 3986's unreserved characters stand as they are.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Sends on any connection of the WebSocket API `A`, by its id. An argument of every handler, whatever its trigger.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Api, Change, Error, Public, Sender, Table, Write, handler};
/// # #[derive(Api)]
/// # #[api(websocket)]
/// # struct Chat;
/// # #[handler(websocket = "$connect", api = Chat, auth = Public)]
/// # async fn connect() {}
/// # #[derive(Table, Serialize, Deserialize)]
/// # #[table(stream = "new-and-old-images")]
/// # struct Order { #[partition_key] id: String, watched_on: String }
/// /// Tells whoever watches an order of each change.
/// #[handler(stream = Order)]
/// async fn tell(change: Change<Order>, chat: Sender<Chat>) -> Result<(), Error> {
///     let Some(order) = change.into_new() else { return Ok(()) };
///     match chat.send(&order.watched_on, &order).await {
///         Err(error) if error.is_gone() => Ok(()), // nobody watches any more
///         sent => Ok(sent?),
///     }
/// }
/// # fn main() {}
/// ```
pub struct Sender<A> {
    management: Management,
    api: PhantomData<fn() -> A>,
}

impl<A> Sender<A> {
    /// Sends a value as JSON to a connection.
    ///
    /// # Errors
    /// [`SendError::Gone`], if the connection has ended; what else stood in the way.
    pub async fn send(&self, connection_id: &str, message: &impl Serialize) -> Result<(), SendError> {
        self.management.send(connection_id, json(message)?).await
    }

    /// Sends a text as it is to a connection.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_text(&self, connection_id: &str, text: &str) -> Result<(), SendError> {
        self.management.send(connection_id, text.into()).await
    }

    /// Sends the same value as JSON to several connections, a few at a time, and returns the ids of those that have ended.
    ///
    /// # Errors
    /// What stood in the way first, other than that a connection has ended. It was sent to all others all the same.
    pub fn send_to_all<I: Into<String>, M: Serialize>(
        &self,
        connection_ids: impl IntoIterator<Item = I>,
        message: &M,
    ) -> BoxFuture<'static, Result<Vec<String>, SendError>> {
        // The ids are taken here and not while messages are on their way, which would ask more of the iterator than most can do.
        let ids = connection_ids.into_iter().map(Into::into).collect();
        Box::pin(send_to_all(self.management.clone(), ids, json(message)))
    }

    /// Closes a connection.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn close(&self, connection_id: &str) -> Result<(), SendError> {
        self.management.close(connection_id).await
    }

    /// Whether a connection is open.
    ///
    /// # Errors
    /// What stood in the way.
    pub async fn is_open(&self, connection_id: &str) -> Result<bool, SendError> {
        match self.management.ask(connection_id).await {
            Ok(()) => Ok(true),
            Err(SendError::Gone) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

async fn send_to_all(
    management: Management,
    ids: Vec<String>,
    message: Result<Vec<u8>, SendError>,
) -> Result<Vec<String>, SendError> {
    let message = message?;
    let send = |id: String| {
        let (management, message) = (management.clone(), message.clone());
        async move { management.send(&id, message).await.map_err(|error| (id, error)) }
    };
    outcome(stream::iter(ids).map(send).buffered(AT_ONCE)).await
}

/// Takes all to their end: one connection whose client does not read keeps nothing from the others.
async fn outcome(sent: impl Stream<Item = Result<(), (String, SendError)>>) -> Result<Vec<String>, SendError> {
    let (mut sent, mut gone, mut in_the_way) = (pin!(sent), Vec::new(), None);
    while let Some(result) = sent.next().await {
        match result {
            Ok(()) => {}
            Err((id, SendError::Gone)) => gone.push(id),
            Err((_, error)) => in_the_way = in_the_way.or(Some(error)),
        }
    }
    in_the_way.map_or(Ok(gone), Err)
}

impl<A> Clone for Sender<A> {
    fn clone(&self) -> Self {
        Self { management: self.management.clone(), api: PhantomData }
    }
}

impl<A> fmt::Debug for Sender<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<A: ApiType, E: Trigger> FromEvent<E> for Sender<A> {
    const NEEDS: Needs = Needs::connections::<A>();

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        Ok(Self { management: Management::of::<A>(scope)?, api: PhantomData })
    }
}

/// Why something could not be done on a connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The connection has ended, or is not open yet.
    #[error("the connection is gone")]
    Gone,
    /// The message is longer than the 128 KB that API Gateway takes.
    #[error("the message is longer than the 128 KB that a WebSocket API takes")]
    TooLarge,
    /// Too much is sent, or the client does not read what was sent before.
    #[error("the connection takes no more for now")]
    LimitExceeded,
    /// The message cannot be JSON.
    #[error("the message cannot be JSON: {0}")]
    NotJson(String),
    /// API Gateway says no, or could not be asked.
    #[error("{0}")]
    Failed(String),
}

impl SendError {
    /// Whether the connection has ended, so that its id can be forgotten.
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Gone)
    }

    fn of(error: CallError) -> Self {
        match error {
            CallError::Refused { code, .. } if code == "GoneException" => Self::Gone,
            CallError::Refused { code, .. } if code == "PayloadTooLargeException" => Self::TooLarge,
            CallError::Refused { code, .. } if code == "LimitExceededException" => Self::LimitExceeded,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<SendError> for Error {
    fn from(error: SendError) -> Self {
        match error {
            SendError::LimitExceeded => Self::throttled().with_source(error),
            SendError::Gone | SendError::TooLarge | SendError::NotJson(_) | SendError::Failed(_) => {
                Self::internal(error)
            }
        }
    }
}

/// The management API of a WebSocket API, as the function that asks.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html>
#[derive(Clone, Debug)]
pub(super) struct Management(Client);

impl Management {
    pub(super) fn of<A: ApiType>(scope: &Scope) -> Result<Self, Rejection> {
        let variable = connections_variable(A::NAME);
        let url = scope.variable(&variable).filter(|url| !url.is_empty());
        let url = url.ok_or_else(|| {
            Rejection::Internal(
                format!("the environment variable {variable} is not set, as the template sets it").into(),
            )
        })?;
        Ok(Self(scope.client_at(&EXECUTE_API, &url)))
    }

    pub(super) async fn send(&self, connection_id: &str, message: Vec<u8>) -> Result<(), SendError> {
        self.call(Method::POST, connection_id, message).await
    }

    pub(super) async fn close(&self, connection_id: &str) -> Result<(), SendError> {
        self.call(Method::DELETE, connection_id, Vec::new()).await
    }

    async fn ask(&self, connection_id: &str) -> Result<(), SendError> {
        self.call(Method::GET, connection_id, Vec::new()).await
    }

    async fn call(&self, method: Method, connection_id: &str, body: Vec<u8>) -> Result<(), SendError> {
        let path = format!("/@connections/{}", utf8_percent_encode(connection_id, RESERVED));
        self.0.raw(method, path, body).await.map(drop).map_err(SendError::of)
    }
}

pub(super) fn json(message: &impl Serialize) -> Result<Vec<u8>, SendError> {
    serde_json::to_vec(message).map_err(|error| SendError::NotJson(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_api_gateway_says_is_told_apart() {
        let refused = |code: &str| SendError::of(CallError::Refused { code: code.into(), message: "no".into() });
        assert!(refused("GoneException").is_gone());
        assert_eq!(refused("PayloadTooLargeException"), SendError::TooLarge);
        assert_eq!(refused("LimitExceededException"), SendError::LimitExceeded);
        assert_eq!(refused("ForbiddenException"), SendError::Failed("ForbiddenException: no".into()));
    }

    #[tokio::test]
    async fn what_stands_in_the_way_of_one_keeps_nothing_from_the_others() {
        let mut tried = 0;
        let sent = [
            Err(("a", SendError::LimitExceeded)),
            Err(("b", SendError::Gone)),
            Err(("c", SendError::TooLarge)),
            Ok(()),
        ];
        let sent = sent.into_iter().inspect(|_| tried += 1).map(|it| it.map_err(|(id, error)| (id.to_owned(), error)));
        assert_eq!(outcome(stream::iter(sent)).await, Err(SendError::LimitExceeded));
        assert_eq!(tried, 4);
    }

    #[tokio::test]
    async fn those_that_have_ended_are_named() {
        let sent = [Ok(()), Err(("b".to_owned(), SendError::Gone))];
        assert_eq!(outcome(stream::iter(sent)).await, Ok(vec!["b".to_owned()]));
    }

    #[test]
    fn an_error_of_sending_is_not_the_callers_fault() {
        assert_eq!(Error::from(SendError::Gone).status(), 500);
        assert_eq!(Error::from(SendError::LimitExceeded).status(), 503);
    }
}
