//! What the client of a key may use.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{Timestamp, tz::TimeZone};
use skyloom_manifest::{Period, Quota, UsagePlan};

use super::refusal::Refusal;
use crate::{clock::Clock, gateway::throttle::Buckets};

/// The requests of each key, counted as its usage plan says. A request that is throttled does not count towards the quota.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html>
pub(super) struct Usage {
    plan: UsagePlan,
    clock: Clock,
    buckets: Buckets,
    used: Mutex<HashMap<String, Used>>,
}

/// How many requests there were in a period.
#[derive(Clone, Copy, Default)]
struct Used {
    /// Days, weeks or months since some beginning.
    period: i64,
    requests: u32,
}

impl Usage {
    pub(super) fn new(plan: UsagePlan, clock: Clock) -> Self {
        Self { plan, buckets: Buckets::new(clock.clone()), clock, used: Mutex::default() }
    }

    /// Counts a request with that key, or says why there may be none.
    pub(super) fn count(&self, key: &str) -> Result<(), Refusal> {
        if self.plan.throttle.is_some_and(|throttle| !self.buckets.take(key, throttle)) {
            return Err(Refusal::Throttled);
        }
        self.plan.quota.map_or(Ok(()), |quota| self.count_in_period(key, quota))
    }

    fn count_in_period(&self, key: &str, quota: Quota) -> Result<(), Refusal> {
        let seconds = i64::try_from(self.clock.since_epoch().as_secs()).unwrap_or(i64::MAX);
        let period = number(quota.period, seconds);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let used = used.entry(key.to_owned()).or_default();
        if used.period != period {
            *used = Used { period, requests: 0 };
        }
        if used.requests >= quota.limit {
            return Err(Refusal::QuotaExceeded);
        }
        used.requests += 1;
        Ok(())
    }
}

/// The number of the period in which a second is, all in UTC. A week begins on Sunday, as a quota's does that names no day.
fn number(period: Period, seconds: i64) -> i64 {
    const FROM_SUNDAY_TO_THE_EPOCH: i64 = 4;
    let days = seconds.div_euclid(24 * 60 * 60);
    match period {
        Period::Day => days,
        Period::Week => (days + FROM_SUNDAY_TO_THE_EPOCH).div_euclid(7),
        Period::Month => {
            let date = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX).to_zoned(TimeZone::UTC).date();
            i64::from(date.year()) * 12 + i64::from(date.month())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use skyloom_manifest::Throttle;

    use super::*;

    fn check(period: Period, before: &str, after: &str) {
        let at = |text: &str| number(period, text.parse::<Timestamp>().unwrap().as_second());
        assert_eq!(at(before) + 1, at(after), "{period:?} from {before} to {after}");
    }

    #[test]
    fn a_period_ends_at_midnight_in_utc() {
        check(Period::Day, "2020-03-12T23:59:59Z", "2020-03-13T00:00:00Z");
        check(Period::Week, "2020-03-14T23:59:59Z", "2020-03-15T00:00:00Z"); // a Sunday
        check(Period::Month, "2020-12-31T23:59:59Z", "2021-01-01T00:00:00Z");
        check(Period::Month, "2020-02-29T23:59:59Z", "2020-03-01T00:00:00Z");
    }

    #[tokio::test(start_paused = true)]
    async fn each_key_has_its_own_quota_which_comes_again() {
        let plan = UsagePlan { throttle: None, quota: Some(Quota { limit: 2, period: Period::Day }) };
        let usage = Usage::new(plan, Clock::starting_at(UNIX_EPOCH + Duration::from_secs(1_584_039_838)));
        assert_eq!([usage.count("a"), usage.count("a")], [Ok(()), Ok(())]);
        assert_eq!([usage.count("a"), usage.count("b")], [Err(Refusal::QuotaExceeded), Ok(())]);
        tokio::time::advance(Duration::from_secs(24 * 60 * 60)).await;
        assert_eq!(usage.count("a"), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_throttled_uses_up_nothing() {
        let (throttle, quota) = (Throttle { rate: 1, burst: 1 }, Quota { limit: 2, period: Period::Month });
        let usage = Usage::new(
            UsagePlan { throttle: Some(throttle), quota: Some(quota) },
            Clock::starting_at(UNIX_EPOCH + Duration::from_secs(1_584_039_838)),
        );
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.extend([usage.count("a"), usage.count("a")]);
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        let throttled = Err(Refusal::Throttled);
        let expected = [Ok(()), throttled.clone(), Ok(()), throttled.clone(), Err(Refusal::QuotaExceeded), throttled];
        assert_eq!(answers, expected);
    }
}
