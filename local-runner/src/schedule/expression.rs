use std::time::{Duration, SystemTime};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use skyloom_manifest::rules;

use super::cron::Cron;

/// When a schedule runs.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    /// `rate(5 minutes)`
    Rate(Duration),
    /// `cron(0 12 * * ? *)`
    Cron(Box<Cron>),
    /// `at(2030-01-01T00:00:00)`
    At(SystemTime),
}

impl Expression {
    /// # Errors
    /// A sentence that says what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        rules::check_schedule(text)?;
        let call = text.strip_suffix(')').and_then(|text| text.split_once('('));
        let parsed = match call {
            Some(("rate", inner)) => rate(inner).map(Self::Rate),
            Some(("cron", inner)) => Cron::parse(inner).map(|cron| Self::Cron(Box::new(cron))),
            Some(("at", inner)) => inner.parse().ok().and_then(in_utc).map(Self::At),
            _ => None,
        };
        parsed.ok_or_else(|| format!("`{text}` is no schedule"))
    }

    /// The first run of a schedule that begins now.
    pub(super) fn first(&self, now: SystemTime) -> Option<SystemTime> {
        match self {
            Self::At(time) => (*time >= now).then_some(*time),
            Self::Rate(_) | Self::Cron(_) => self.after(now),
        }
    }

    /// The run that follows one at this time.
    pub(super) fn after(&self, time: SystemTime) -> Option<SystemTime> {
        match self {
            Self::Rate(interval) => time.checked_add(*interval),
            Self::Cron(cron) => {
                let time = Timestamp::try_from(time).ok()?.to_zoned(TimeZone::UTC).datetime();
                in_utc(cron.after(time)?)
            }
            Self::At(_) => None,
        }
    }
}

fn rate(inner: &str) -> Option<Duration> {
    let (value, unit) = inner.split_once(' ')?;
    let minutes = match unit.trim_end_matches('s') {
        "minute" => 1,
        "hour" => 60,
        "day" => 24 * 60,
        _ => return None,
    };
    Some(Duration::from_secs(value.parse::<u64>().ok()?.checked_mul(minutes * 60)?))
}

fn in_utc(time: DateTime) -> Option<SystemTime> {
    Some(SystemTime::from(TimeZone::UTC.to_timestamp(time).ok()?))
}
