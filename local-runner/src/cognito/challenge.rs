use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{error::Error, pool::Pool, timestamp::Timestamp};
use crate::random::Random;

/// A client's default `AuthSessionValidity`.
const LIFE: Duration = Duration::from_secs(3 * 60);
/// For how long a challenge that is over is remembered, to say that it is.
const REMEMBERED: Duration = Duration::from_secs(3_600);

/// A question that a user has to answer before there are tokens. The only one that is emulated is for a new password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Challenge {
    /// The user's place in the pool.
    user: String,
    expires: Timestamp,
    used: bool,
}

impl Pool {
    /// Returns the `Session` with which the answer has to come.
    pub(super) fn challenge(&mut self, user: String, random: &Random, now: Timestamp) -> String {
        self.challenges.retain(|_, challenge| now < challenge.expires.after(REMEMBERED));
        let session = random.text::<64>("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
        self.challenges.insert(session.clone(), Challenge { user, expires: now.after(LIFE), used: false });
        session
    }

    /// The place in the pool of the user whom a session's challenge asks.
    pub(super) fn challenged(&self, session: &str, now: Timestamp) -> Result<String, Error> {
        let challenge = self.challenges.get(session).ok_or(Error::InvalidSession)?;
        match challenge {
            Challenge { used: true, .. } => Err(Error::SessionUsed),
            Challenge { expires, .. } if now >= *expires => Err(Error::SessionExpired),
            Challenge { user, .. } => Ok(user.clone()),
        }
    }

    /// A session answers once.
    pub(super) fn answered(&mut self, session: &str) {
        if let Some(challenge) = self.challenges.get_mut(session) {
            challenge.used = true;
        }
    }
}
