use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::timestamp::Timestamp;

/// What is kept for a time only.
pub(crate) trait Fades {
    /// When it is forgotten.
    fn ends(&self) -> Timestamp;
}

/// Things by name until their time is over, and never more than `LIMIT` of them: whoever comes without a name of ours must not make
/// us keep more and more. Where there are too many, the one goes that would go first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(
    from = "BTreeMap<String, V>",
    into = "BTreeMap<String, V>",
    bound(serialize = "V: Clone + Serialize", deserialize = "V: Fades + DeserializeOwned")
)]
pub(crate) struct Fading<V, const LIMIT: usize> {
    by_name: BTreeMap<String, V>,
    /// The names in the order in which they go.
    order: BTreeSet<(Timestamp, String)>,
}

impl<V: Fades, const LIMIT: usize> Fading<V, LIMIT> {
    pub(super) fn get(&self, name: &str) -> Option<&V> {
        self.by_name.get(name)
    }

    /// For changes after which it ends when it would have.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        self.by_name.get_mut(name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &V)> {
        self.by_name.iter()
    }

    pub(super) fn insert(&mut self, name: String, value: V, now: Timestamp) -> &mut V {
        self.remove(&name);
        while self.order.first().is_some_and(|(ends, _)| *ends <= now || self.order.len() >= LIMIT) {
            if let Some((_, first)) = self.order.pop_first() {
                self.by_name.remove(&first);
            }
        }
        self.order.insert((value.ends(), name.clone()));
        self.by_name.entry(name).or_insert(value)
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<V> {
        let (name, value) = self.by_name.remove_entry(name)?;
        self.order.remove(&(value.ends(), name));
        Some(value)
    }

    pub(super) fn retain(&mut self, stays: impl Fn(&V) -> bool) {
        self.by_name.retain(|_, value| stays(value));
        let by_name = &self.by_name;
        self.order.retain(|(_, name)| by_name.contains_key(name));
    }
}

impl<V, const LIMIT: usize> Default for Fading<V, LIMIT> {
    fn default() -> Self {
        Self { by_name: BTreeMap::new(), order: BTreeSet::new() }
    }
}

impl<V: Fades, const LIMIT: usize> From<BTreeMap<String, V>> for Fading<V, LIMIT> {
    fn from(by_name: BTreeMap<String, V>) -> Self {
        let order = by_name.iter().map(|(name, value)| (value.ends(), name.clone())).collect();
        Self { by_name, order }
    }
}

impl<V, const LIMIT: usize> From<Fading<V, LIMIT>> for BTreeMap<String, V> {
    fn from(fading: Fading<V, LIMIT>) -> Self {
        fading.by_name
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Until(Timestamp);

    impl Fades for Until {
        fn ends(&self) -> Timestamp {
            self.0
        }
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::since_epoch(Duration::from_secs(seconds))
    }

    fn names(kept: &Fading<Until, 3>) -> String {
        assert_eq!(kept.by_name.len(), kept.order.len());
        kept.by_name.keys().cloned().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_first_to_end_goes_where_there_are_too_many() {
        let mut kept = Fading::<Until, 3>::default();
        for (name, ends) in [("a", 30), ("b", 10), ("c", 20), ("d", 40)] {
            kept.insert(name.into(), Until(at(ends)), at(0));
        }
        assert_eq!(names(&kept), "a c d");
        kept.insert("a".into(), Until(at(50)), at(0));
        assert_eq!(names(&kept), "a c d", "it was there before");
        kept.insert("e".into(), Until(at(60)), at(40));
        assert_eq!(names(&kept), "a e", "the others are over");
    }

    #[test]
    fn what_is_read_again_goes_in_the_same_order() {
        let mut kept = Fading::<Until, 3>::default();
        for (name, ends) in [("a", 30), ("b", 10), ("c", 20)] {
            kept.insert(name.into(), Until(at(ends)), at(0));
        }
        let mut read: Fading<Until, 3> = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
        assert_eq!(read.remove("c"), Some(Until(at(20))));
        read.insert("d".into(), Until(at(40)), at(10));
        assert_eq!(names(&read), "a d");
        read.retain(|until| until.0 > at(30));
        assert_eq!(names(&read), "d");
    }
}
