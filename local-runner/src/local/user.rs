use std::{
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
};

use serde::Serialize;

use super::Forged;
use crate::{cognito::Wanted, runner::Runner};

/// A user who signed in, with real tokens of the pool.
#[derive(Clone)]
pub struct User {
    pub(crate) id_token: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) prefer_access: bool,
}

impl User {
    /// The token that says who the user is; what [`Request::bearer`](super::Request::bearer) sends, unless scopes were
    /// asked for.
    pub fn id_token(&self) -> &str {
        &self.id_token
    }

    /// The token that says what the user may do; it alone has scopes.
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// The token for new tokens.
    pub fn refresh_token(&self) -> &str {
        &self.refresh_token
    }
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("User(…)") // tokens are secrets
    }
}

/// What can be sent as `Authorization: Bearer …`.
pub trait Token {
    /// The text behind `Bearer`.
    fn token(&self) -> &str;
}

impl Token for User {
    fn token(&self) -> &str {
        if self.prefer_access { &self.access_token } else { &self.id_token }
    }
}

impl Token for str {
    fn token(&self) -> &str {
        self
    }
}

impl Token for String {
    fn token(&self) -> &str {
        self
    }
}

impl<T: Token + ?Sized> Token for &T {
    fn token(&self) -> &str {
        (*self).token()
    }
}

/// A sign-in, not yet done: await it to get the [`User`].
#[must_use = "nobody signs in until this is awaited"]
pub struct SignIn {
    runner: Arc<Runner>,
    wanted: Wanted,
    forged: Option<Forged>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Wanted { pool, username, .. } = &self.wanted;
        f.debug_struct("SignIn").field("pool", pool).field("name", username).finish_non_exhaustive()
    }
}

impl SignIn {
    pub(super) fn new(runner: Arc<Runner>, pool: &'static str, name: &str) -> Self {
        Self { runner, wanted: Wanted::new(pool, name), forged: None }
    }

    /// Puts the user into these groups of the pool.
    pub fn groups(mut self, groups: &[&str]) -> Self {
        self.wanted.groups.extend(groups.iter().map(|group| (*group).to_owned()));
        self
    }

    /// Gives the user an attribute, as an administrator does: the ID token has it, and the user keeps it.
    ///
    /// ```ignore
    /// let ann = app.sign_in::<Shopper>("ann@example.com").attribute("custom:plan", "gold").await;
    /// ```
    pub fn attribute(mut self, name: &str, value: &str) -> Self {
        self.wanted.attributes.insert(name.into(), value.into());
        self
    }

    /// Gives the access token these scopes, and makes it the token that requests send.
    pub fn scopes(mut self, scopes: &[&str]) -> Self {
        self.wanted.scopes.extend(scopes.iter().map(|scope| (*scope).to_owned()));
        self
    }

    /// Gives both tokens a claim, in place of what it would be.
    ///
    /// # Panics
    /// If the value cannot be JSON.
    pub fn claim(mut self, name: &str, value: impl Serialize) -> Self {
        let value =
            serde_json::to_value(value).unwrap_or_else(|error| panic!("the claim `{name}` cannot be JSON: {error}"));
        self.wanted.claims.insert(name.into(), value);
        self
    }

    /// Makes tokens with something wrong, to test that they are refused. All else is as it would be, with the groups, scopes and
    /// claims that are asked for: so it is the forgery that they are refused for.
    pub fn forged(mut self, how: Forged) -> Self {
        self.forged = Some(how);
        self
    }
}

impl IntoFuture for SignIn {
    type Output = User;
    type IntoFuture = Pin<Box<dyn Future<Output = User> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { runner, wanted, forged } = self;
            let user = runner.sign_in(&wanted, forged.as_ref()).await;
            user.unwrap_or_else(|error| panic!("`{}` cannot sign in: {error}", wanted.username))
        })
    }
}
