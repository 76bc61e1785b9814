use std::borrow::Cow;

use serde_json::value::RawValue;

use super::{
    Members,
    json::{Text, decode, find, pairs},
    needed,
};
use crate::{Rejection, text::Pairs};

/// What only payload format 2.0 has: headers joined with commas, cookies apart, the query string as it was sent.
#[derive(Debug)]
pub(super) struct Format2<'a> {
    pub(super) route_key: &'a RawValue,
    pub(super) raw_path: &'a RawValue,
    raw_query_string: Option<&'a RawValue>,
    cookies: Option<&'a RawValue>,
    headers: Option<&'a RawValue>,
}

impl<'a> Format2<'a> {
    pub(super) fn new(members: &Members<'a>) -> Result<Self, serde_json::Error> {
        Ok(Self {
            route_key: needed("routeKey", members.route_key)?,
            raw_path: needed("rawPath", members.raw_path)?,
            raw_query_string: members.raw_query_string,
            cookies: members.cookies,
            headers: members.headers,
        })
    }

    pub(super) fn header(&self, name: &str) -> Result<Option<Cow<'a, str>>, Rejection> {
        self.headers.map_or(Ok(None), |headers| find(headers, name))
    }

    pub(super) fn header_pairs(&self) -> Result<Pairs<'a>, Rejection> {
        let mut pairs = self.headers.map_or_else(|| Ok(Vec::new()), pairs)?;
        let cookies = self.cookies()?;
        if !cookies.is_empty() && !pairs.iter().any(|(name, _)| name == "cookie") {
            pairs.push((Cow::Borrowed("cookie"), Cow::Owned(cookies.join("; "))));
        }
        Ok(pairs)
    }

    pub(super) fn cookies(&self) -> Result<Vec<Cow<'a, str>>, Rejection> {
        let Some(cookies) = self.cookies else { return Ok(Vec::new()) };
        let texts: Option<Vec<Text<'a>>> = decode(cookies)?;
        Ok(texts.unwrap_or_default().into_iter().map(|text| text.0).collect())
    }

    pub(super) fn query_string(&self) -> Result<Cow<'a, str>, Rejection> {
        self.raw_query_string.map_or(Ok(Cow::Borrowed("")), |raw| Ok(decode::<Text<'a>>(raw)?.0))
    }
}
