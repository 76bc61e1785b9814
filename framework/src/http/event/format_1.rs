use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::value::RawValue;

use super::{
    Members,
    json::{Lists, lists, pairs},
    needed,
};
use crate::{Rejection, text::Pairs};

/// What only payload format 1.0 has: every value of a header and of a query parameter by itself, and names as they were sent.
#[derive(Debug)]
pub(super) struct Format1<'a> {
    pub(super) resource: &'a RawValue,
    pub(super) path: &'a RawValue,
    headers: Values<'a>,
    query: Values<'a>,
    /// A REST API hands the path's parameters over as they were sent. An HTTP API, which decodes every path, sends this
    /// format with a `version`.
    path_is_encoded: bool,
}

/// A map to lists, and the older one to single values, which test events may have alone.
#[derive(Clone, Copy, Debug)]
struct Values<'a> {
    all: Option<&'a RawValue>,
    last: Option<&'a RawValue>,
}

impl<'a> Format1<'a> {
    pub(super) fn new(members: &Members<'a>) -> Result<Self, serde_json::Error> {
        Ok(Self {
            resource: needed("resource", members.resource)?,
            path: needed("path", members.path)?,
            headers: Values { all: members.multi_value_headers, last: members.headers },
            query: Values { all: members.multi_value_query_string_parameters, last: members.query_string_parameters },
            path_is_encoded: members.version.is_none(),
        })
    }

    /// Whether it is a REST API's.
    pub(super) const fn is_of_rest_api(&self) -> bool {
        self.path_is_encoded
    }

    /// An HTTP API sends this format with a `version`.
    pub(super) fn is_of_http_api(&self) -> bool {
        !self.path_is_encoded
    }

    pub(super) fn header(&self, name: &str) -> Result<Option<Cow<'a, str>>, Rejection> {
        let headers = self.headers.read()?.into_iter();
        let found = headers.filter(|(given, _)| given.eq_ignore_ascii_case(name)).flat_map(|(_, values)| values);
        Ok(joined(found.collect(), ","))
    }

    /// Names that differ only in case are one header.
    pub(super) fn header_pairs(&self) -> Result<Pairs<'a>, Rejection> {
        let mut pairs: Vec<(Cow<'a, str>, Vec<Cow<'a, str>>)> = Vec::new();
        for (name, values) in self.headers.read()? {
            let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
                Cow::Owned(name.to_ascii_lowercase())
            } else {
                name
            };
            match pairs.iter_mut().find(|(known, _)| *known == name) {
                Some((_, all)) => all.extend(values),
                None => pairs.push((name, values)),
            }
        }
        let join = |(name, values)| {
            let between = if name == "cookie" { "; " } else { "," };
            joined(values, between).map(|value| (name, value))
        };
        Ok(pairs.into_iter().filter_map(join).collect())
    }

    pub(super) fn cookies(&self) -> Result<Vec<Cow<'a, str>>, Rejection> {
        let headers = self.headers.read()?.into_iter();
        let lists = headers.filter(|(name, _)| name.eq_ignore_ascii_case("cookie")).flat_map(|(_, values)| values);
        let cookies = lists.flat_map(|list| list.split(';').map(|cookie| cookie.trim().to_owned()).collect::<Vec<_>>());
        Ok(cookies.filter(|cookie| !cookie.is_empty()).map(Cow::Owned).collect())
    }

    /// The parameters come decoded, so that they are encoded again.
    pub(super) fn query_string(&self) -> Result<Cow<'a, str>, Rejection> {
        let mut query = String::new();
        for (name, values) in self.query.read()? {
            for value in values {
                if !query.is_empty() {
                    query.push('&');
                }
                query.extend(utf8_percent_encode(&name, NON_ALPHANUMERIC));
                query.push('=');
                query.extend(utf8_percent_encode(&value, NON_ALPHANUMERIC));
            }
        }
        Ok(Cow::Owned(query))
    }

    /// Decodes the path's parameters where API Gateway has not.
    pub(super) fn decode_path(&self, parameters: &mut Pairs<'a>) -> Result<(), Rejection> {
        if !self.path_is_encoded {
            return Ok(());
        }
        for (name, value) in parameters.iter_mut().filter(|(_, value)| value.contains('%')) {
            let decoded = percent_decode_str(value).decode_utf8().map(Cow::into_owned);
            let message = || format!("the path does not fit: `{name}`: `{value}` is no percent-encoded text");
            *value = Cow::Owned(decoded.map_err(|_| Rejection::Invalid(message().into()))?);
        }
        Ok(())
    }
}

impl<'a> Values<'a> {
    fn read(self) -> Result<Lists<'a>, Rejection> {
        match (self.all, self.last) {
            (Some(all), _) => lists(all),
            (None, Some(last)) => Ok(pairs(last)?.into_iter().map(|(name, value)| (name, vec![value])).collect()),
            (None, None) => Ok(Vec::new()),
        }
    }
}

/// One value as it is, several with something between them.
fn joined<'a>(mut values: Vec<Cow<'a, str>>, between: &str) -> Option<Cow<'a, str>> {
    match values.len() {
        0 => None,
        1 => values.pop(),
        _ => Some(Cow::Owned(values.join(between))),
    }
}
