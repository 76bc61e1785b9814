use std::{
    collections::BTreeMap,
    fmt,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Map, Value};
use tokio::sync::oneshot;

use super::outbox::Outbox;

use crate::signed::Signer;

/// A connection on which nothing is said for so long ends.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html>
const LONGEST_SILENCE: Duration = Duration::from_secs(10 * 60);
/// Every connection ends after so long.
const LONGEST_LIFE: Duration = Duration::from_secs(2 * 60 * 60);

/// The connections of an account's WebSocket APIs. They outlive the version of the application that let them in, as they do at AWS.
/// A clone has the same connections.
#[derive(Clone, Default)]
pub(crate) struct Connections(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    live: BTreeMap<String, Live>,
    /// Closed from here, and not yet told to a function.
    ended: Vec<Ended>,
}

/// A connection.
pub(super) struct Live {
    api: String,
    info: Info,
    outbound: Outbox,
    close: Option<oneshot::Sender<Closing>>,
    /// Nothing can be sent before `$connect` has answered.
    is_open: bool,
    last_active: SystemTime,
}

/// What is known of a connection from its beginning.
#[derive(Clone, Debug)]
pub(super) struct Info {
    pub(super) id: String,
    pub(super) connected_at: SystemTime,
    pub(super) source_ip: IpAddr,
    pub(super) user_agent: Option<String>,
    /// What the authorizer said, which goes with every event.
    pub(super) authorizer: Option<Map<String, Value>>,
    /// Who signed the request, which goes with every event as well.
    pub(super) signer: Option<Signer>,
}

/// How a connection ends: the code of the close frame, and what is said with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Closing {
    pub(crate) code: u16,
    pub(crate) reason: String,
}

/// A connection that has ended.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) api: String,
    pub(super) info: Info,
    pub(super) closing: Closing,
}

/// Why nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsent {
    /// There is no such connection, or not yet.
    Gone,
    /// The client does not read.
    Full,
}

/// What the management API says of a connection.
#[derive(Clone, Debug)]
pub(super) struct Described {
    pub(super) info: Info,
    pub(super) last_active: SystemTime,
}

impl Closing {
    /// A frame or message that is longer than API Gateway takes.
    pub(crate) const TOO_LONG: Known = Known(1009, "Message too long");
    /// API Gateway takes text alone.
    pub(crate) const BINARY: Known = Known(1003, "Binary is not supported");
    /// A client that does not keep to the protocol, in the words of RFC 6455, section 7.4.1.
    pub(crate) const PROTOCOL_ERROR: Known = Known(1002, "Protocol error");
    /// Text that is none.
    pub(crate) const NOT_UTF_8: Known = Known(1007, "Invalid frame payload data");
    /// The time of a connection is over, or the API goes away.
    pub(crate) const GOING_AWAY: Known = Known(1001, "Going away");
    /// By the application.
    pub(crate) const NORMAL: Known = Known(1000, "Connection Closed Normally");
    /// The client has said no code, in the words of a recorded event.
    pub(crate) const NO_STATUS: Known = Known(1005, "Client-side close frame status not set");
    /// The client is gone without a word.
    pub(crate) const ABNORMAL: Known = Known(1006, "Connection closed abnormally");
}

/// A closing that API Gateway has words for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known(u16, &'static str);

impl From<Known> for Closing {
    fn from(Known(code, reason): Known) -> Self {
        Self { code, reason: reason.into() }
    }
}

impl Live {
    pub(super) fn new(
        api: &str,
        info: Info,
        outbound: Outbox,
        close: oneshot::Sender<Closing>,
        now: SystemTime,
    ) -> Self {
        Self { api: api.into(), info, outbound, close: Some(close), is_open: false, last_active: now }
    }

    fn due(&self) -> SystemTime {
        (self.last_active + LONGEST_SILENCE).min(self.info.connected_at + LONGEST_LIFE)
    }

    fn end(self, closing: Closing) -> Ended {
        Ended { api: self.api, info: self.info, closing }
    }
}

impl Connections {
    pub(super) fn add(&self, live: Live) {
        self.state().live.insert(live.info.id.clone(), live);
    }

    /// From now on something can be sent.
    pub(super) fn open(&self, id: &str) {
        if let Some(live) = self.state().live.get_mut(id) {
            live.is_open = true;
        }
    }

    /// A connection that was not let in.
    pub(super) fn forget(&self, id: &str) {
        self.state().live.remove(id);
    }

    /// Something was said on a connection.
    pub(super) fn touch(&self, id: &str, now: SystemTime) -> Option<Info> {
        let mut state = self.state();
        let live = state.live.get_mut(id)?;
        live.last_active = now;
        Some(live.info.clone())
    }

    /// Sends if the client reads.
    pub(super) fn send(&self, id: &str, text: String, now: SystemTime) -> Result<(), Unsent> {
        let mut state = self.state();
        let live = state.live.get_mut(id).filter(|live| live.is_open).ok_or(Unsent::Gone)?;
        live.outbound.try_send(text)?;
        live.last_active = now;
        Ok(())
    }

    /// Where the answers to a client's own messages go, which wait until it reads.
    pub(super) fn outbox(&self, id: &str) -> Option<Outbox> {
        self.state().live.get(id).map(|live| live.outbound.clone())
    }

    pub(super) fn describe(&self, id: &str) -> Option<Described> {
        let state = self.state();
        let live = state.live.get(id).filter(|live| live.is_open)?;
        Some(Described { info: live.info.clone(), last_active: live.last_active })
    }

    /// The API that a connection belongs to.
    pub(super) fn api_of(&self, id: &str) -> Option<String> {
        self.state().live.get(id).map(|live| live.api.clone())
    }

    /// Closes a connection from here. The function is told when what is due is run.
    pub(super) fn close(&self, id: &str, how: impl Into<Closing>) {
        let mut state = self.state();
        if let Some(live) = state.live.remove(id) {
            let ended = closed(live, how.into());
            state.ended.push(ended);
        }
    }

    /// A connection was closed by its client, or broke. Nothing, if it had ended before.
    pub(crate) fn hung_up(&self, id: &str, how: impl Into<Closing>) -> Option<Ended> {
        let live = self.state().live.remove(id)?;
        Some(live.end(how.into()))
    }

    /// Closes those whose time is over, and gives out all that were closed from here.
    pub(crate) fn take_ended(&self, now: SystemTime) -> Vec<Ended> {
        let mut state = self.state();
        let over: Vec<_> = state.live.iter().filter(|(_, live)| live.due() <= now).map(|(id, _)| id.clone()).collect();
        for live in over.iter().filter_map(|id| state.live.remove(id)).collect::<Vec<_>>() {
            let ended = closed(live, Closing::GOING_AWAY.into());
            state.ended.push(ended);
        }
        std::mem::take(&mut state.ended)
    }

    /// When a connection's time is over next.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        let state = self.state();
        if !state.ended.is_empty() {
            return Some(UNIX_EPOCH);
        }
        state.live.values().map(Live::due).min()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn closed(mut live: Live, closing: Closing) -> Ended {
    if let Some(close) = live.close.take() {
        let _ = close.send(closing.clone()); // the client may have gone by itself meanwhile
    }
    live.end(closing)
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("live", &self.state().live.len()).finish_non_exhaustive()
    }
}
