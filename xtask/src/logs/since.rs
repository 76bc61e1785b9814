//! How far back: a number and its unit.

use std::time::Duration;

/// `10m` is ten minutes.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86400)];
    let parsed = units.iter().find_map(|(unit, seconds)| {
        let count: u64 = text.strip_suffix(*unit)?.parse().ok()?;
        count.checked_mul(*seconds)
    });
    parsed.map(Duration::from_secs).ok_or_else(|| "write a number and its unit: `90s`, `10m`, `2h` or `1d`".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_a_unit() {
        let seconds = |text: &str| parse(text).map(|it| it.as_secs());
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("10m"), Ok(600));
        assert_eq!(seconds("2h"), Ok(7200));
        assert_eq!(seconds("1d"), Ok(86400));
        for wrong in ["10", "m", "-1m", "1.5h", "10 m", "", "99999999999999999999d", "\u{e9}"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
