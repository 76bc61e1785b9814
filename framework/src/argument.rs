use std::{borrow::Cow, future::Future};

use crate::{Error, Needs, Scope};

/// A kind of event that Lambda delivers.
pub trait Trigger: 'static {
    /// The event, decoded as far as every handler needs it; arguments decode the rest.
    type Event<'a>: Sync;
}

/// A type that can be an argument of a handler whose trigger is `E`.
///
/// ```
/// use skyloom::{Error, FromEvent, Rejection, Principal, RequestContext, RequestEvent, Scope, trigger::Http};
///
/// /// The language that the caller prefers.
/// struct Language(String);
///
/// impl<P: Principal> FromEvent<Http<P>> for Language {
///     async fn from_event<'a>(event: &'a RequestEvent<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
///         let request = <RequestContext as FromEvent<Http<P>>>::from_event(event, scope).await?;
///         let header = request.headers().get("accept-language").and_then(|value| value.to_str().ok());
///         Ok(Self(header.unwrap_or("en").to_owned()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of this handler",
    label = "no argument of this trigger",
    note = "HTTP handlers take `Path<T>`, `Query<T>`, `Header<T>`, `Json<T>`, `Form<T>`, `Bytes`, `RequestContext` and the principal that `auth` names",
    note = "stream handlers take `Change<T>` or `Vec<Change<T>>` of their table, `ChangeRecord<T>` for its metadata; `invoke` handlers take `Json<T>`, `hook` handlers `Deployment`, authorizers `BearerToken`, `Header<T>`, `Query<T>`, `Path<T>` and `RequestContext`",
    note = "`websocket` handlers take `Connection`, `ConnectionContext`, `Json<T>`, `Bytes`, `String`, `Query<T>` at `$connect`, and the principal that `$connect` names",
    note = "every handler takes `Read<T>`, `Write<T>`, `ReadIndex<I>`, `Scan<T>`, `Transact<…>`, `TransactRead<…>`, `Secret<T>`, `Sender<A>`, `Context`, and `Option<A>` or `Result<A, Rejection>` of another argument"
)]
pub trait FromEvent<E: Trigger>: Sized {
    /// The permissions that a handler gains by naming this type.
    const NEEDS: Needs = Needs::NOTHING;

    /// Takes the argument from the event, or says why the handler cannot run.
    fn from_event<'a>(
        event: &'a E::Event<'a>,
        scope: &'a Scope,
    ) -> impl Future<Output = Result<Self, Rejection>> + Send;
}

/// Why an argument could not be had, so that the handler does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The event has nothing for it; `Option<A>` is `None` then.
    #[error("{0}")]
    Missing(Cow<'static, str>),
    /// The event has something that does not fit. The caller is told.
    #[error("{0}")]
    Invalid(Cow<'static, str>),
    /// The body is of another media type than the argument reads.
    #[error("{0}")]
    UnsupportedMediaType(Cow<'static, str>),
    /// The caller may not.
    #[error("{0}")]
    Forbidden(Cow<'static, str>),
    /// It is not the caller's fault; the caller is told nothing, the log all.
    #[error("{0}")]
    Internal(Cow<'static, str>),
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::Missing(detail) | Rejection::Invalid(detail) => Self::bad_request(detail),
            Rejection::UnsupportedMediaType(detail) => Self::new(http::StatusCode::UNSUPPORTED_MEDIA_TYPE, detail),
            Rejection::Forbidden(detail) => Self::forbidden(detail),
            Rejection::Internal(detail) => Self::internal(detail),
        }
    }
}

/// `None` where the event has nothing for the argument. What is there and does not fit is still refused.
impl<E: Trigger, A: FromEvent<E>> FromEvent<E> for Option<A> {
    const NEEDS: Needs = A::NEEDS;

    async fn from_event<'a>(event: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        match A::from_event(event, scope).await {
            Ok(argument) => Ok(Some(argument)),
            Err(Rejection::Missing(_)) => Ok(None),
            Err(rejection) => Err(rejection),
        }
    }
}

/// The handler decides what to do with an argument that could not be had.
impl<E: Trigger, A: FromEvent<E> + Send> FromEvent<E> for Result<A, Rejection> {
    const NEEDS: Needs = A::NEEDS;

    async fn from_event<'a>(event: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        Ok(A::from_event(event, scope).await)
    }
}
