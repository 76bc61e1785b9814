//! Bodies of responses that are sent while they are made.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, stream::BoxStream};
use http::Response;

use crate::invoke::InvokeError;

/// The parts of a body. An error is that the function broke off: the body is not whole.
pub(crate) type Parts = BoxStream<'static, Result<Bytes, InvokeError>>;

/// The body of a response, as an extension of it, in place of its own, which is empty. Who reads it keeps at work what makes it.
#[derive(Clone)]
pub(crate) struct StreamedBody(Arc<Mutex<Option<Parts>>>);

impl StreamedBody {
    pub(crate) fn put<B>(
        parts: impl Stream<Item = Result<Bytes, InvokeError>> + Send + 'static,
        response: &mut Response<B>,
    ) {
        response.extensions_mut().insert(Self(Arc::new(Mutex::new(Some(parts.boxed())))));
    }

    pub(crate) fn is_in<B>(response: &Response<B>) -> bool {
        response.extensions().get::<Self>().is_some()
    }

    /// Takes it; a response has it once.
    pub(crate) fn take_from<B>(response: &mut Response<B>) -> Option<Parts> {
        let Self(parts) = response.extensions_mut().remove()?;
        parts.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Reads it to its end, for whoever takes a response whole.
    pub(crate) async fn collect(response: &mut Response<Bytes>) {
        let Some(mut parts) = Self::take_from(response) else { return };
        let mut whole = BytesMut::new();
        while let Some(Ok(part)) = parts.next().await {
            whole.extend_from_slice(&part);
        }
        *response.body_mut() = whole.freeze();
    }
}

impl fmt::Debug for StreamedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedBody").finish_non_exhaustive()
    }
}
