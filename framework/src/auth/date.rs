//! The times in the claims that a REST API hands over.

use std::borrow::Cow;

use crate::{table::seconds_of_date, text::Pairs};

/// A REST API writes `exp` and `iat` as Java prints a date, `Fri Nov 06 23:21:28 UTC 2020`; an HTTP API, and the token, as the
/// seconds since the epoch. They become that here, so that a principal is the same behind both. No document of AWS says so, but
/// the events that people have published do, and that `auth_time` stays a number.
pub(super) fn as_numbers(claims: &mut Pairs<'_>) {
    let times = claims.iter_mut().filter(|(name, _)| matches!(&**name, "exp" | "iat"));
    for (_, value) in times {
        if let Some(seconds) = seconds(value) {
            *value = Cow::Owned(seconds.to_string());
        }
    }
}

fn seconds(date: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<&str> = date.split_ascii_whitespace().collect();
    let [_, month, day, clock, "UTC", year] = parts[..] else { return None };
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    seconds_of_date(&format!("{year}-{month:02}-{day}T{clock}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_becomes_the_seconds_since_the_epoch() {
        assert_eq!(seconds("Fri Nov 06 23:21:28 UTC 2020"), Some(1_604_704_888));
        assert_eq!(seconds("Thu Jan 01 00:00:00 UTC 1970"), Some(0));
        for other in ["1604704888", "Fri Nov 31 23:21:28 UTC 2020", "Fri Nov 06 23:21:28 CET 2020", ""] {
            assert_eq!(seconds(other), None, "{other}");
        }
    }

    #[test]
    fn other_claims_are_left_alone() {
        let date = "Fri Nov 06 23:21:28 UTC 2020";
        let mut claims: Pairs<'_> = [("exp", date), ("iat", "7"), ("custom:date", date)]
            .map(|(name, value)| (name.into(), value.into()))
            .into();
        as_numbers(&mut claims);
        assert_eq!(claims[0].1, "1604704888");
        assert_eq!((&*claims[1].1, &*claims[2].1), ("7", date));
    }
}
