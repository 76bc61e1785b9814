//! Principals: who may call, as a type.

mod authorizer;
mod context;
mod date;
mod iam;
mod policy;
mod user;

pub(crate) use self::user::check_groups;
pub use self::{
    authorizer::{
        AuthorizationToken, Authorize, AuthorizerEvent, BearerToken, Unauthorized, open, policy_reject, policy_reply,
        reject, reply,
    },
    iam::{CognitoIdentity, Iam},
    policy::Policy,
    user::{user_of_authorizer, user_of_pool, user_of_socket},
};

/// Who calls a route: what `auth = …` may name.
///
/// [`Public`], [`Iam`] and [`ApiKey`] are some; `#[derive(UserPool)]` and `#[handler(authorizer)]` make others. A handler can take the principal
/// as an argument only where its route's `auth` names it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no principal, so `auth` cannot name it",
    label = "no principal",
    note = "write `auth = Public`, `Iam` or `ApiKey`, or name a type with `#[derive(UserPool)]`, or what a `#[handler(authorizer)]` returns"
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
    /// By the signature of the request.
    Iam,
    /// By a key of the API.
    ApiKey,
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

impl Principal for Iam {
    const KIND: PrincipalKind = PrincipalKind::Iam;
}

/// Whoever sends a key of the API as `x-api-key`; of REST APIs only.
///
/// A key says which client calls and counts what it uses; it is no proof of who calls, since it is the same in each request
/// and does not expire.
#[derive(Clone, Copy, Debug)]
pub struct ApiKey;

impl Principal for ApiKey {
    const KIND: PrincipalKind = PrincipalKind::ApiKey;
}
