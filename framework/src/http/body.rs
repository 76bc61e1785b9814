use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;

use super::{
    Http, RequestEvent,
    event::{Text, decode},
};
use crate::{FromEvent, Rejection, Scope};

impl<'a> RequestEvent<'a> {
    /// The body as the client sent it; empty if there is none.
    pub(super) fn body_bytes(&self) -> Result<Cow<'a, [u8]>, Rejection> {
        let Some(raw) = self.body else { return Ok(Cow::Borrowed(&[])) };
        let text = decode::<Option<Text<'a>>>(raw)?.map_or(Cow::Borrowed(""), |text| text.0);
        if self.is_base64_encoded {
            let bytes = BASE64.decode(text.as_bytes());
            return bytes.map(Cow::Owned).map_err(|_| Rejection::Internal("the event's body is no base64".into()));
        }
        Ok(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        })
    }

    /// The body, if its media type is one of those that `accepts`; a body without a media type is taken as it is.
    pub(super) fn body_of_type(
        &self,
        wanted: &'static str,
        accepts: fn(&str) -> bool,
    ) -> Result<Cow<'a, [u8]>, Rejection> {
        let body = self.body_bytes()?;
        if body.is_empty() {
            return Err(Rejection::Missing(format!("the request has no body: send `{wanted}`").into()));
        }
        match self.header("content-type")? {
            Some(kind) if !accepts(essence(&kind)) => Err(Rejection::UnsupportedMediaType(
                format!("the body is `{}`: send it with `content-type: {wanted}`", essence(&kind)).into(),
            )),
            _ => Ok(body),
        }
    }
}

/// A media type without its parameters.
fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// The body as it is, whatever its media type; empty if there is none.
impl<P: 'static> FromEvent<Http<P>> for Bytes {
    async fn from_event<'a>(event: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        Ok(event.body_bytes()?.into_owned().into())
    }
}
