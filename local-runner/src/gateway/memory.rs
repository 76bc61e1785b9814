//! What an API remembers for a while, however many ask.

use std::{hash::Hash, time::Duration};

use hashlink::LruCache;

/// Values by their keys, each until a time. They take so many bytes together; what was not asked for the longest makes room.
pub(super) struct Memory<K, V> {
    entries: LruCache<K, Entry<V>>,
    room: usize,
    taken: usize,
}

struct Entry<V> {
    value: V,
    bytes: usize,
    /// Since the epoch.
    until: Duration,
}

/// What an entry takes beside its key and value, roughly.
const OVERHEAD: usize = 256;

impl<K: Hash + Eq, V> Memory<K, V> {
    pub(super) fn new(room: usize) -> Self {
        Self { entries: LruCache::new_unbounded(), room, taken: 0 }
    }

    /// What is known by the key, if it still holds.
    pub(super) fn get(&mut self, key: &K, now: Duration) -> Option<&V> {
        if self.entries.peek(key)?.until <= now {
            self.forget(key);
        }
        self.entries.get(key).map(|entry| &entry.value)
    }

    /// Keeps a value of so many bytes until then.
    pub(super) fn put(&mut self, key: K, value: V, bytes: usize, until: Duration) {
        self.forget(&key);
        let bytes = bytes + OVERHEAD;
        self.taken += bytes;
        self.entries.insert(key, Entry { value, bytes, until });
        while self.taken > self.room {
            let Some((_, entry)) = self.entries.remove_lru() else { break };
            self.taken -= entry.bytes;
        }
    }

    fn forget(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.taken -= entry.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIL: Duration = Duration::from_secs(10);

    #[test]
    fn a_value_holds_until_its_time() {
        let mut memory = Memory::new(10_000);
        memory.put("a", 1, 0, UNTIL);
        assert_eq!(memory.get(&"a", Duration::from_secs(9)), Some(&1));
        assert_eq!(memory.get(&"a", UNTIL), None);
        assert_eq!(memory.taken, 0);
    }

    #[test]
    fn what_was_not_asked_for_the_longest_makes_room() {
        let mut memory = Memory::new(3 * OVERHEAD);
        for key in ["a", "b", "c"] {
            memory.put(key, key, 0, UNTIL);
        }
        memory.get(&"a", Duration::ZERO);
        memory.put("d", "d", 0, UNTIL);
        assert_eq!(
            ["a", "b", "c", "d"].map(|key| memory.get(&key, Duration::ZERO).is_some()),
            [true, false, true, true]
        );
    }

    #[test]
    fn any_number_of_values_takes_no_more_than_its_room() {
        let mut memory = Memory::new(1_000_000);
        for key in 0..10_000 {
            memory.put(key, (), 1_000, UNTIL);
        }
        assert!(memory.taken <= 1_000_000 && memory.entries.len() < 1_000);
        memory.put(10_000, (), 2_000_000, UNTIL); // more than there is room for at all
        assert_eq!(memory.entries.len(), 0);
    }
}
