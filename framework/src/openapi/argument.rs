use std::collections::BTreeSet;

use ::http::StatusCode;
use schemars::SchemaGenerator;
use skyloom_manifest::{Body, Parameter, Place};

use super::{TypeSchema, parameters};
use crate::{Bytes, Form, Header, Json, Path, Query, Rejection};

/// An argument that says what it reads of a request.
///
/// ```
/// # use skyloom::{FromEvent, Principal, Rejection, RequestContext, RequestEvent, Scope, trigger::Http};
/// use skyloom::openapi::{DescribeArgument, Request, TypeSchema};
///
/// /// The language that the caller prefers.
/// struct Language(String);
/// # impl<P: Principal> FromEvent<Http<P>> for Language {
/// #     async fn from_event<'a>(_: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> { Ok(Self("en".into())) }
/// # }
///
/// impl DescribeArgument for Language {
///     type Value = String;
///
///     fn describe(request: &mut Request<'_>, language: TypeSchema) {
///         request.header("accept-language", language, "The language that the caller prefers");
///     }
/// }
/// ```
pub trait DescribeArgument {
    /// The type whose JSON schema the description is made of; `()` where it is made of none.
    type Value: ?Sized;

    /// Adds what the argument reads.
    fn describe(request: &mut Request<'_>, value: TypeSchema);
}

/// What the arguments of a handler read of a request.
#[derive(Debug)]
pub struct Request<'a> {
    pub(super) schemas: &'a mut SchemaGenerator,
    /// The names of the route's parameters, in its order.
    pub(super) path: Vec<String>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) rejections: BTreeSet<u16>,
    pub(super) undocumented: BTreeSet<String>,
}

impl Request<'_> {
    /// A header that a request may have.
    pub fn header(&mut self, name: &str, value: TypeSchema, description: &str) {
        self.note(value);
        let (schema, name) = (value.referred(self.schemas), name.to_ascii_lowercase());
        let description = Some(description.into());
        self.parameters.push(Parameter { place: Place::Header, name, required: false, description, schema });
    }

    /// A parameter of the query string that a request may have.
    pub fn query(&mut self, name: &str, value: TypeSchema, description: &str) {
        self.note(value);
        let (schema, name) = (value.referred(self.schemas), name.into());
        let description = Some(description.into());
        self.parameters.push(Parameter { place: Place::Query, name, required: false, description, schema });
    }

    /// A body of that media type, which a request must have.
    pub fn body(&mut self, content_type: &str, value: TypeSchema) {
        self.note(value);
        let schema = value.referred(self.schemas);
        self.body = Some(Body { content_type: content_type.into(), required: true, schema });
    }

    /// Such a request can be refused with that status.
    pub fn rejects(&mut self, status: StatusCode) {
        self.rejections.insert(status.as_u16());
    }

    /// Runs a description whose parts need not be in a request.
    fn optional(&mut self, describe: impl FnOnce(&mut Self)) {
        let (before, body) = (self.parameters.len(), self.body.take());
        describe(self);
        let added = self.parameters[before..].iter_mut().filter(|it| it.place != Place::Path);
        added.for_each(|it| it.required = false);
        self.body.iter_mut().for_each(|it| it.required = false);
        self.body = self.body.take().or(body);
    }

    /// Remembers a type of which nothing is known.
    pub(super) fn note(&mut self, value: TypeSchema) {
        if !value.is_known() {
            self.undocumented.insert((value.name)().into());
        }
    }
}

impl<T> DescribeArgument for Path<T> {
    type Value = T;

    fn describe(request: &mut Request<'_>, value: TypeSchema) {
        parameters::of_path(request, value);
    }
}

impl<T> DescribeArgument for Query<T> {
    type Value = T;

    fn describe(request: &mut Request<'_>, value: TypeSchema) {
        parameters::of_fields(request, Place::Query, value);
    }
}

impl<T> DescribeArgument for Header<T> {
    type Value = T;

    fn describe(request: &mut Request<'_>, value: TypeSchema) {
        parameters::of_fields(request, Place::Header, value);
    }
}

impl<T> DescribeArgument for Json<T> {
    type Value = T;

    fn describe(request: &mut Request<'_>, value: TypeSchema) {
        request.body("application/json", value);
        request.rejects(StatusCode::BAD_REQUEST);
        request.rejects(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}

impl<T> DescribeArgument for Form<T> {
    type Value = T;

    fn describe(request: &mut Request<'_>, value: TypeSchema) {
        request.body("application/x-www-form-urlencoded", value);
        request.rejects(StatusCode::BAD_REQUEST);
        request.rejects(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}

impl DescribeArgument for Bytes {
    type Value = ();

    fn describe(request: &mut Request<'_>, _: TypeSchema) {
        request.body = Some(Body { content_type: "*/*".into(), required: false, schema: serde_json::Map::new() });
    }
}

impl<A: DescribeArgument> DescribeArgument for Option<A> {
    type Value = A::Value;

    fn describe(request: &mut Request<'_>, value: TypeSchema) {
        request.optional(|request| A::describe(request, value));
    }
}

impl<A: DescribeArgument> DescribeArgument for Result<A, Rejection> {
    type Value = A::Value;

    fn describe(request: &mut Request<'_>, value: TypeSchema) {
        let rejections = request.rejections.clone();
        request.optional(|request| A::describe(request, value));
        request.rejections = rejections; // the handler decides
    }
}
