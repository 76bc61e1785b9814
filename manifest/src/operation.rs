use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a route takes and gives, as far as its handler's types say it: an operation of OpenAPI.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Operation {
    /// What is taken from the path, the query string and the headers, by place and name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// What is taken from the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// What comes when all goes well, by status.
    pub replies: Vec<Reply>,
    /// The statuses with which an argument refuses a request that does not fit.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rejections: BTreeSet<u16>,
    /// Whether the handler can return an error, whose status no type says.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fails: bool,
    /// Types that have no schema, so that nothing is known of their values.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub undocumented: BTreeSet<String>,
}

/// A part of the path, the query string or the headers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Parameter {
    /// Where it is.
    pub place: Place,
    /// Its name there.
    pub name: String,
    /// Whether a request without it is refused.
    pub required: bool,
    /// The doc comment of its field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its JSON schema; empty if it is not known.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub schema: Map<String, Value>,
}

/// Where a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In the headers.
    Header,
}

impl Place {
    /// OpenAPI's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// A request's body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Body {
    /// Its media type; `*/*` for any.
    pub content_type: String,
    /// Whether a request without it is refused.
    pub required: bool,
    /// Its JSON schema; empty if it is not known.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub schema: Map<String, Value>,
}

/// One way in which a handler answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Reply {
    /// The status, if the type says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The body's media type; without one there is no body, or without a status nothing is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The body's JSON schema; empty if it is not known.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub schema: Map<String, Value>,
    /// The headers that it always has, and what they say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
}

impl Operation {
    /// Sorts every list, so that equal operations have equal manifests.
    pub(crate) fn sort(&mut self) {
        self.parameters.sort_by(|a, b| (a.place, &a.name).cmp(&(b.place, &b.name)));
        self.replies.sort_by(|a, b| (a.status, &a.content_type).cmp(&(b.status, &b.content_type)));
        self.parameters.iter_mut().for_each(|it| sort_map(&mut it.schema));
        self.body.iter_mut().for_each(|it| sort_map(&mut it.schema));
        self.replies.iter_mut().for_each(|it| sort_map(&mut it.schema));
    }
}

/// Sorts a schema's keys: a `preserve_order` that any crate of the application's build asks for keeps them as they came.
pub(crate) fn sort_map(map: &mut Map<String, Value>) {
    let mut entries: Vec<_> = std::mem::take(map).into_iter().collect();
    entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    entries.iter_mut().for_each(|(_, value)| sort_value(value));
    map.extend(entries);
}

pub(crate) fn sort_value(value: &mut Value) {
    match value {
        Value::Object(map) => sort_map(map),
        Value::Array(values) => values.iter_mut().for_each(sort_value),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
