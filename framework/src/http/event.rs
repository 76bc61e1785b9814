use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de};
use serde_json::value::RawValue;

use crate::{Rejection, text::Pairs};

/// A request as an HTTP API delivers it, payload format 2.0. What no argument asks for stays undecoded JSON.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestEvent<'a> {
    #[serde(borrow)]
    pub(crate) route_key: &'a RawValue,
    #[serde(borrow)]
    pub(crate) raw_path: &'a RawValue,
    #[serde(borrow, default)]
    pub(crate) raw_query_string: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) cookies: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) headers: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) path_parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) request_context: &'a RawValue,
    #[serde(borrow, default)]
    pub(crate) body: Option<&'a RawValue>,
    #[serde(default)]
    pub(crate) is_base64_encoded: bool,
}

impl<'a> RequestEvent<'a> {
    /// A header's value; `name` in lower case. Repeated headers are joined with commas, as the gateway does.
    pub(crate) fn header(&self, name: &str) -> Result<Option<Cow<'a, str>>, Rejection> {
        let Some(headers) = self.headers else { return Ok(None) };
        let mut json = serde_json::Deserializer::from_str(headers.get());
        json.deserialize_any(Find { name }).map_err(|error| malformed(&error))
    }

    /// All headers, and the cookies as the `cookie` header that they came in.
    pub(crate) fn header_pairs(&self) -> Result<Pairs<'a>, Rejection> {
        let mut pairs = self.headers.map_or_else(|| Ok(Vec::new()), pairs)?;
        let cookies = self.cookie_list()?;
        if !cookies.is_empty() && !pairs.iter().any(|(name, _)| name == "cookie") {
            pairs.push((Cow::Borrowed("cookie"), Cow::Owned(cookies.join("; "))));
        }
        Ok(pairs)
    }

    pub(crate) fn cookie_list(&self) -> Result<Vec<Cow<'a, str>>, Rejection> {
        let Some(cookies) = self.cookies else { return Ok(Vec::new()) };
        let texts: Option<Vec<Text<'a>>> = decode(cookies)?;
        Ok(texts.unwrap_or_default().into_iter().map(|text| text.0).collect())
    }

    /// The query string as the client sent it.
    pub(crate) fn query_string(&self) -> Result<Cow<'a, str>, Rejection> {
        self.raw_query_string.map_or(Ok(Cow::Borrowed("")), |raw| Ok(decode::<Text<'a>>(raw)?.0))
    }

    /// The path parameters in the order of the route's template.
    pub(crate) fn path_pairs(&self) -> Result<Pairs<'a>, Rejection> {
        let Some(parameters) = self.path_parameters else { return Ok(Vec::new()) };
        let mut found: Pairs<'a> = pairs(parameters)?;
        if found.len() > 1 {
            let route = decode::<Text<'a>>(self.route_key)?.0;
            found.sort_by_key(|(name, _)| route.find(&format!("{{{name}")).unwrap_or(usize::MAX));
        }
        Ok(found)
    }
}

/// Decodes a part of the event. That it fails is the gateway's fault, not the caller's.
pub(crate) fn decode<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, Rejection> {
    serde_json::from_str(raw.get()).map_err(|error| malformed(&error))
}

pub(crate) fn malformed(error: &serde_json::Error) -> Rejection {
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

/// A string that is borrowed where JSON has no escapes in it.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// Finds one entry of an object of strings without keeping the others.
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
