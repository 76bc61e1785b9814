/// Checks a schedule as EventBridge Scheduler takes it: `rate(1 hour)`, `cron(0 12 * * ? *)`, `at(2030-01-01T00:00:00)`.
///
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>
///
/// # Errors
/// A sentence that says what is wrong and what to write.
pub fn check_schedule(text: &str) -> Result<(), String> {
    let call = text.strip_suffix(')').and_then(|text| text.split_once('('));
    match call {
        Some(("rate", inner)) => check_rate(inner),
        Some(("cron", inner)) => check_cron(inner),
        Some(("at", inner)) => check_at(inner),
        _ => Err(format!(
            "`{text}` is no schedule: write `rate(5 minutes)`, `cron(0 12 * * ? *)` or `at(2030-01-01T00:00:00)`"
        )),
    }
}

fn check_rate(inner: &str) -> Result<(), String> {
    let example = "write for example `rate(1 hour)` or `rate(5 minutes)`";
    let Some((value, unit)) = inner.split_once(' ') else {
        return Err(format!("`rate({inner})` needs a number and a unit: {example}"));
    };
    let value: u32 = match value.parse() {
        Ok(value) if value > 0 => value,
        _ => return Err(format!("`{value}` is no positive whole number: {example}")),
    };
    match (value, unit) {
        (1, "minute" | "hour" | "day") | (2.., "minutes" | "hours" | "days") => Ok(()),
        (1, "minutes" | "hours" | "days") => {
            Err(format!("AWS wants the singular after 1: write `rate(1 {})`", unit.trim_end_matches('s')))
        }
        (_, "minute" | "hour" | "day") => {
            Err(format!("AWS wants the plural after {value}: write `rate({value} {unit}s)`"))
        }
        _ => Err(format!("`{unit}` is no unit, which are minutes, hours and days: {example}")),
    }
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

fn check_cron(inner: &str) -> Result<(), String> {
    let fields: Vec<&str> = inner.split_whitespace().collect();
    let [minute, hour, day, month, weekday, year] = fields[..] else {
        return Err(format!(
            "`cron({inner})` has {} fields, but needs six: minutes, hours, day of month, month, day of week, year",
            fields.len()
        ));
    };
    check_field("minutes", minute, 0, 59, &[])?;
    check_field("hours", hour, 0, 23, &[])?;
    check_day_of_month(day)?;
    check_field("month", month, 1, 12, &MONTHS)?;
    check_day_of_week(weekday)?;
    check_field("year", year, 1970, 2199, &[])?;
    match (day == "?", weekday == "?") {
        (true, true) => Err("both days are `?`: give the day of month or the day of week".into()),
        (false, false) => Err("the day of month and the day of week are both given: write `?` for one of them".into()),
        _ => Ok(()),
    }
}

fn check_day_of_month(field: &str) -> Result<(), String> {
    let day = field.strip_suffix('W').unwrap_or(field);
    if matches!(field, "?" | "L" | "LW") || (day != field && day.parse().is_ok_and(|day: u32| (1..=31).contains(&day)))
    {
        return Ok(());
    }
    check_field("day of month", field, 1, 31, &[])
}

fn check_day_of_week(field: &str) -> Result<(), String> {
    if matches!(field, "?" | "L") {
        return Ok(());
    }
    if let Some((day, week)) = field.split_once('#') {
        check_value("day of week", day, 1, 7, &WEEKDAYS)?;
        return check_value("week of month", week, 1, 5, &[]);
    }
    check_field("day of week", field.strip_suffix('L').filter(|day| !day.is_empty()).unwrap_or(field), 1, 7, &WEEKDAYS)
}

/// A list of `*`, values, ranges and steps.
fn check_field(name: &str, field: &str, low: u32, high: u32, words: &[&str]) -> Result<(), String> {
    for part in field.split(',') {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        if let Some(step) = step {
            check_value(name, step, 1, high, &[])?;
        }
        match range.split_once('-') {
            _ if range == "*" => {}
            Some((from, to)) => {
                check_value(name, from, low, high, words)?;
                check_value(name, to, low, high, words)?;
            }
            None => check_value(name, range, low, high, words)?,
        }
    }
    Ok(())
}

fn check_value(name: &str, value: &str, low: u32, high: u32, words: &[&str]) -> Result<(), String> {
    let is_word = words.iter().any(|word| word.eq_ignore_ascii_case(value));
    if is_word || value.parse().is_ok_and(|number: u32| (low..=high).contains(&number)) {
        return Ok(());
    }
    Err(format!("`{value}` is no value for the cron field \"{name}\", which goes from {low} to {high}"))
}

fn check_at(inner: &str) -> Result<(), String> {
    let shape = "0000-00-00T00:00:00";
    let fits = inner.len() == shape.len()
        && inner.bytes().zip(shape.bytes()).all(|(c, s)| if s == b'0' { c.is_ascii_digit() } else { c == s });
    let number =
        |range: std::ops::Range<usize>| inner.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    if fits
        && (1..=12).contains(&number(5..7))
        && (1..=31).contains(&number(8..10))
        && number(11..13) < 24
        && number(14..16) < 60
        && number(17..19) < 60
    {
        return Ok(());
    }
    Err(format!("`at({inner})` is no time: write `at(2030-01-01T00:00:00)`, in UTC"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_of_the_documentation_are_taken() {
        for text in [
            "rate(1 hour)",
            "rate(5 minutes)",
            "cron(0 12 * * ? *)",
            "cron(15 10 ? * 6L 2022-2023)",
            "cron(0/15 * * * ? *)",
            "cron(0 9 ? * 2#1 *)",
            "cron(0 8 1W * ? *)",
            "cron(0 18 ? * MON-FRI *)",
            "at(2030-11-20T13:00:00)",
        ] {
            assert_eq!(check_schedule(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_bad_schedule_says_what_to_write() {
        for (text, part) in [
            ("hourly", "write `rate(5 minutes)`"),
            ("rate(0 hours)", "positive"),
            ("rate(1 hours)", "write `rate(1 hour)`"),
            ("rate(2 hour)", "write `rate(2 hours)`"),
            ("rate(2 weeks)", "no unit"),
            ("rate(2)", "a number and a unit"),
            ("cron(0 12 * * *)", "has 5 fields"),
            ("cron(60 12 * * ? *)", "minutes"),
            ("cron(0 12 * * * *)", "write `?`"),
            ("cron(0 12 ? * ? *)", "both days are `?`"),
            ("cron(0 12 * FOO ? *)", "month"),
            ("at(2030-13-01T00:00:00)", "is no time"),
            ("at(tomorrow)", "is no time"),
        ] {
            let error = check_schedule(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
