//! Values of AWS Secrets Manager as arguments.

mod error;
mod fetch;
mod read;

use std::{fmt, ops::Deref, sync::Arc};

pub(crate) use self::fetch::Fetched;
pub use self::read::{Unreadable, of_json, redacted};
use crate::{FromEvent, Needs, Rejection, Scope, Trigger};

/// A type that is the value of a secret: `#[derive(Secret)]` makes it one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no secret",
    label = "no secret of the application",
    note = "a secret is a struct with `#[derive(skyloom::Secret)]`"
)]
pub trait SecretValue: Sized + Send + Sync + 'static {
    /// The secret's name in the manifest: that of the type.
    const NAME: &'static str;

    /// Makes a value of what Secrets Manager keeps.
    ///
    /// # Errors
    /// If it is something else; the error has nothing of it.
    fn read(text: String) -> Result<Self, Unreadable>;
}

/// The value of a secret. An argument of every handler, which may then read this secret and no other.
///
/// It is fetched when the first invocation of an execution environment asks for it, and then kept for five minutes, so that
/// a rotated value is seen without a deployment. Where Secrets Manager cannot be reached after that, the last value goes on.
///
/// ```
/// # use skyloom::{Error, Secret, handler};
/// #[derive(Secret)]
/// #[secret(name = "payments/stripe")]
/// struct StripeKey(String);
///
/// #[handler(invoke)]
/// async fn pay(stripe: Secret<StripeKey>) -> Result<(), Error> {
///     let authorization = format!("Bearer {}", stripe.0);
///     # let _ = authorization;
///     Ok(())
/// }
/// # fn main() {}
/// ```
pub struct Secret<T>(Arc<T>);

impl<T> Deref for Secret<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: SecretValue> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", T::NAME)
    }
}

impl<E: Trigger, T: SecretValue> FromEvent<E> for Secret<T> {
    const NEEDS: Needs = Needs::secret::<T>();

    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        let value = fetch::value(scope).await;
        value.map(Self).map_err(|error| Rejection::Internal(error.to_string().into()))
    }
}
