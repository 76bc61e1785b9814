use std::{collections::BTreeMap, fmt, marker::PhantomData, ops::Deref};

use serde::de::DeserializeOwned;

use super::call::{OfPool, PoolCall};
use crate::{Error, FromEvent, Rejection, Scope, text};

/// What Cognito asks of a user of the pool `P`; an argument of handlers of that pool and occasion. What only this occasion has, the
/// fields of `R`, is read from it directly.
pub struct PoolEvent<P, R> {
    header: Header,
    request: R,
    pool: PhantomData<fn() -> P>,
}

/// What every occasion has.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) trigger_source: String,
    pub(super) user_pool_id: String,
    pub(super) username: String,
    pub(super) client_id: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) client_metadata: BTreeMap<String, String>,
}

impl<P, R> PoolEvent<P, R> {
    pub(super) fn of(header: Header, request: R) -> Self {
        Self { header, request, pool: PhantomData }
    }

    /// What the client did, `PreSignUp_AdminCreateUser`.
    pub fn trigger_source(&self) -> &str {
        &self.header.trigger_source
    }

    /// The id of the pool, for calls to Cognito, `eu-west-1_Ab3dEf9hI`.
    pub fn user_pool_id(&self) -> &str {
        &self.header.user_pool_id
    }

    /// The user's name in the pool; where users sign in with an address, Cognito made it up.
    pub fn username(&self) -> &str {
        &self.header.username
    }

    /// The id of the client that the user signs in with.
    pub fn client_id(&self) -> &str {
        &self.header.client_id
    }

    /// An attribute of the user, `email`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.header.attributes.get(name).map(String::as_str)
    }

    /// All attributes of the user.
    pub fn attributes(&self) -> &BTreeMap<String, String> {
        &self.header.attributes
    }

    /// What the client sent along for the pool's handlers.
    pub fn client_metadata(&self) -> &BTreeMap<String, String> {
        &self.header.client_metadata
    }

    /// The user as the pool's type: its fields are attributes here, where in a request they are claims of the token.
    ///
    /// # Errors
    /// The user has no attribute of a field's name, as before the sign-up there is no `sub`; or it does not fit.
    pub fn user(&self) -> Result<P, Error>
    where
        P: DeserializeOwned,
    {
        let attributes = self.header.attributes.iter();
        let mut pairs: text::Pairs<'_> =
            attributes.map(|(name, value)| (name.as_str().into(), value.as_str().into())).collect();
        pairs.push(("cognito:username".into(), self.username().into()));
        text::from_pairs(pairs).map_err(|error| {
            Error::internal(format!("the user does not have the attributes that the pool's type needs: {error}"))
        })
    }
}

impl<P: 'static, R: DeserializeOwned + 'static> FromEvent<OfPool<P, R>> for PoolEvent<P, R> {
    async fn from_event<'a>(event: &'a PoolCall<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        Ok(Self::of(event.header()?, event.request()?))
    }
}

impl<P, R> Deref for PoolEvent<P, R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.request
    }
}

impl<P, R: fmt::Debug> fmt::Debug for PoolEvent<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolEvent").field("header", &self.header).field("request", &self.request).finish()
    }
}
