//! Replies that the API keeps, and gives again without asking the function.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, header};
use skyloom_manifest::{Api, Manifest, Place};

use super::event::RequestPart;
use crate::{clock::Clock, gateway::memory::Memory, streamed_body::StreamedBody};

/// A longer body is not kept.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html>
const LONGEST: usize = 1_048_576;

const WARNING: HeaderName = HeaderName::from_static("warning");
/// That a client asked for what it may not. AWS says that there is such a header; no source was found for what is in it.
const IGNORED: HeaderValue =
    HeaderValue::from_static("199 Cache-control headers were ignored because the caller was unauthorized.");

/// The replies of routes that have a `cache`, whatever their status.
pub(super) struct Cache {
    clock: Clock,
    /// By the name of the function.
    kept: HashMap<String, Kept>,
    replies: Mutex<Memory<Key, Response<Bytes>>>,
}

/// How replies of a route are kept.
struct Kept {
    ttl: Duration,
    by: Vec<(Place, String)>,
}

/// A request as far as it tells replies apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    function: String,
    values: Vec<Vec<String>>,
}

impl Key {
    fn bytes(&self) -> usize {
        self.values.iter().flatten().map(String::len).sum()
    }
}

impl Cache {
    pub(super) fn new(manifest: &Manifest, api: &Api, clock: Clock) -> Self {
        let kept = manifest.routes(&api.name).filter_map(|route| {
            let ttl = Duration::from_secs(route.guards.cache.as_ref()?.ttl.into());
            Some((route.function.name.clone(), Kept { ttl, by: route.cache_key() }))
        });
        let size = api.rest().and_then(|rest| rest.cache_size.as_deref()).map_or(0, bytes);
        Self { kept: kept.collect(), clock, replies: Mutex::new(Memory::new(size)) }
    }

    /// What tells the reply to a request apart from others, if the route keeps any.
    pub(super) fn key(&self, function: &str, request: &RequestPart) -> Option<Key> {
        let kept = self.kept.get(function)?;
        let values = kept.by.iter().map(|(place, name)| request.values(*place, name)).collect();
        Some(Key { function: function.to_owned(), values })
    }

    /// The reply that is kept, if it still holds.
    pub(super) fn get(&self, key: &Key) -> Option<Response<Bytes>> {
        let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        replies.get(key, self.clock.since_epoch()).cloned()
    }

    pub(super) fn keep(&self, key: Key, reply: &Response<Bytes>) {
        let is_short = reply.body().len() <= LONGEST && !StreamedBody::is_in(reply);
        let Some(kept) = self.kept.get(&key.function).filter(|_| is_short) else { return };
        let (bytes, until) = (key.bytes() + reply.body().len(), self.clock.since_epoch() + kept.ttl);
        self.replies.lock().unwrap_or_else(PoisonError::into_inner).put(key, reply.clone(), bytes, until);
    }
}

/// The bytes of a size in GB, as the cache's sizes are called: `"0.5"`.
fn bytes(size: &str) -> usize {
    let (whole, tenths) = size.split_once('.').unwrap_or((size, "0"));
    let number = |digits: &str| digits.parse().unwrap_or(0_usize); // the manifest's rules know the sizes
    (number(whole) * 10 + number(tenths)).saturating_mul(100 * 1024 * 1024)
}

/// Whether the client wants a reply that is not kept.
pub(super) fn wants_anew(request: &HeaderMap) -> bool {
    let values = request.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|list| list.split(',')).any(|directive| directive.trim().eq_ignore_ascii_case("max-age=0"))
}

/// Tells a client that it was not given what it wanted: only who signs with IAM can have the right to it,
/// `execute-api:InvalidateCache`. That is the default of a stage, `SUCCEED_WITH_RESPONSE_HEADER`, and neither CloudFormation nor an
/// import can say otherwise: that anybody may, that there is no header, or that the answer is 403.
pub(super) fn warn(reply: &mut Response<Bytes>) {
    reply.headers_mut().insert(WARNING, IGNORED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_in_gigabytes() {
        assert_eq!(["0.5", "6.1", "118"].map(bytes), [524_288_000, 6_396_313_600, 123_731_968_000]);
    }

    #[test]
    fn max_age_0_asks_for_a_new_reply() {
        let wants = |value: &'static str| {
            wants_anew(&HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static(value))]))
        };
        assert!(wants("max-age=0") && wants("no-transform, Max-Age=0"));
        assert!(!wants("max-age=60") && !wants("no-cache") && !wants_anew(&HeaderMap::new()));
    }
}
