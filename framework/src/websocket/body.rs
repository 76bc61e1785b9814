//! Arguments that are made of the message, or of the query string that the connection began with.

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;

use super::{SocketEvent, WebSocket};
use crate::{FromEvent, Json, Query, Rejection, Scope, http::parse_json};

/// The message as JSON.
impl<A: 'static, T: DeserializeOwned> FromEvent<WebSocket<A>> for Json<T> {
    async fn from_event<'a>(event: &'a SocketEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        let message = event.message()?;
        if message.is_empty() {
            return Err(Rejection::Missing("the message is empty: send JSON".into()));
        }
        parse_json(&message)
            .map(Self)
            .map_err(|error| Rejection::Invalid(format!("the message does not fit: {error}").into()))
    }
}

/// The message as it is.
impl<A: 'static> FromEvent<WebSocket<A>> for Bytes {
    async fn from_event<'a>(event: &'a SocketEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        Ok(event.message()?.into_owned().into())
    }
}

/// The message as text.
impl<A: 'static> FromEvent<WebSocket<A>> for String {
    async fn from_event<'a>(event: &'a SocketEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        Self::from_utf8(event.message()?.into_owned()).map_err(|_| Rejection::Invalid("the message is no text".into()))
    }
}

/// The query string that the connection began with; messages come without it.
impl<A: 'static, T: DeserializeOwned> FromEvent<WebSocket<A>> for Query<T> {
    async fn from_event<'a>(event: &'a SocketEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let pairs = event.query_pairs()?;
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        serde_html_form::from_str(&pairs.join("&")).map(Self).map_err(|error| {
            let message = format!("the query string does not fit: {error}").into();
            if pairs.is_empty() { Rejection::Missing(message) } else { Rejection::Invalid(message) }
        })
    }
}
