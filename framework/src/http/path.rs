use serde::de::DeserializeOwned;

use super::{Http, RequestEvent};
use crate::{
    FromEvent, Rejection, Scope,
    auth::{Authorize, AuthorizerEvent},
    text,
};

/// The path parameters: one value, a tuple in the order of the path, or a struct with the parameters' names.
///
/// They are percent-decoded. A value that does not fit is 400.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<P: 'static, T: DeserializeOwned> FromEvent<Http<P>> for Path<T> {
    async fn from_event<'a>(event: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        read(event).map(Self)
    }
}

impl<T: DeserializeOwned> FromEvent<Authorize> for Path<T> {
    async fn from_event<'a>(event: &'a AuthorizerEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        read(event.request()?).map(Self)
    }
}

fn read<T: DeserializeOwned>(event: &RequestEvent<'_>) -> Result<T, Rejection> {
    text::from_values(event.path_pairs()?)
        .map_err(|error| Rejection::Invalid(format!("the path does not fit: {error}").into()))
}
