//! Finds out, for the concrete types of a handler, what they can say of themselves.
//!
//! A type need not implement anything for it, so this cannot be a bound. An expansion knows each type by name, though: it calls
//! a method on `&&&Probe<T>`, and method resolution takes the first of these traits whose bounds hold, dereferencing once for each.

use std::{any::type_name, collections::BTreeSet, fmt, marker::PhantomData};

use schemars::JsonSchema;
use skyloom_manifest as manifest;

use super::{DescribeArgument, DescribeReply, Replies, Request, Schemas, TypeSchema};

/// Adds what a handler's types say to the operation.
pub type Describer = fn(&mut Operation<'_>);

/// The describer, in a binary whose manifest has operations. In others nothing refers to it, so that it is not compiled at all,
/// nor are the schemas of its types.
pub const fn describer(describe: Describer) -> Option<Describer> {
    if cfg!(debug_assertions) { Some(describe) } else { None }
}

/// An operation as it is described.
#[derive(Debug)]
pub struct Operation<'a> {
    request: Request<'a>,
    replies: Replies<'a>,
}

/// What `T` can say of itself.
pub struct Probe<T>(PhantomData<fn() -> T>);

impl<T> Probe<T> {
    /// The only one.
    pub const NEW: Self = Self(PhantomData);
}

impl<T> fmt::Debug for Probe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Probe<{}>", type_name::<T>())
    }
}

/// How much an argument and a reply can say. For each, the traits stand in the order in which method resolution tries them.
pub mod levels {
    use super::{DescribeArgument, DescribeReply, JsonSchema, Operation, Probe, TypeSchema, type_name};

    /// An argument that describes itself and whose values have a schema.
    pub trait DocumentedArgument {
        /// Adds all of it.
        fn argument(&self, operation: &mut Operation<'_>);
    }
    /// An argument that describes itself.
    pub trait DescribedArgument {
        /// Adds it without a schema.
        fn argument(&self, operation: &mut Operation<'_>);
    }
    /// An argument that reads nothing of the request, or does not say what.
    pub trait SilentArgument {
        /// Adds nothing.
        fn argument(&self, _: &mut Operation<'_>) {}
    }

    impl<A: DescribeArgument> DocumentedArgument for &&Probe<A>
    where
        A::Value: JsonSchema,
    {
        fn argument(&self, operation: &mut Operation<'_>) {
            A::describe(&mut operation.request, TypeSchema::of::<A::Value>());
        }
    }
    impl<A: DescribeArgument> DescribedArgument for &Probe<A> {
        fn argument(&self, operation: &mut Operation<'_>) {
            A::describe(&mut operation.request, TypeSchema::unknown::<A::Value>());
        }
    }
    impl<A> SilentArgument for Probe<A> {}

    /// A reply that describes itself and whose values have a schema.
    pub trait DocumentedReply {
        /// Adds all of it.
        fn reply(&self, operation: &mut Operation<'_>);
    }
    /// A reply that describes itself.
    pub trait DescribedReply {
        /// Adds it without a schema.
        fn reply(&self, operation: &mut Operation<'_>);
    }
    /// A reply that does not say with what it answers.
    pub trait SilentReply {
        /// Adds a reply of which nothing is known.
        fn reply(&self, operation: &mut Operation<'_>);
    }

    impl<R: DescribeReply> DocumentedReply for &&Probe<R>
    where
        R::Value: JsonSchema,
    {
        fn reply(&self, operation: &mut Operation<'_>) {
            R::describe(&mut operation.replies, TypeSchema::of::<R::Value>());
        }
    }
    impl<R: DescribeReply> DescribedReply for &Probe<R> {
        fn reply(&self, operation: &mut Operation<'_>) {
            R::describe(&mut operation.replies, TypeSchema::unknown::<R::Value>());
        }
    }
    impl<R> SilentReply for Probe<R> {
        fn reply(&self, operation: &mut Operation<'_>) {
            operation.unnamed_reply();
            operation.replies.undocumented.insert(type_name::<R>().into());
        }
    }
}

impl Operation<'_> {
    /// A reply whose type has no name: `impl Reply`.
    pub fn unnamed_reply(&mut self) {
        self.replies.add_unknown();
        self.replies.fails();
    }
}

/// The operation of a route, whose schemas are kept in `schemas`.
pub(crate) fn of_route(describe: Describer, path: Vec<String>, schemas: &mut Schemas) -> manifest::Operation {
    let Schemas { of_requests, of_replies } = schemas;
    let mut operation = Operation {
        request: Request {
            schemas: of_requests,
            path,
            parameters: Vec::new(),
            body: None,
            rejections: BTreeSet::new(),
            undocumented: BTreeSet::new(),
        },
        replies: Replies { schemas: of_replies, list: Vec::new(), fails: false, undocumented: BTreeSet::new() },
    };
    describe(&mut operation);
    let Operation { mut request, replies } = operation;
    request.undocumented.extend(replies.undocumented);
    // Two arguments may read the same.
    request.parameters.sort_by(|a, b| (a.place, &a.name, b.required).cmp(&(b.place, &b.name, a.required)));
    request.parameters.dedup_by(|a, b| (a.place, &a.name) == (b.place, &b.name));
    manifest::Operation {
        parameters: request.parameters,
        body: request.body,
        replies: replies.list,
        rejections: request.rejections,
        fails: replies.fails,
        undocumented: request.undocumented,
    }
}
