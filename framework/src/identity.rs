//! What the users of an identity pool may do by themselves.

use std::marker::PhantomData;

use crate::{FromEvent, Needs, Rejection, Scope, Trigger};

/// Marks what the roles of an identity pool are allowed: nothing runs for it, only the permissions count.
#[derive(Debug)]
pub struct Identity;

impl Trigger for Identity {
    type Event<'a> = ();
}

/// What a role of an identity pool can be allowed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that the users of an identity pool could be allowed",
    label = "cannot be in `allow`",
    note = "`allow` takes `Read<T>`, `Write<T>`, `Scan<T>`, `ReadIndex<I>`, `Secret<T>`, and `Own<A>` of the first two; routes with `auth = Iam` are in `routes`"
)]
pub trait Allowed {
    /// The permissions.
    const ALLOWED: Needs;
}

#[diagnostic::do_not_recommend]
impl<A: FromEvent<Identity>> Allowed for A {
    const ALLOWED: Needs = A::NEEDS;
}

/// What `A` may do, only on items whose partition key is the id of the caller's identity, in the roles of an identity pool:
/// `Own<Read<Note>>`, `Own<Write<Note>>`.
///
/// The template's policy has a condition on `dynamodb:LeadingKeys` with the variable `${cognito-identity.amazonaws.com:sub}`. Of an
/// entity whose partition key is a template, `"NOTE#{owner}"`, the text before counts too.
#[derive(Debug)]
pub struct Own<A>(PhantomData<fn() -> A>);

impl<A: FromEvent<Identity>> Own<A> {
    const OF: &'static Needs = &A::NEEDS;
}

impl<A: FromEvent<Identity>> FromEvent<Identity> for Own<A> {
    const NEEDS: Needs = Needs::own(Self::OF);

    async fn from_event<'a>(_: &'a (), _: &'a Scope) -> Result<Self, Rejection> {
        Err(Rejection::Internal("`Own<A>` says what the users of an identity pool may do; no handler has it".into()))
    }
}
