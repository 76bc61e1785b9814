//! EventBridge's cron expressions, in UTC.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html>

use jiff::{
    Span, ToSpan,
    civil::{Date, DateTime, Weekday},
};

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
/// The last year that an expression can name.
const LAST_YEAR: i16 = 2199;

/// `cron(minutes hours day-of-month month day-of-week year)`.
#[derive(Clone, Debug)]
pub(super) struct Cron {
    minutes: Field,
    hours: Field,
    day: Day,
    months: Field,
    years: Field,
}

/// Which days of a month. One of an expression's two day fields is always `?`.
#[derive(Clone, Debug)]
enum Day {
    OfMonth(Field),
    /// `L`
    Last,
    /// `LW`: the last from Monday to Friday.
    LastWorkday,
    /// `15W`: the nearest from Monday to Friday, in the same month.
    NearestWorkday(i8),
    OfWeek(Field),
    /// `6L`: the last Friday.
    LastOfWeek(u16),
    /// `2#1`: the first Monday.
    NthOfWeek(u16, i8),
}

impl Cron {
    /// Reads the six fields, which are known to be valid.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, day, months, weekday, years] = fields[..] else { return None };
        Some(Self {
            minutes: Field::parse(minutes, 0, 59, &[])?,
            hours: Field::parse(hours, 0, 23, &[])?,
            day: if day == "?" { Day::of_week(weekday)? } else { Day::of_month(day)? },
            months: Field::parse(months, 1, 12, &MONTHS)?,
            years: Field::parse(years, 1970, LAST_YEAR.unsigned_abs(), &[])?,
        })
    }

    /// The first time after this one, to the minute.
    pub(super) fn after(&self, time: DateTime) -> Option<DateTime> {
        let start = time.with().second(0).subsec_nanosecond(0).build().ok()?.checked_add(1.minute()).ok()?;
        let mut date = start.date();
        let mut from = (start.hour(), start.minute());
        while date.year() <= LAST_YEAR {
            if self.is_on(date)
                && let Some((hour, minute)) = self.time_from(from)
            {
                return Some(date.at(hour, minute, 0, 0));
            }
            date = date.checked_add(self.skip(date)).ok()?;
            from = (0, 0);
        }
        None
    }

    /// To the next day, or to the first of the next month or year where this one has none.
    fn skip(&self, date: Date) -> Span {
        if !self.years.has(date.year()) {
            i64::from(date.days_in_year() - date.day_of_year() + 1).days()
        } else if !self.months.has(date.month()) {
            i64::from(date.days_in_month() - date.day() + 1).days()
        } else {
            1.day()
        }
    }

    fn is_on(&self, date: Date) -> bool {
        self.years.has(date.year()) && self.months.has(date.month()) && self.day.is_on(date)
    }

    /// The first time of a day that is not before this one.
    fn time_from(&self, (hour, minute): (i8, i8)) -> Option<(i8, i8)> {
        let minute_from = |from: i8| (from..60).find(|minute| self.minutes.has(*minute));
        if self.hours.has(hour)
            && let Some(minute) = minute_from(minute)
        {
            return Some((hour, minute));
        }
        let hour = (hour + 1..24).find(|hour| self.hours.has(*hour))?;
        Some((hour, minute_from(0)?))
    }
}

impl Day {
    fn of_month(text: &str) -> Option<Self> {
        match (text, text.strip_suffix('W')) {
            ("L", _) => Some(Self::Last),
            ("LW", _) => Some(Self::LastWorkday),
            (_, Some(day)) => day.parse().ok().map(Self::NearestWorkday),
            (_, None) => Field::parse(text, 1, 31, &[]).map(Self::OfMonth),
        }
    }

    fn of_week(text: &str) -> Option<Self> {
        let number = |text: &str| value(text, &WEEKDAYS, 1);
        if let Some((day, week)) = text.split_once('#') {
            return Some(Self::NthOfWeek(number(day)?, week.parse().ok()?));
        }
        match text.strip_suffix('L') {
            Some("") => Field::parse("SAT", 1, 7, &WEEKDAYS).map(Self::OfWeek), // the last day of the week
            Some(day) => Some(Self::LastOfWeek(number(day)?)),
            None => Field::parse(text, 1, 7, &WEEKDAYS).map(Self::OfWeek),
        }
    }

    fn is_on(&self, date: Date) -> bool {
        let last = date.days_in_month();
        match self {
            Self::OfMonth(days) => days.has(date.day()),
            Self::Last => date.day() == last,
            Self::LastWorkday => Some(date) == nearest_workday(date, last),
            Self::NearestWorkday(day) => Some(date) == nearest_workday(date, *day),
            Self::OfWeek(days) => days.has(weekday(date)),
            Self::LastOfWeek(day) => is(date, *day) && date.day() + 7 > last,
            Self::NthOfWeek(day, week) => is(date, *day) && (date.day() - 1) / 7 + 1 == *week,
        }
    }
}

/// Sunday is 1.
fn weekday(date: Date) -> i8 {
    date.weekday().to_sunday_one_offset()
}

fn is(date: Date, day: u16) -> bool {
    u16::try_from(weekday(date)) == Ok(day)
}

/// The workday nearest to a day of the month of `date`, which it never leaves; nothing if the month has no such day.
fn nearest_workday(date: Date, day: i8) -> Option<Date> {
    let target = date.with().day(day).build().ok()?;
    let away = match target.weekday() {
        Weekday::Saturday if day == 1 => 2,
        Weekday::Saturday => -1,
        Weekday::Sunday if day == date.days_in_month() => -2,
        Weekday::Sunday => 1,
        _ => 0,
    };
    target.checked_add(away.days()).ok()
}

/// A list of values, ranges and steps.
#[derive(Clone, Debug)]
struct Field {
    parts: Vec<Part>,
    /// The first and last of all values.
    low: u16,
    high: u16,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    from: u16,
    to: u16,
    step: u16,
}

impl Field {
    fn parse(text: &str, low: u16, high: u16, words: &[&str]) -> Option<Self> {
        let parts = text.split(',').map(|part| {
            let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
            let (from, to) = match range.split_once('-') {
                _ if range == "*" => (low, high),
                Some((from, to)) => (value(from, words, low)?, value(to, words, low)?),
                None => {
                    let from = value(range, words, low)?;
                    (from, if step.is_some() { high } else { from })
                }
            };
            Some(Part { from, to, step: step.map_or(Some(1), |step| step.parse().ok())? })
        });
        Some(Self { parts: parts.collect::<Option<_>>()?, low, high })
    }

    fn has(&self, value: impl TryInto<u16>) -> bool {
        let Ok(value) = value.try_into() else { return false };
        self.parts.iter().any(|part| {
            // `FRI-MON` goes on at the beginning.
            let count = self.high - self.low + 1;
            let (length, at) = ((part.to + count - part.from) % count, (value + count - part.from) % count);
            at <= length && at % part.step.max(1) == 0
        })
    }
}

/// A number, or a name: the first name stands for `low`.
fn value(text: &str, words: &[&str], low: u16) -> Option<u16> {
    match words.iter().position(|word| word.eq_ignore_ascii_case(text)) {
        Some(at) => Some(low + u16::try_from(at).ok()?),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, from: &str, expected: Expect) {
        let cron = Cron::parse(text).unwrap();
        let mut time: DateTime = from.parse().unwrap();
        let times = std::iter::from_fn(|| {
            time = cron.after(time)?;
            Some(time.strftime("%a %Y-%m-%d %H:%M").to_string())
        });
        expected.assert_eq(&times.take(3).collect::<Vec<_>>().join(", "));
    }

    /// The examples of the documentation.
    #[test]
    fn the_documented_schedules_run_when_it_says() {
        let from = "2025-01-01T00:00:00";
        check("0 10 * * ? *", from, expect!["Wed 2025-01-01 10:00, Thu 2025-01-02 10:00, Fri 2025-01-03 10:00"]);
        check("15 12 * * ? *", from, expect!["Wed 2025-01-01 12:15, Thu 2025-01-02 12:15, Fri 2025-01-03 12:15"]);
        check("0 18 ? * MON-FRI *", from, expect!["Wed 2025-01-01 18:00, Thu 2025-01-02 18:00, Fri 2025-01-03 18:00"]);
        check("0 8 1 * ? *", from, expect!["Wed 2025-01-01 08:00, Sat 2025-02-01 08:00, Sat 2025-03-01 08:00"]);
        check("0/15 * * * ? *", from, expect!["Wed 2025-01-01 00:15, Wed 2025-01-01 00:30, Wed 2025-01-01 00:45"]);
        check(
            "0/10 * ? * MON-FRI *",
            "2025-01-03T23:45:00",
            expect!["Fri 2025-01-03 23:50, Mon 2025-01-06 00:00, Mon 2025-01-06 00:10"],
        );
        check(
            "0/5 8-17 ? * MON-FRI *",
            "2025-01-03T17:50:00",
            expect!["Fri 2025-01-03 17:55, Mon 2025-01-06 08:00, Mon 2025-01-06 08:05"],
        );
        check(
            "0/30 20-2 ? * MON-FRI *",
            "2025-01-03T22:45:00",
            expect!["Fri 2025-01-03 23:00, Fri 2025-01-03 23:30, Mon 2025-01-06 00:00"],
        );
        check(
            "15 10 ? * 6L 2025-2026",
            from,
            expect!["Fri 2025-01-31 10:15, Fri 2025-02-28 10:15, Fri 2025-03-28 10:15"],
        );
        check("0 9 ? * 2#1 *", from, expect!["Mon 2025-01-06 09:00, Mon 2025-02-03 09:00, Mon 2025-03-03 09:00"]);
    }

    #[test]
    fn days_from_the_end_and_workdays() {
        let from = "2025-01-01T00:00:00";
        check("0 0 L * ? *", from, expect!["Fri 2025-01-31 00:00, Fri 2025-02-28 00:00, Mon 2025-03-31 00:00"]);
        check("0 0 LW * ? *", from, expect!["Fri 2025-01-31 00:00, Fri 2025-02-28 00:00, Mon 2025-03-31 00:00"]);
        check("0 0 1W * ? *", from, expect!["Mon 2025-02-03 00:00, Mon 2025-03-03 00:00, Tue 2025-04-01 00:00"]);
        check("0 0 15W * ? *", from, expect!["Wed 2025-01-15 00:00, Fri 2025-02-14 00:00, Fri 2025-03-14 00:00"]);
        check("0 0 31W * ? *", from, expect!["Fri 2025-01-31 00:00, Mon 2025-03-31 00:00, Fri 2025-05-30 00:00"]);
        check("0 0 ? * L *", from, expect!["Sat 2025-01-04 00:00, Sat 2025-01-11 00:00, Sat 2025-01-18 00:00"]);
        check("0 0 ? * FRIL *", from, expect!["Fri 2025-01-31 00:00, Fri 2025-02-28 00:00, Fri 2025-03-28 00:00"]);
        check("0 0 ? * MON#5 *", from, expect!["Mon 2025-03-31 00:00, Mon 2025-06-30 00:00, Mon 2025-09-29 00:00"]);
    }

    #[test]
    fn lists_names_steps_and_ranges_over_the_end() {
        let from = "2025-01-01T00:00:00";
        check(
            "5,35 14 * MAR,sep ? *",
            from,
            expect!["Sat 2025-03-01 14:05, Sat 2025-03-01 14:35, Sun 2025-03-02 14:05"],
        );
        check("0 0 ? * FRI-MON *", from, expect!["Fri 2025-01-03 00:00, Sat 2025-01-04 00:00, Sun 2025-01-05 00:00"]);
        check("0 0 1 1/5 ? *", from, expect!["Sun 2025-06-01 00:00, Sat 2025-11-01 00:00, Thu 2026-01-01 00:00"]);
        check("0 0 1-7/3 * ? *", from, expect!["Sat 2025-01-04 00:00, Tue 2025-01-07 00:00, Sat 2025-02-01 00:00"]);
    }

    #[test]
    fn the_next_time_is_after_the_present_one() {
        check(
            "30 12 * * ? *",
            "2025-01-01T12:30:00",
            expect!["Thu 2025-01-02 12:30, Fri 2025-01-03 12:30, Sat 2025-01-04 12:30"],
        );
        check(
            "30 12 * * ? *",
            "2025-01-01T12:29:59.999",
            expect!["Wed 2025-01-01 12:30, Thu 2025-01-02 12:30, Fri 2025-01-03 12:30"],
        );
    }

    #[test]
    fn a_leap_day_is_found_and_an_impossible_day_is_not() {
        check(
            "0 0 29 2 ? *",
            "2025-01-01T00:00:00",
            expect!["Tue 2028-02-29 00:00, Sun 2032-02-29 00:00, Fri 2036-02-29 00:00"],
        );
        check("0 0 30 2 ? *", "2025-01-01T00:00:00", expect![""]);
        check("0 0 1 1 ? 2024", "2025-01-01T00:00:00", expect![""]);
        check("59 23 31 12 ? 2199", "2025-01-01T00:00:00", expect!["Tue 2199-12-31 23:59"]);
    }
}
