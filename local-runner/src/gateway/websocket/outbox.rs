//! What waits for a client. It is bounded, so that a client that does not read costs the runner no more than this, and others nothing.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::connections::Unsent;

/// So many bytes wait for a client; AWS calls it the client side buffer and does not say how large it is.
const ROOM: usize = 1024 * 1024;
/// What a message takes beside its text.
const OVERHEAD: usize = 128;

/// Where messages for a client are put. A clone is the same one.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    messages: mpsc::UnboundedSender<Waiting>,
    room: Arc<Semaphore>,
}

/// Where a client's messages are taken from.
#[derive(Debug)]
pub(crate) struct Inbox {
    messages: mpsc::UnboundedReceiver<Waiting>,
    room: Arc<Semaphore>,
}

#[derive(Debug)]
struct Waiting {
    text: String,
    _room: OwnedSemaphorePermit,
}

pub(super) fn outbox() -> (Outbox, Inbox) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let room = Arc::new(Semaphore::new(ROOM));
    (Outbox { messages: sender, room: Arc::clone(&room) }, Inbox { messages: receiver, room })
}

impl Outbox {
    /// Puts a message where there is room for it.
    pub(super) fn try_send(&self, text: String) -> Result<(), Unsent> {
        match Arc::clone(&self.room).try_acquire_many_owned(size(&text)) {
            Ok(room) => self.put(text, room),
            Err(_) if self.room.is_closed() => Err(Unsent::Gone),
            Err(_) => Err(Unsent::Full),
        }
    }

    /// Waits until there is room.
    pub(super) async fn send(&self, text: String) -> Result<(), Unsent> {
        let room = Arc::clone(&self.room).acquire_many_owned(size(&text)).await;
        self.put(text, room.map_err(|_| Unsent::Gone)?)
    }

    fn put(&self, text: String, room: OwnedSemaphorePermit) -> Result<(), Unsent> {
        self.messages.send(Waiting { text, _room: room }).map_err(|_| Unsent::Gone)
    }
}

impl Inbox {
    /// The next message, or nothing once the connection was closed from here and all that was sent before is taken.
    pub(crate) async fn recv(&mut self) -> Option<String> {
        self.messages.recv().await.map(|waiting| waiting.text)
    }

    /// The next message, if there is one.
    pub(crate) fn try_recv(&mut self) -> Option<String> {
        self.messages.try_recv().ok().map(|waiting| waiting.text)
    }

    /// From now on all messages find room: the client keeps what it is sent by itself.
    pub(crate) fn keep_all(&self) {
        self.room.add_permits(Semaphore::MAX_PERMITS - ROOM);
    }
}

/// Who waits for room waits in vain.
impl Drop for Inbox {
    fn drop(&mut self) {
        self.room.close();
    }
}

/// A message that is longer than all the room takes all of it.
fn size(text: &str) -> u32 {
    u32::try_from(text.len().saturating_add(OVERHEAD).min(ROOM)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn long() -> String {
        "x".repeat(ROOM / 2)
    }

    #[tokio::test]
    async fn a_reply_waits_for_room_and_another_message_is_refused() {
        let (outbox, mut inbox) = outbox();
        outbox.try_send(long()).unwrap();
        assert_eq!(outbox.try_send(long()), Err(Unsent::Full));
        let mut reply = Box::pin(outbox.send(long()));
        assert_eq!(reply.as_mut().now_or_never(), None);
        assert!(inbox.recv().await.is_some());
        assert_eq!(reply.await, Ok(()));
    }

    #[tokio::test]
    async fn many_short_messages_take_room_too() {
        let (outbox, _inbox) = outbox();
        let taken = (0..).take_while(|_| outbox.try_send(String::new()).is_ok()).count();
        assert_eq!(taken, ROOM / OVERHEAD);
    }

    #[tokio::test]
    async fn a_message_that_is_longer_than_the_room_is_taken_where_nothing_else_waits() {
        let (outbox, mut inbox) = outbox();
        outbox.try_send("x".repeat(2 * ROOM)).unwrap();
        assert_eq!(outbox.try_send(String::new()), Err(Unsent::Full));
        assert_eq!(inbox.recv().await.map(|text| text.len()), Some(2 * ROOM));
        assert_eq!(outbox.try_send(String::new()), Ok(()));
    }

    #[tokio::test]
    async fn what_waits_for_room_ends_with_the_client() {
        let (outbox, inbox) = outbox();
        outbox.try_send(long()).unwrap();
        let reply = outbox.send(long());
        drop(inbox);
        assert_eq!(reply.await, Err(Unsent::Gone));
        assert_eq!(outbox.try_send(String::new()), Err(Unsent::Gone));
    }

    #[tokio::test]
    async fn who_keeps_all_by_itself_is_never_full() {
        let (outbox, inbox) = outbox();
        inbox.keep_all();
        assert!((0..8).all(|_| outbox.try_send(long()).is_ok()));
    }
}
