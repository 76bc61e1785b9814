//! Points in time as attributes: [`Seconds`], [`Millis`] and [`Rfc3339`], over the types of the usual crates.

mod rfc3339;
mod timestamp;

use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use skyloom_manifest::AttributeType;

pub use self::timestamp::{Timestamp, UnixTime};
use super::{definition::TtlSeconds, key::Key, value::Text};

/// The seconds since the epoch of a time as RFC 3339 has it.
pub(crate) fn seconds_of_date(text: &str) -> Option<i64> {
    rfc3339::read(text).map(UnixTime::seconds)
}

macro_rules! stored_times {
    ($($(#[$doc:meta])* $name:ident as $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name<T>(pub T);

        impl<T> Deref for $name<T> {
            type Target = T;

            fn deref(&self) -> &T {
                &self.0
            }
        }

        impl<T> From<T> for $name<T> {
            fn from(time: T) -> Self {
                Self(time)
            }
        }

        impl<T: Timestamp> Key for $name<T> {
            const TYPE: AttributeType = AttributeType::$kind;
        }
    )*};
}

stored_times! {
    /// A time, stored as the number of seconds since the epoch; what is less than a second is cut off.
    ///
    /// It can be a key and the field that `ttl` names.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    /// use serde::{Deserialize, Serialize};
    /// use skyloom::{Table, table::Seconds};
    ///
    /// #[derive(Table, Serialize, Deserialize)]
    /// #[table(ttl = "expires_at")]
    /// struct Session {
    ///     #[partition_key]
    ///     id: String,
    ///     expires_at: Seconds<SystemTime>,
    /// }
    ///
    /// let expires_at = Seconds(SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000));
    /// let item = Session { id: "s-1".into(), expires_at }.to_item()?;
    /// assert_eq!(item["expires_at"].as_n(), Ok(&"1800000000".to_owned()));
    /// # Ok::<_, skyloom::table::ItemError>(())
    /// ```
    Seconds as N;

    /// A time, stored as the number of milliseconds since the epoch; what is less than a millisecond is cut off.
    Millis as N;

    /// A time, stored as text such as `2026-11-22T17:47:00.000000000Z`: in UTC and always as long, so that the order of
    /// texts is the order of times. It can be a key. Any text of RFC 3339 is read.
    Rfc3339 as S;
}

impl<T: Timestamp> TtlSeconds for Seconds<T> {}
impl<T> Text for Rfc3339<T> {}

impl<T: Timestamp> Serialize for Seconds<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.to_unix().seconds())
    }
}

impl<'de, T: Timestamp> Deserialize<'de> for Seconds<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        time_at(UnixTime::new(i64::deserialize(deserializer)?, 0)).map(Self)
    }
}

impl<T: Timestamp> Serialize for Millis<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_unix().millis() {
            Some(millis) => serializer.serialize_i64(millis),
            None => Err(ser::Error::custom("the time has more milliseconds than a number of 64 bits")),
        }
    }
}

impl<'de, T: Timestamp> Deserialize<'de> for Millis<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        time_at(UnixTime::of_millis(i64::deserialize(deserializer)?)).map(Self)
    }
}

impl<T: Timestamp> Serialize for Rfc3339<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match rfc3339::write(self.0.to_unix()) {
            Some(text) => serializer.serialize_str(&text),
            None => Err(ser::Error::custom("RFC 3339 writes times of the years 0 to 9999 only")),
        }
    }
}

impl<'de, T: Timestamp> Deserialize<'de> for Rfc3339<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = rfc3339::read(&text)
            .ok_or_else(|| de::Error::custom(format!("`{text}` is no time such as `2026-11-22T17:47:00Z`")))?;
        time_at(time).map(Self)
    }
}

fn time_at<T: Timestamp, E: de::Error>(time: UnixTime) -> Result<T, E> {
    T::from_unix(time).ok_or_else(|| {
        let (seconds, name) = (time.seconds(), std::any::type_name::<T>());
        E::custom(format!("{seconds} seconds since the epoch are beyond what a {name} holds"))
    })
}

#[cfg(test)]
mod tests;
