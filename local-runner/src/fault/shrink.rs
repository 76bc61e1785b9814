//! Delta debugging: from all the faults of a failing run to the few that it takes.
//!
//! Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002.

/// The fewest of `faults` with which `fails` is still true, as far as so many runs find it out: none of those that are
/// left can be taken away alone.
pub(crate) fn minimal<T: Clone>(faults: Vec<T>, mut runs: usize, mut fails: impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut fails = |faults: &[T]| {
        let may_run = runs > 0;
        runs = runs.saturating_sub(1);
        may_run && fails(faults)
    };
    let (mut left, mut parts) = (faults, 1);
    loop {
        // Each part is left out in turn; there are more and smaller ones until each is one fault.
        let size = left.len().div_ceil(parts).max(1);
        let smaller = (0..left.len()).step_by(size).map(|from| without(&left, from, size)).find(|it| fails(it));
        match smaller {
            Some(smaller) => (left, parts) = (smaller, (parts - 1).max(1)),
            None if parts >= left.len() => return left,
            None => parts = (parts * 2).min(left.len()),
        }
    }
}

fn without<T: Clone>(all: &[T], from: usize, count: usize) -> Vec<T> {
    let to = (from + count).min(all.len());
    [&all[..from], &all[to..]].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_has_nothing_to_do_with_the_failure_is_taken_away() {
        let mut runs = 0;
        let left = minimal((0..100).collect(), 200, |faults| {
            runs += 1;
            faults.contains(&17) && faults.contains(&64)
        });
        assert_eq!(left, [17, 64]);
        assert!(runs < 100, "{runs} runs");
    }

    #[test]
    fn a_failure_without_faults_needs_none() {
        assert_eq!(minimal(vec![1, 2, 3], 200, |_| true), [0; 0]);
        assert_eq!(minimal(Vec::<u8>::new(), 200, |_| true), [0; 0]);
    }

    proptest! {
        #[test]
        fn exactly_what_it_takes_is_left(needed in prop::collection::btree_set(0..60_u8, 0..5)) {
            let left = minimal((0..60).collect(), 1_000, |faults| needed.iter().all(|it| faults.contains(it)));
            prop_assert_eq!(left, needed.into_iter().collect::<Vec<_>>());
        }
    }
}
