//! Invocations that go on when nobody waits for them any more.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use skyloom_manifest::bridge::BoxFuture;
use tokio::runtime::Handle;

/// An invocation as its caller sees it. Whoever stops waiting for it, an API at its limit or a client that hangs up, stops nothing:
/// Lambda runs it to its end all the same.
pub(super) struct Invoked<T: Send + 'static> {
    /// Nothing once it has ended.
    work: Option<BoxFuture<'static, T>>,
    has_begun: bool,
    abandoned: Abandoned,
}

impl<T: Send + 'static> Invoked<T> {
    pub(super) fn new(work: BoxFuture<'static, T>, abandoned: &Abandoned) -> Self {
        Self { work: Some(work), has_begun: false, abandoned: abandoned.clone() }
    }
}

impl<T: Send + 'static> Future for Invoked<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.has_begun = true;
        let Some(work) = &mut self.work else { return Poll::Pending };
        let ended = ready!(work.as_mut().poll(context));
        self.work = None;
        Poll::Ready(ended)
    }
}

impl<T: Send + 'static> Drop for Invoked<T> {
    fn drop(&mut self) {
        let Some(work) = self.work.take().filter(|_| self.has_begun) else { return };
        // Without a runtime everything has ended.
        if let Ok(runtime) = Handle::try_current() {
            let counted = self.abandoned.one_more();
            runtime.spawn(async move {
                work.await;
                drop(counted);
            });
        }
    }
}

/// How many invocations are at work that nobody waits for.
#[derive(Clone, Debug, Default)]
pub(super) struct Abandoned(Arc<AtomicUsize>);

impl Abandoned {
    pub(super) fn are_any(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 0
    }

    fn one_more(&self) -> Counted {
        self.0.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(&self.0))
    }
}

/// One of them, until it is dropped.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
