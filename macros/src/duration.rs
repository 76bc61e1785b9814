/// The seconds of `"30s"`, `"2m"`, `"1h"` or `"7d"`.
///
/// # Errors
/// A sentence that says what to write.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = &text[digits.len()..];
    let number: u64 = digits
        .parse()
        .map_err(|_| format!("`{text}` is no time: write a whole number and its unit, `30s`, `2m` or `1h`"))?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "ms" => return Err(format!("AWS counts whole seconds here: write `{}s`", number.div_ceil(1_000).max(1))),
        "" => return Err(format!("a time has a unit: write `{number}s`")),
        _ => {
            return Err(format!(
                "`{unit}` is no unit of time: write `{number}s`, `{number}m`, `{number}h` or `{number}d`"
            ));
        }
    };
    number.checked_mul(factor).ok_or_else(|| format!("`{text}` is too long"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_whole_number_and_a_unit() {
        assert_eq!(seconds("30s"), Ok(30));
        assert_eq!(seconds("2m"), Ok(120));
        assert_eq!(seconds("1h"), Ok(3_600));
        assert_eq!(seconds("7d"), Ok(604_800));
    }

    #[test]
    fn a_bad_time_says_what_to_write() {
        for (text, part) in [
            ("30", "write `30s`"),
            ("500ms", "write `1s`"),
            ("2500ms", "write `3s`"),
            ("5 s", "` s` is no unit"),
            ("5sec", "write `5s`"),
            ("1.5h", "is no time"),
            ("-1s", "is no time"),
            ("", "is no time"),
            ("é", "is no time"),
            ("18446744073709551615h", "too long"),
        ] {
            let error = seconds(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
