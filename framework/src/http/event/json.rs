//! Parts of an event, decoded when an argument asks for them.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer as _, de};
use serde_json::value::RawValue;

use crate::{Rejection, text::Pairs};

/// Decodes a part of the event. That it fails is the gateway's fault, not the caller's.
pub(crate) fn decode<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, Rejection> {
    serde_json::from_str(raw.get()).map_err(|error| malformed(&error))
}

fn malformed(error: &serde_json::Error) -> Rejection {
    Rejection::Internal(format!("a part of the event is not as documented: {error}").into())
}

/// An object of strings, or `null`.
pub(crate) fn pairs(raw: &RawValue) -> Result<Pairs<'_>, Rejection> {
    struct InOrder;
    impl<'de> de::Visitor<'de> for InOrder {
        type Value = Pairs<'de>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object of strings")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(8));
            while let Some((name, text)) = map.next_entry::<Text<'de>, Text<'de>>()? {
                pairs.push((name.0, text.0));
            }
            Ok(pairs)
        }
    }
    let mut json = serde_json::Deserializer::from_str(raw.get());
    json.deserialize_any(InOrder).map_err(|error| malformed(&error))
}

/// An object of lists of strings, or `null`.
pub(crate) fn lists(raw: &RawValue) -> Result<Lists<'_>, Rejection> {
    struct InOrder;
    impl<'de> de::Visitor<'de> for InOrder {
        type Value = Lists<'de>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object of lists of strings")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut lists = Vec::with_capacity(map.size_hint().unwrap_or(8));
            while let Some((name, texts)) = map.next_entry::<Text<'de>, Vec<Text<'de>>>()? {
                lists.push((name.0, texts.into_iter().map(|text| text.0).collect()));
            }
            Ok(lists)
        }
    }
    let mut json = serde_json::Deserializer::from_str(raw.get());
    json.deserialize_any(InOrder).map_err(|error| malformed(&error))
}

/// Names and their values, in order.
pub(crate) type Lists<'a> = Vec<(Cow<'a, str>, Vec<Cow<'a, str>>)>;

/// A string that is borrowed where JSON has no escapes in it.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// Finds one entry of an object of strings without keeping the others; `name` in any case.
pub(super) fn find<'a>(raw: &'a RawValue, name: &str) -> Result<Option<Cow<'a, str>>, Rejection> {
    let mut json = serde_json::Deserializer::from_str(raw.get());
    json.deserialize_any(Find { name }).map_err(|error| malformed(&error))
}

struct Find<'n> {
    name: &'n str,
}

impl<'de> de::Visitor<'de> for Find<'_> {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of strings")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<Text<'de>>()? {
            if found.is_none() && name.0.eq_ignore_ascii_case(self.name) {
                found = Some(map.next_value::<Text<'de>>()?.0);
            } else {
                map.next_value::<de::IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
