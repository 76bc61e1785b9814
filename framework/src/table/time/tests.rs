use std::time::{Duration, SystemTime, UNIX_EPOCH};

use expect_test::expect;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    super::item::{from_item, parse_json, to_item, to_json},
    *,
};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "T: Timestamp")]
struct Times<T> {
    seconds: Seconds<T>,
    millis: Millis<T>,
    text: Rfc3339<T>,
}

impl<T: Clone> Times<T> {
    fn of(time: T) -> Self {
        Self { seconds: Seconds(time.clone()), millis: Millis(time.clone()), text: Rfc3339(time) }
    }
}

/// What is read back has the seconds, the milliseconds and the nanoseconds.
fn round_trip<T: Timestamp + Clone>(time: UnixTime) -> [UnixTime; 3] {
    let stored = to_item(&Times::of(T::from_unix(time).unwrap())).unwrap();
    let times: Times<T> = from_item(stored).unwrap();
    [times.seconds.to_unix(), times.millis.to_unix(), times.text.to_unix()]
}

fn cut(time: UnixTime) -> [UnixTime; 3] {
    let millis = UnixTime::new(time.seconds(), time.nanos() / 1_000_000 * 1_000_000);
    [UnixTime::new(time.seconds(), 0), millis, time]
}

#[test]
fn each_has_its_attribute() {
    let time = UNIX_EPOCH + Duration::new(1_795_369_625, 123_456_789);
    expect![[
        r#"{"millis":{"N":"1795369625123"},"seconds":{"N":"1795369625"},"text":{"S":"2026-11-22T17:47:05.123456789Z"}}"#
    ]]
    .assert_eq(&to_json(&to_item(&Times::of(time)).unwrap()));
}

#[test]
fn a_time_before_the_epoch_is_cut_off_to_the_past() {
    let time = UNIX_EPOCH - Duration::from_millis(1_250);
    expect![[r#"{"millis":{"N":"-1250"},"seconds":{"N":"-2"},"text":{"S":"1969-12-31T23:59:58.750000000Z"}}"#]]
        .assert_eq(&to_json(&to_item(&Times::of(time)).unwrap()));
}

#[test]
fn what_is_no_time_is_an_error_at_its_field() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only whether it can be read counts")]
    struct At {
        at: Rfc3339<SystemTime>,
    }
    let error = |json: &str| parse_json(json).and_then(from_item::<At>).unwrap_err().to_string();
    expect!["`at`: `yesterday` is no time such as `2026-11-22T17:47:00Z`"]
        .assert_eq(&error(r#"{"at":{"S":"yesterday"}}"#));
    expect!["`at`: invalid type: integer `5`, expected a string"].assert_eq(&error(r#"{"at":{"N":"5"}}"#));
}

#[test]
fn a_time_that_rfc_3339_cannot_write_is_refused() {
    let error = to_item(&Times::of(UNIX_EPOCH + Duration::from_secs(300_000_000_000))).unwrap_err();
    expect!["`text`: RFC 3339 writes times of the years 0 to 9999 only"].assert_eq(&error.to_string());
}

fn times() -> impl Strategy<Value = UnixTime> {
    (-62_000_000_000..=253_000_000_000_i64, 0..1_000_000_000_u32).prop_map(|(s, n)| UnixTime::new(s, n))
}

proptest! {
    #[test]
    fn system_time_survives(time in times()) {
        prop_assert_eq!(round_trip::<SystemTime>(time), cut(time));
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff_survives(time in times()) {
        prop_assert_eq!(round_trip::<jiff::Timestamp>(time), cut(time));
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn chrono_survives(time in times()) {
        prop_assert_eq!(round_trip::<chrono::DateTime<chrono::Utc>>(time), cut(time));
    }

    #[cfg(feature = "time")]
    #[test]
    fn time_survives(time in times()) {
        prop_assert_eq!(round_trip::<::time::OffsetDateTime>(time), cut(time));
    }
}
