use std::collections::{BTreeMap, BTreeSet};

use ::http::StatusCode;
use schemars::SchemaGenerator;
use serde_json::{Map, Value};
use skyloom_manifest as manifest;

use super::TypeSchema;
use crate::{Bytes, Created, Html, Json, NoContent, Response};

/// A reply that says with which status and content it answers.
///
/// ```
/// # use skyloom::{Error, Reply, Response, StatusCode};
/// use skyloom::openapi::{DescribeReply, Replies, TypeSchema};
///
/// /// A picture.
/// struct Png(Vec<u8>);
/// # impl Reply for Png {
/// #     fn into_response(self) -> Result<Response, Error> { Ok(Response::new(StatusCode::OK, self.0)) }
/// # }
///
/// impl DescribeReply for Png {
///     type Value = ();
///
///     fn describe(replies: &mut Replies<'_>, _: TypeSchema) {
///         replies.add(StatusCode::OK, "image/png");
///     }
/// }
/// ```
pub trait DescribeReply {
    /// The type whose JSON schema the description is made of; `()` where it is made of none.
    type Value: ?Sized;

    /// Adds the ways in which it answers.
    fn describe(replies: &mut Replies<'_>, value: TypeSchema);
}

/// The ways in which a handler answers.
#[derive(Debug)]
pub struct Replies<'a> {
    pub(super) schemas: &'a mut SchemaGenerator,
    pub(super) list: Vec<manifest::Reply>,
    pub(super) fails: bool,
    pub(super) undocumented: BTreeSet<String>,
}

impl Replies<'_> {
    /// One without a body.
    pub fn add_empty(&mut self, status: StatusCode) {
        self.push(Some(status), None, Map::new());
    }

    /// One with a body of that media type, of which no more is known.
    pub fn add(&mut self, status: StatusCode, content_type: &str) {
        self.push(Some(status), Some(content_type), Map::new());
    }

    /// One with a body that a schema describes.
    pub fn add_typed(&mut self, status: StatusCode, content_type: &str, value: TypeSchema) {
        if !value.is_known() {
            self.undocumented.insert((value.name)().into());
        }
        let schema = value.referred(self.schemas);
        self.push(Some(status), Some(content_type), schema);
    }

    /// One of which the type says nothing.
    pub fn add_unknown(&mut self) {
        self.push(None, None, Map::new());
    }

    /// The reply that was added last always has that header.
    pub fn header(&mut self, name: &str, description: &str) {
        if let Some(last) = self.list.last_mut() {
            last.headers.insert(name.to_ascii_lowercase(), description.into());
        }
    }

    /// The handler may return an error instead.
    pub fn fails(&mut self) {
        self.fails = true;
    }

    fn push(&mut self, status: Option<StatusCode>, content_type: Option<&str>, schema: Map<String, Value>) {
        let (status, content_type) = (status.map(|it| it.as_u16()), content_type.map(Into::into));
        self.list.push(manifest::Reply { status, content_type, schema, headers: BTreeMap::new() });
    }

    /// Runs a description, and gives what it added another status.
    fn with_status(&mut self, status: Option<StatusCode>, describe: impl FnOnce(&mut Self)) {
        let before = self.list.len();
        describe(self);
        self.list[before..].iter_mut().for_each(|it| it.status = status.map(|it| it.as_u16()));
    }
}

impl<T> DescribeReply for Json<T> {
    type Value = T;

    fn describe(replies: &mut Replies<'_>, value: TypeSchema) {
        replies.add_typed(StatusCode::OK, "application/json", value);
    }
}

impl<R: DescribeReply> DescribeReply for Created<R> {
    type Value = R::Value;

    fn describe(replies: &mut Replies<'_>, value: TypeSchema) {
        replies.with_status(Some(StatusCode::CREATED), |replies| R::describe(replies, value));
    }
}

impl<R: DescribeReply> DescribeReply for (StatusCode, R) {
    type Value = R::Value;

    fn describe(replies: &mut Replies<'_>, value: TypeSchema) {
        replies.with_status(None, |replies| R::describe(replies, value));
    }
}

impl<R: DescribeReply, E> DescribeReply for Result<R, E> {
    type Value = R::Value;

    fn describe(replies: &mut Replies<'_>, value: TypeSchema) {
        R::describe(replies, value);
        replies.fails();
    }
}

/// Replies whose type says all of them.
macro_rules! plain {
    ($($ty:ty $(, $parameter:ident)? => |$replies:ident| $describe:expr;)*) => {$(
        impl$(<$parameter>)? DescribeReply for $ty {
            type Value = ();

            fn describe($replies: &mut Replies<'_>, _: TypeSchema) {
                $describe;
            }
        }
    )*};
}

plain! {
    NoContent => |replies| replies.add_empty(StatusCode::NO_CONTENT);
    () => |replies| replies.add_empty(StatusCode::NO_CONTENT);
    Html<T>, T => |replies| replies.add(StatusCode::OK, "text/html");
    String => |replies| replies.add_typed(StatusCode::OK, "text/plain", TypeSchema::of::<String>());
    &'static str => |replies| replies.add_typed(StatusCode::OK, "text/plain", TypeSchema::of::<str>());
    Bytes => |replies| replies.add(StatusCode::OK, "application/octet-stream");
    Vec<u8> => |replies| replies.add(StatusCode::OK, "application/octet-stream");
    StatusCode => |replies| replies.add_unknown();
    Response => |replies| replies.add_unknown();
    ::http::Response<B>, B => |replies| replies.add_unknown();
}
