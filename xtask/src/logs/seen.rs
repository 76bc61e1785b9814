//! Each event once and in order, though the same time is asked for again: events come late, and not all at once.

use std::collections::BTreeMap;

use super::Event;

/// How late an event may come, in milliseconds.
const LATE: i64 = 60_000;

/// The events that were told.
#[derive(Debug)]
pub(super) struct Seen {
    /// What is older was not asked for.
    first: i64,
    newest: i64,
    /// The times of events by their ids.
    ids: BTreeMap<String, i64>,
}

impl Seen {
    /// None so far, and none from before this time.
    pub(super) fn from(first: i64) -> Self {
        Self { first, newest: first, ids: BTreeMap::new() }
    }

    /// From when events are asked for next.
    pub(super) fn start(&self) -> i64 {
        self.first.max(self.newest - LATE)
    }

    /// Those that were not told yet, in order of time.
    pub(super) fn fresh(&mut self, events: Vec<Event>) -> Vec<Event> {
        let mut fresh: Vec<_> =
            events.into_iter().filter(|event| self.ids.insert(event.id.clone(), event.timestamp).is_none()).collect();
        fresh.sort();
        self.newest = fresh.iter().map(|event| event.timestamp).fold(self.newest, i64::max);
        let start = self.start();
        self.ids.retain(|_, timestamp| *timestamp >= start); // older ones are not asked for again
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(timestamp: i64, id: &str) -> Event {
        let (function, stream, message) = ("place".into(), "s".into(), "m".into());
        Event { timestamp, function, stream, id: id.into(), message }
    }

    fn told(seen: &mut Seen, events: &[(i64, &str)]) -> String {
        let fresh = seen.fresh(events.iter().map(|(timestamp, id)| event(*timestamp, id)).collect());
        fresh.into_iter().map(|event| event.id).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn events_of_several_functions_are_in_order_of_time() {
        assert_eq!(told(&mut Seen::from(0), &[(3, "c"), (1, "a"), (2, "b")]), "a b c");
    }

    #[test]
    fn an_event_that_is_given_again_is_told_once_and_a_late_one_is_told() {
        let mut seen = Seen::from(0);
        assert_eq!(told(&mut seen, &[(1_000, "a"), (2_000, "b")]), "a b");
        assert_eq!(told(&mut seen, &[(1_000, "a"), (1_500, "late"), (2_000, "b"), (3_000, "c")]), "late c");
    }

    #[test]
    fn what_is_asked_for_again_is_a_minute_and_nothing_before_the_beginning() {
        let mut seen = Seen::from(50_000);
        assert_eq!(seen.start(), 50_000);
        told(&mut seen, &[(60_000, "a")]);
        assert_eq!(seen.start(), 50_000);
        told(&mut seen, &[(200_000, "b")]);
        assert_eq!(seen.start(), 140_000);
        assert_eq!(seen.ids.len(), 1, "what is not asked for again is forgotten");
    }
}
