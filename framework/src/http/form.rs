use serde::de::DeserializeOwned;

use super::{Http, RequestEvent};
use crate::{FromEvent, Rejection, Scope};

/// The body of an HTML form, `application/x-www-form-urlencoded`. A field given several times fills a `Vec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form<T>(pub T);

impl<P: 'static, T: DeserializeOwned> FromEvent<Http<P>> for Form<T> {
    async fn from_event<'a>(event: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        let body = event.body_of_type("application/x-www-form-urlencoded", is_form)?;
        serde_html_form::from_bytes(&body)
            .map(Self)
            .map_err(|error| Rejection::Invalid(format!("the form does not fit: {error}").into()))
    }
}

fn is_form(media_type: &str) -> bool {
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
