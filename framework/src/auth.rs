//! Principals: who may call, as a type.

mod authorizer;
mod context;
mod date;
mod policy;
mod user;

pub(crate) use self::user::check_groups;
pub use self::{
    authorizer::{Authorize, AuthorizerEvent, BearerToken, Unauthorized, open, reject, reply},
    user::{user_of_authorizer, user_of_pool},
};

/// Who calls a route: what `auth = …` may name.
///
/// [`Public`] is one; `#[derive(UserPool)]` and `#[handler(authorizer)]` make others. A handler can take the principal
/// as an argument only where its route's `auth` names it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no principal, so `auth` cannot name it",
    label = "no principal",
    note = "write `auth = Public`, or name a type with `#[derive(UserPool)]`, or what a `#[handler(authorizer)]` returns"
)]
pub trait Principal: Sized + Send + Sync + 'static {
    /// How API Gateway recognises it.
    #[doc(hidden)]
    const KIND: PrincipalKind;
}

/// How API Gateway recognises a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrincipalKind {
    /// Not at all.
    Public,
    /// By a token of the user pool of that name.
    UserPool(&'static str),
    /// By the authorizer function of that name.
    Authorizer(&'static str),
}

/// Everyone: the route asks for no token.
#[derive(Clone, Copy, Debug)]
pub struct Public;

impl Principal for Public {
    const KIND: PrincipalKind = PrincipalKind::Public;
}
