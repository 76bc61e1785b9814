//! Replies that come while they are sent, and clients that do not keep up with them.

use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use hyper::body::Frame;
use tokio::sync::mpsc;

use crate::{invoke::InvokeError, streamed_body::Parts};

/// So many parts are handed to the connection before it has sent them.
const PARTS_AHEAD: usize = 16;
/// A client that takes nothing for so long while something waits for it gets no more.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads on whether or not the client does: one that hangs up, or stops reading, keeps no function at work and ends none. What waits for the
/// client is at most what Lambda lets a function stream.
pub(super) fn detached(parts: Parts) -> mpsc::Receiver<Result<Bytes, BrokenOff>> {
    let (sender, receiver) = mpsc::channel(PARTS_AHEAD + 1);
    tokio::spawn(pass_on(parts, sender));
    receiver
}

/// Why a reply is not whole.
#[derive(Debug, thiserror::Error)]
pub(super) enum BrokenOff {
    #[error(transparent)]
    Function(#[from] InvokeError),
    #[error("the client does not read")]
    Client(#[from] io::Error),
}

async fn pass_on(mut parts: Parts, sender: mpsc::Sender<Result<Bytes, BrokenOff>>) {
    // Room for the word that the rest will not come.
    let mut last = sender.clone().try_reserve_owned().ok();
    let (mut waiting, mut comes) = (VecDeque::new(), true);
    while comes || !waiting.is_empty() {
        tokio::select! {
            part = parts.next(), if comes => match part {
                Some(part) if last.is_some() => waiting.push_back(part),
                Some(_) => {}
                None => comes = false,
            },
            place = tokio::time::timeout(PATIENCE, sender.reserve()), if !waiting.is_empty() => {
                match (place, waiting.pop_front()) {
                    (Ok(Ok(place)), Some(part)) => place.send(part.map_err(BrokenOff::from)),
                    _ => {
                        waiting.clear();
                        let stopped = io::Error::from(io::ErrorKind::TimedOut).into();
                        last.take().map(|last| last.send(Err(stopped)));
                    }
                }
            }
        }
    }
}

pub(super) struct ReceiverStream(pub(super) mpsc::Receiver<Result<Bytes, BrokenOff>>);

impl Stream for ReceiverStream {
    type Item = Result<Frame<Bytes>, BrokenOff>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use tokio::sync::oneshot;

    use super::*;

    /// A reply of a hundred parts, and when its function has ended.
    fn reply() -> (Parts, oneshot::Receiver<()>) {
        let (end, ended) = oneshot::channel();
        let parts = stream::iter(0..100_u8).map(|n| Ok(Bytes::from(vec![n])));
        let end = stream::once(async move { end.send(()) }).filter_map(|_| async { None });
        (parts.chain(end).boxed(), ended)
    }

    #[tokio::test]
    async fn a_client_that_reads_gets_all() {
        let mut received = detached(reply().0);
        for n in 0..100 {
            assert_eq!(received.recv().await.unwrap().unwrap(), vec![n]);
        }
        assert!(received.recv().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_keeps_no_function_at_work_and_gets_no_whole_reply() {
        let (parts, ended) = reply();
        let mut received = detached(parts);
        ended.await.unwrap();
        tokio::time::sleep(PATIENCE * 2).await; // of the test's clock
        for n in 0..PARTS_AHEAD {
            assert_eq!(usize::from(received.recv().await.unwrap().unwrap()[0]), n);
        }
        assert!(matches!(received.recv().await, Some(Err(BrokenOff::Client(_)))));
        assert!(received.recv().await.is_none());
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_ends_no_function() {
        let (parts, ended) = reply();
        drop(detached(parts));
        ended.await.unwrap();
    }
}
