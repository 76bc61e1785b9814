//! How the traffic of a function may go over to its next version.
//!
//! <https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html>

use std::ops::RangeInclusive;

use super::check_range;

/// Per cent of a function's invocations in one step.
pub const SHIFT_PERCENTAGE: RangeInclusive<u64> = 1..=99;
/// Minutes from the first step to the last: CodeDeploy takes two days.
pub const SHIFT_MINUTES: RangeInclusive<u64> = 1..=2_880;

/// The number of `"10%"`.
///
/// # Errors
/// A sentence that says what to write.
pub fn percentage(text: &str) -> Result<u32, String> {
    let number = text.strip_suffix('%').and_then(|digits| digits.parse().ok());
    let number: u32 =
        number.ok_or_else(|| format!("`{text}` is no share of the traffic: write whole per cent, `10%`"))?;
    check_range("a step", number.into(), &SHIFT_PERCENTAGE, "%")?;
    Ok(number)
}

/// The minutes of `"5m"` or `"1h"`.
///
/// # Errors
/// A sentence that says what to write.
pub fn interval(text: &str) -> Result<u32, String> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = text[..text.len() - unit.len()].parse::<u64>();
    let factor = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 1_440,
        "s" => return Err("CodeDeploy counts whole minutes: write `1m` or more".into()),
        _ => 0,
    };
    let minutes = number.ok().and_then(|number| number.checked_mul(factor)).filter(|_| factor > 0);
    let minutes =
        minutes.ok_or_else(|| format!("`{text}` is no interval: write whole minutes or hours, `5m` or `1h`"))?;
    check_range("an interval", minutes, &SHIFT_MINUTES, " min")?;
    u32::try_from(minutes).map_err(|error| error.to_string())
}

/// Says what is wrong with steps of that size at that distance, which each alone are right; or nothing.
///
/// # Errors
/// A sentence that names the time that they take together.
pub fn check_linear(percentage: u32, interval: u32) -> Result<(), String> {
    let steps = 100_u64.div_ceil(percentage.max(1).into());
    let minutes = steps.saturating_sub(1) * u64::from(interval);
    check_range(&format!("the time of its {steps} steps"), minutes, &SHIFT_MINUTES, " min")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_in_per_cent_and_neither_nothing_nor_all() {
        assert_eq!(percentage("10%"), Ok(10));
        for (text, part) in [
            ("10", "write whole per cent, `10%`"),
            ("0.5%", "is no share"),
            ("%", "is no share"),
            ("0%", "a step is 0%, but has to be from 1 to 99%"),
            ("100%", "a step is 100%"),
        ] {
            let error = percentage(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn an_interval_is_in_whole_minutes() {
        assert_eq!(interval("5m"), Ok(5));
        assert_eq!(interval("2h"), Ok(120));
        assert_eq!(interval("2d"), Ok(2_880));
        for (text, part) in [
            ("5", "write whole minutes or hours"),
            ("300s", "counts whole minutes"),
            ("m", "is no interval"),
            ("5 m", "is no interval"),
            ("\u{e9}", "is no interval"),
            ("3d", "an interval is 4320 min, but has to be from 1 to 2880 min"),
            ("0m", "an interval is 0 min"),
        ] {
            let error = interval(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn all_steps_together_take_two_days_at_most() {
        assert_eq!(check_linear(10, 320), Ok(()));
        assert_eq!(
            check_linear(1, 60),
            Err("the time of its 100 steps is 5940 min, but has to be from 1 to 2880 min".into())
        );
    }
}
