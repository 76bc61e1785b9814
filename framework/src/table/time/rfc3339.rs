//! Times as text of RFC 3339, written in one form and read in each.

use super::UnixTime;

const SECONDS_OF_A_DAY: i64 = 86_400;
/// From March to March, so that a leap day is the last of its year: 400 years have these days, whenever they begin.
const DAYS_OF_400_YEARS: i64 = 146_097;
/// From the first of March of the year 0 to the epoch.
const DAYS_TO_THE_EPOCH: i64 = 719_468;

/// The text of 30 characters; there is none beyond the years that have four digits.
pub(super) fn write(time: UnixTime) -> Option<String> {
    let (day, second) = (time.seconds().div_euclid(SECONDS_OF_A_DAY), time.seconds().rem_euclid(SECONDS_OF_A_DAY));
    let (year, month, day) = date_of(day)?;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let date = format!("{year:04}-{month:02}-{day:02}");
    Some(format!("{date}T{hour:02}:{minute:02}:{second:02}.{:09}Z", time.nanos()))
}

/// Reads a time with any offset and any fraction, of which the nanoseconds count.
pub(super) fn read(text: &str) -> Option<UnixTime> {
    if !text.is_ascii() || text.len() < "0000-00-00T00:00:00Z".len() {
        return None;
    }
    let (date, time) = text.split_at(10);
    let (clock, rest) = time.split_at(9);
    let [year, month, day] = fields(date, [4, 2, 2], b'-')?;
    let clock = clock.strip_prefix(['T', 't', ' '])?;
    let [hour, minute, second] = fields(clock, [2, 2, 2], b':')?;
    let (nanos, offset) = fraction(rest)?;
    // A leap second is the one before it, as in the time of Unix.
    let clock = (hour < 24 && minute < 60 && second <= 60).then(|| hour * 3600 + minute * 60 + second.min(59))?;
    let days = days_before(year, month, day)?;
    Some(UnixTime::new(days * SECONDS_OF_A_DAY + clock - seconds_of_offset(offset)?, nanos))
}

/// Numbers of so many digits, with that character between them.
fn fields(text: &str, lengths: [usize; 3], between: u8) -> Option<[i64; 3]> {
    let mut parts = text.split(char::from(between));
    let mut numbers = [0; 3];
    for (number, length) in numbers.iter_mut().zip(lengths) {
        *number = digits(parts.next().filter(|part| part.len() == length)?)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// The nanoseconds, and what comes after the fraction.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(text) = text.strip_prefix('.') else { return Some((0, text)) };
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (fraction, rest) = text.split_at(length);
    let nanos = format!("{fraction:0<9}");
    (length > 0).then(|| nanos[..9].parse().ok().map(|nanos| (nanos, rest)))?
}

fn seconds_of_offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("Z") {
        return Some(0);
    }
    let (sign, clock) = match text.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    let (hour, minute) = clock.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2)?;
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    (hour < 24 && minute < 60).then_some(sign * (hour * 3600 + minute * 60))
}

/// The year, month and day so many days after the epoch, if the year has four digits.
fn date_of(days: i64) -> Option<(i64, i64, i64)> {
    let days = days + DAYS_TO_THE_EPOCH;
    let (era, day) = (days.div_euclid(DAYS_OF_400_YEARS), days.rem_euclid(DAYS_OF_400_YEARS));
    let year = (day - day / 1_460 + day / 36_524 - day / (DAYS_OF_400_YEARS - 1)) / 365;
    let day = day - days_of_years(year);
    let month = (5 * day + 2) / 153;
    let year = year + era * 400 + i64::from(month >= 10);
    let date = (year, if month < 10 { month + 3 } else { month - 9 }, day - days_of_months(month) + 1);
    (0..=9999).contains(&year).then_some(date)
}

/// The days from the epoch to a date, if there is such a date.
fn days_before(year: i64, month: i64, day: i64) -> Option<i64> {
    let from_march = (month + 9) % 12;
    let year_from_march = year - i64::from(month < 3);
    let (era, year_of_era) = (year_from_march.div_euclid(400), year_from_march.rem_euclid(400));
    let days = era * DAYS_OF_400_YEARS + days_of_years(year_of_era) + days_of_months(from_march) + day - 1;
    let days = days - DAYS_TO_THE_EPOCH;
    // The 31st of April would be the 1st of May.
    (date_of(days)? == (year, month, day)).then_some(days)
}

fn days_of_years(years: i64) -> i64 {
    365 * years + years / 4 - years / 100
}

/// The months from March on have 31, 30, 31, 30, 31 days, and again.
fn days_of_months(months: i64) -> i64 {
    (153 * months + 2) / 5
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_is_its_time() {
        let pairs = [
            ("1970-01-01T00:00:00.000000000Z", 0, 0),
            ("2026-11-22T17:47:05.120000000Z", 1_795_369_625, 120_000_000),
            ("2000-02-29T23:59:59.999999999Z", 951_868_799, 999_999_999),
            ("1969-12-31T23:59:59.500000000Z", -1, 500_000_000),
            ("0000-01-01T00:00:00.000000000Z", -62_167_219_200, 0),
            ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, 999_999_999),
        ];
        for (text, seconds, nanos) in pairs {
            assert_eq!(write(UnixTime::new(seconds, nanos)).as_deref(), Some(text));
            assert_eq!(read(text), Some(UnixTime::new(seconds, nanos)), "{text}");
        }
    }

    #[test]
    fn other_forms_of_rfc_3339_are_read() {
        let noon = read("2026-11-22T12:00:00Z");
        for text in ["2026-11-22T13:00:00+01:00", "2026-11-22t06:30:00.000-05:30", "2026-11-22 12:00:00.0000000009z"] {
            assert_eq!(read(text), noon, "{text}");
        }
        assert_eq!(read("2016-12-31T23:59:60Z"), read("2016-12-31T23:59:59Z"));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let texts = [
            "",
            "2026-11-22",
            "2026-11-22T12:00:00",
            "2026-02-29T12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-00-01T12:00:00Z",
            "2026-04-31T12:00:00Z",
            "2026-01-00T12:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T12:60:00Z",
            "2026-01-01T12:00:61Z",
            "2026-01-01T12:00:00.Z",
            "2026-01-01T12:00:00+1:00",
            "2026-01-01T12:00:00+24:00",
            "2026-01-01T12:00:00ZZ",
            "2026-01-01X12:00:00Z",
            "+026-01-01T12:00:00Z",
            "2026-01-01T12:00:00Ü",
        ];
        for text in texts {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn years_beyond_four_digits_have_no_text() {
        assert_eq!(write(UnixTime::new(253_402_300_800, 0)), None);
        assert_eq!(write(UnixTime::new(-62_167_219_201, 0)), None);
        assert_eq!(write(UnixTime::new(i64::MAX, 0)), None);
        assert_eq!(write(UnixTime::new(i64::MIN, 0)), None);
    }

    fn times() -> impl Strategy<Value = UnixTime> {
        (-62_167_219_200..=253_402_300_799_i64, 0..1_000_000_000_u32).prop_map(|(s, n)| UnixTime::new(s, n))
    }

    proptest! {
        #[test]
        fn the_order_of_texts_is_the_order_of_times(a in times(), b in times()) {
            prop_assert_eq!(write(a).cmp(&write(b)), a.cmp(&b));
            prop_assert_eq!(read(&write(a).unwrap()), Some(a));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.+Z-]{0,20}") {
            let _ = read(&text);
        }
    }
}
