use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::{Http, RequestEvent};
use crate::{
    FromEvent, Rejection, Scope,
    auth::{Authorize, AuthorizerEvent},
    text,
};

/// Headers, as the fields of a struct: `if_match: Option<String>` is the header `If-Match`.
///
/// A field's name is the header's in lower case with `_` for `-`; `#[serde(rename = "x-trace-id")]` names it as it is.
/// A list, `Vec<String>`, takes the values between the commas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Header<T>(pub T);

impl<P: 'static, T: DeserializeOwned> FromEvent<Http<P>> for Header<T> {
    async fn from_event<'a>(event: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        read(event).map(Self)
    }
}

impl<T: DeserializeOwned> FromEvent<Authorize> for Header<T> {
    async fn from_event<'a>(event: &'a AuthorizerEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        read(event.request()?).map(Self)
    }
}

fn read<T: DeserializeOwned>(event: &RequestEvent<'_>) -> Result<T, Rejection> {
    let mut pairs = event.header_pairs()?;
    for at in 0..pairs.len() {
        if pairs[at].0.contains('-') {
            let alias = Cow::Owned(pairs[at].0.replace('-', "_"));
            pairs.push((alias, pairs[at].1.clone()));
        }
    }
    text::from_pairs(pairs).map_err(|error| Rejection::Invalid(format!("the headers do not fit: {error}").into()))
}
