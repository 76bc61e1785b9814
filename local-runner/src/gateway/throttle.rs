//! How many requests the routes of an API take before they are answered with 429.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use skyloom_manifest::{Api, Manifest, Throttle};

use crate::clock::Clock;

/// A token bucket for each route that has a limit: its own, or the API's for each of its routes.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html>
pub(super) struct Limits {
    buckets: Buckets,
    /// By the name of the function behind the route, or of the route if it has none.
    throttles: HashMap<String, Throttle>,
}

impl Limits {
    pub(super) fn new(manifest: &Manifest, api: &Api, clock: Clock) -> Self {
        let of_functions = manifest.routes(&api.name).filter_map(|route| {
            let throttle = route.guards.throttle.or(api.throttle)?;
            Some((route.function.name.clone(), throttle))
        });
        let others = manifest.integrations_of(&api.name).filter_map(|it| Some((it.name.clone(), api.throttle?)));
        let throttles = of_functions.chain(others).chain(preflights(manifest, api));
        Self { throttles: throttles.collect(), buckets: Buckets::new(clock) }
    }

    /// The same of a WebSocket API, whose routes take connections and messages.
    pub(super) fn of_sockets(manifest: &Manifest, api: &Api, clock: Clock) -> Self {
        let throttles = manifest.socket_routes(&api.name).filter_map(|route| {
            let throttle = route.throttle.or(api.throttle)?;
            Some((route.function.name.clone(), throttle))
        });
        Self { throttles: throttles.collect(), buckets: Buckets::new(clock) }
    }

    /// Whether the route takes one more request, connection or message now.
    pub(super) fn admit(&self, function: &str) -> bool {
        self.throttles.get(function).is_none_or(|throttle| self.buckets.take(function, *throttle))
    }
}

/// A REST API has a method for the preflights of each of its paths, which is one of its routes.
fn preflights(manifest: &Manifest, api: &Api) -> impl Iterator<Item = (String, Throttle)> {
    let throttle = api.throttle.filter(|_| api.rest().is_some() && api.cors.is_some());
    let paths = manifest.routes(&api.name).map(|route| route.path);
    let paths = paths.chain(manifest.integrations_of(&api.name).map(|it| it.path.as_str()));
    paths.filter_map(move |path| Some((of_preflight(path), throttle?)))
}

/// The name of the method for the preflights of a path.
pub(super) fn of_preflight(path: &str) -> String {
    format!("OPTIONS {path}")
}

/// Token buckets by name. Each is full at first, holds as many tokens as may be sent at once, and gets the rate's number of them a
/// second.
pub(super) struct Buckets {
    clock: Clock,
    levels: Mutex<HashMap<String, Level>>,
}

/// How full a bucket was, and when.
#[derive(Clone, Copy)]
struct Level {
    tokens: f64,
    at: Duration,
}

impl Buckets {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, levels: Mutex::default() }
    }

    /// Takes a token, if there is one.
    pub(super) fn take(&self, name: &str, throttle: Throttle) -> bool {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, most) = (self.clock.since_epoch(), f64::from(throttle.burst));
        let level = levels.entry(name.to_owned()).or_insert(Level { tokens: most, at: now });
        let gained = now.saturating_sub(level.at).as_secs_f64() * f64::from(throttle.rate);
        let tokens = most.min(level.tokens + gained);
        let is_there = tokens >= 1.0;
        *level = Level { tokens: if is_there { tokens - 1.0 } else { tokens }, at: now };
        is_there
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use proptest::prelude::*;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn as_many_as_may_be_sent_at_once_and_then_the_rate() {
        let buckets = Buckets::new(Clock::starting_at(UNIX_EPOCH));
        let throttle = Throttle { rate: 2, burst: 3 };
        let take = || buckets.take("a", throttle);
        assert_eq!([take(), take(), take(), take()], [true, true, true, false]);
        assert!(buckets.take("b", throttle), "another bucket is full");
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!([take(), take()], [true, false]);
        tokio::time::advance(Duration::from_secs(3_600)).await;
        assert_eq!([take(), take(), take(), take()], [true, true, true, false]);
    }

    proptest! {
        #[test]
        fn never_more_than_the_burst_and_the_rate_of_the_time(
            rate in 1_u32..50,
            burst in 1_u32..20,
            waits in prop::collection::vec(0_u64..400, 1..200),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
            let (taken, elapsed) = runtime.block_on(async {
                let buckets = Buckets::new(Clock::starting_at(UNIX_EPOCH));
                let (mut taken, mut elapsed) = (0_u32, 0);
                for wait in waits {
                    tokio::time::advance(Duration::from_millis(wait)).await;
                    elapsed += wait;
                    taken += u32::from(buckets.take("a", Throttle { rate, burst }));
                }
                (f64::from(taken), Duration::from_millis(elapsed).as_secs_f64())
            });
            prop_assert!(taken <= f64::from(burst) + elapsed * f64::from(rate) + 1e-6);
        }
    }
}
