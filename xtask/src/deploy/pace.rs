//! How often CloudFormation is asked how it is getting on: soon at first, then less and less often.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(5);

/// The pauses between two questions.
#[derive(Debug)]
pub(super) struct Pace {
    next: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { next: FIRST }
    }
}

impl Pace {
    pub(super) async fn wait(&mut self) {
        tokio::time::sleep(self.step()).await;
    }

    /// Something happened: more is to be expected soon.
    pub(super) fn restart(&mut self) {
        self.next = FIRST.max(self.next / 4);
    }

    fn step(&mut self) -> Duration {
        let now = self.next;
        self.next = LONGEST.min(now * 3 / 2);
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_five_seconds_and_shrink_when_something_happens() {
        let mut pace = Pace::default();
        assert_eq!(pace.step(), FIRST);
        let pauses: Vec<_> = (0..20).map(|_| pace.step()).collect();
        assert!(pauses.is_sorted());
        assert_eq!(pauses.last(), Some(&LONGEST));
        pace.restart();
        assert_eq!(pace.step(), LONGEST / 4);
    }
}
