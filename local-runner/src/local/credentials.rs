use std::fmt;

use crate::iam;

/// What somebody signs requests to AWS with: see [`Request::signed_by`](super::Request::signed_by).
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials(pub(crate) iam::Credentials);

impl Credentials {
    /// Keys as they are written down, such as ones that nobody has; without a session, the token is empty.
    pub fn new(access_key_id: &str, secret_access_key: &str, session_token: &str) -> Self {
        Self(iam::Credentials {
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            session_token: session_token.into(),
        })
    }

    /// `AWS_ACCESS_KEY_ID`
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// `AWS_SECRET_ACCESS_KEY`
    pub fn secret_access_key(&self) -> &str {
        &self.0.secret_access_key
    }

    /// `AWS_SESSION_TOKEN`, empty for keys that do not expire.
    pub fn session_token(&self) -> &str {
        &self.0.session_token
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
