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

use super::{client::Client, error::Error, pool::Pool, timestamp::Timestamp};
use crate::random::Random;

/// For how long a session that is over is remembered, to say that it is.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Tokens that were rotated out and are still known.
const EARLIER: usize = 20;
/// A UUID's characters.
const ID_LENGTH: usize = 36;

/// What one sign-in began: the tokens that come of it have its id as their `origin_jti`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The user's place in the pool.
    pub(super) user: String,
    /// The client whose tokens they are; nothing is the pool's own.
    #[serde(default)]
    pub(super) client_id: String,
    /// The device on which the user signed in, if the pool remembers any.
    #[serde(default)]
    pub(super) device_key: Option<String>,
    pub(super) started: Timestamp,
    expires: Timestamp,
    pub(super) revoked: bool,
    /// A hash of the refresh token's secret part.
    secret: String,
    /// The same of tokens that were rotated out, the oldest first, and until when each may be sent again.
    #[serde(default)]
    earlier: Vec<(String, Timestamp)>,
}

impl Session {
    fn is_current(&self, secret: &[u8]) -> bool {
        verify_slices_are_equal(self.secret.as_bytes(), hash(secret).as_bytes()).is_ok()
    }

    /// Until when a token may be sent that was rotated out.
    fn grace(&self, secret: &[u8]) -> Option<Timestamp> {
        let hash = hash(secret);
        let same = |kept: &str| verify_slices_are_equal(kept.as_bytes(), hash.as_bytes()).is_ok();
        self.earlier.iter().find(|(kept, _)| same(kept)).map(|(_, until)| *until)
    }
}

impl Pool {
    /// Returns the session's id and its refresh token.
    pub(super) fn start_session(
        &mut self,
        user: &str,
        client: &Client,
        random: &Random,
        now: Timestamp,
    ) -> (String, String) {
        self.sessions.retain(|_, session| now < session.expires.after(REMEMBERED)); // until then it is said to have expired
        let id = random.uuid();
        let secret: [u8; 32] = random.bytes();
        let token = token(&id, &secret);
        let session = Session {
            user: user.into(),
            client_id: client.id.clone(),
            device_key: None,
            started: now,
            expires: now.after(Duration::from_secs(client.settings.refresh_token.into())),
            revoked: false,
            secret: hash(&secret),
            earlier: Vec::new(),
        };
        self.sessions.insert(id.clone(), session);
        (id, token)
    }

    /// The id and the session of a refresh token that still works.
    pub(super) fn refreshed(&self, token: &str, now: Timestamp) -> Result<(String, &Session), Error> {
        let (id, secret) = parts(token).ok_or(Error::InvalidRefreshToken)?;
        let session = self.sessions.get(&id).ok_or(Error::InvalidRefreshToken)?;
        let grace = session.grace(&secret);
        match session {
            session if !session.is_current(&secret) && grace.is_none() => Err(Error::InvalidRefreshToken),
            Session { revoked: true, .. } => Err(Error::RefreshTokenRevoked),
            Session { expires, .. } if now >= *expires => Err(Error::RefreshTokenExpired),
            _ if grace.is_some_and(|until| now >= until) => Err(Error::RefreshTokenReused),
            session => Ok((id, session)),
        }
    }

    /// Replaces a refresh token, if the client's rotate. The new one lives no longer than the old one.
    pub(super) fn rotate(&mut self, id: &str, random: &Random, now: Timestamp) -> Option<String> {
        let client = self.client_of(self.sessions.get(id)?);
        let grace = Duration::from_secs(client.settings.rotation?.into());
        let session = self.sessions.get_mut(id)?;
        let secret: [u8; 32] = random.bytes();
        let old = std::mem::replace(&mut session.secret, hash(&secret));
        session.earlier.push((old, now.after(grace)));
        if session.earlier.len() > EARLIER {
            session.earlier.remove(0);
        }
        Some(token(id, &secret))
    }

    /// The id of the session whose refresh token it is.
    pub(super) fn session_of(&self, token: &str) -> Option<String> {
        let (id, secret) = parts(token)?;
        let session = self.sessions.get(&id)?;
        (session.is_current(&secret) || session.grace(&secret).is_some()).then_some(id)
    }

    /// Ends every session of a user.
    pub(super) fn sign_out(&mut self, user: &str) {
        self.sessions.values_mut().filter(|session| session.user == user).for_each(|session| session.revoked = true);
    }
}

fn token(id: &str, secret: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode([id.as_bytes(), secret].concat())
}

/// The id of the session and the secret part.
fn parts(token: &str) -> Option<(String, Vec<u8>)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, secret) = bytes.split_at_checked(ID_LENGTH)?;
    Some((str::from_utf8(id).ok()?.into(), secret.into()))
}

fn hash(secret: &[u8]) -> String {
    STANDARD.encode(digest::digest(&SHA256, secret))
}
