use std::time::Duration;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{self, SHA256},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::{Deserialize, Serialize};

use super::{error::Error, pool::Pool, timestamp::Timestamp};
use crate::random::Random;

/// A client's default `RefreshTokenValidity`.
const LIFE: Duration = Duration::from_secs(30 * 24 * 3_600);
/// A UUID's characters.
const ID_LENGTH: usize = 36;

/// What one sign-in began: the tokens that come of it have its id as their `origin_jti`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The user's place in the pool.
    pub(super) user: String,
    pub(super) started: Timestamp,
    expires: Timestamp,
    pub(super) revoked: bool,
    /// A hash of the refresh token's secret part.
    secret: String,
}

impl Pool {
    /// Returns the session's id and its refresh token.
    pub(super) fn start_session(&mut self, user: &str, random: &Random, now: Timestamp) -> (String, String) {
        self.sessions.retain(|_, session| now < session.expires.after(LIFE)); // until then it is said to have expired
        let id = random.uuid();
        let secret: [u8; 32] = random.bytes();
        let token = URL_SAFE_NO_PAD.encode([id.as_bytes(), &secret].concat());
        let session = Session {
            user: user.into(),
            started: now,
            expires: now.after(LIFE),
            revoked: false,
            secret: hash(&secret),
        };
        self.sessions.insert(id.clone(), session);
        (id, token)
    }

    /// The id and the session of a refresh token that still works.
    pub(super) fn refreshed(&self, token: &str, now: Timestamp) -> Result<(String, &Session), Error> {
        let id = self.session_of(token).ok_or(Error::InvalidRefreshToken)?;
        let session = self.sessions.get(&id).ok_or(Error::InvalidRefreshToken)?;
        match session {
            Session { revoked: true, .. } => Err(Error::RefreshTokenRevoked),
            Session { expires, .. } if now >= *expires => Err(Error::RefreshTokenExpired),
            session => Ok((id, session)),
        }
    }

    /// The id of the session whose refresh token it is.
    pub(super) fn session_of(&self, token: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, secret) = bytes.split_at_checked(ID_LENGTH)?;
        let id = str::from_utf8(id).ok()?;
        let session = self.sessions.get(id)?;
        verify_slices_are_equal(session.secret.as_bytes(), hash(secret).as_bytes()).ok()?;
        Some(id.into())
    }

    /// Ends every session of a user.
    pub(super) fn sign_out(&mut self, user: &str) {
        self.sessions.values_mut().filter(|session| session.user == user).for_each(|session| session.revoked = true);
    }
}

fn hash(secret: &[u8]) -> String {
    STANDARD.encode(digest::digest(&SHA256, secret))
}
