use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::Stream;
use tracing::Span;

use crate::Error;

/// A body that is made while it is sent.
pub(crate) struct Chunks {
    stream: Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>,
    /// What is logged meanwhile belongs to it.
    span: Span,
}

impl Chunks {
    pub(crate) fn new(stream: impl Stream<Item = Result<Bytes, Error>> + Send + 'static) -> Self {
        Self { stream: Box::pin(stream), span: Span::none() }
    }
}

impl Chunks {
    /// The same as a part of the invocation that is under way.
    pub(super) fn of_invocation(self) -> Self {
        Self { span: Span::current(), ..self }
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let _entered = this.span.enter();
        let next = ready!(this.stream.as_mut().poll_next(context));
        if let Some(Err(error)) = &next {
            tracing::error!(error = %error.chain(), "the reply broke off");
        }
        Poll::Ready(next)
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").finish_non_exhaustive()
    }
}
