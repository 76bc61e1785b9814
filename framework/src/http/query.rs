use serde::de::DeserializeOwned;

use super::{Http, RequestEvent};
use crate::{
    FromEvent, Rejection, Scope,
    auth::{Authorize, AuthorizerEvent},
};

/// The query string. A parameter given several times fills a `Vec`; `Option` fields may be left out.
///
/// `Option<Query<T>>` is `None` where the request has no query string at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<T>(pub T);

impl<P: 'static, T: DeserializeOwned> FromEvent<Http<P>> for Query<T> {
    async fn from_event<'a>(event: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        read(event).map(Self)
    }
}

impl<T: DeserializeOwned> FromEvent<Authorize> for Query<T> {
    async fn from_event<'a>(event: &'a AuthorizerEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        read(event.request()?).map(Self)
    }
}

fn read<T: DeserializeOwned>(event: &RequestEvent<'_>) -> Result<T, Rejection> {
    let text = event.query_string()?;
    serde_html_form::from_str(&text).map_err(|error| {
        let message = format!("the query string does not fit: {error}").into();
        if text.is_empty() { Rejection::Missing(message) } else { Rejection::Invalid(message) }
    })
}
