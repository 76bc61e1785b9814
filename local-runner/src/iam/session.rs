//! Sessions of roles that somebody assumed, with their own credentials, for a time.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use super::credentials::Credentials;
use crate::{access::Context, policy::Policy, random::Random, signed::CognitoIdentity};

/// What is assumed, by whom, and for how long.
#[derive(Clone, Debug)]
pub(crate) struct Assumption {
    /// The role's name.
    pub(crate) role: String,
    /// The session's name.
    pub(crate) name: String,
    pub(crate) life: Duration,
    /// What the session is limited to, beyond its role.
    pub(crate) limit: Option<Policy>,
    /// What conditions of policies see of it.
    pub(crate) context: Context,
    pub(crate) cognito: Option<CognitoIdentity>,
}

/// A session at work.
#[derive(Debug)]
pub(crate) struct Session {
    pub(super) assumption: Assumption,
    pub(super) credentials: Credentials,
    pub(super) began: SystemTime,
    pub(crate) expires: SystemTime,
}

impl Session {
    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }
}

/// All sessions of an account. They outlive the version of the application in which they began; what their role may do is the
/// business of the one that is at work. A clone is the same sessions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sessions(Arc<RwLock<BTreeMap<String, Arc<Session>>>>);

impl Sessions {
    /// Begins a session. Those that have ended are forgotten after an hour more, until when their credentials are said to have expired.
    pub(crate) fn begin(&self, assumption: Assumption, now: SystemTime, random: &Random) -> Arc<Session> {
        let expires = now + assumption.life;
        let session =
            Arc::new(Session { assumption, credentials: Credentials::of_session(random), began: now, expires });
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| session.expires + REMEMBERED > now);
        make_room(&mut all, MOST);
        all.insert(session.credentials.access_key_id.clone(), Arc::clone(&session));
        session
    }

    pub(super) fn find(&self, access_key_id: &str) -> Option<Arc<Session>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(access_key_id).cloned()
    }
}

const REMEMBERED: Duration = Duration::from_secs(3_600);
/// More are not kept at once: guests get sessions without showing anything.
const MOST: usize = 10_000;

/// Where there are as many as there may be, the first to end goes.
fn make_room(all: &mut BTreeMap<String, Arc<Session>>, most: usize) {
    if all.len() >= most {
        let first = all.iter().min_by_key(|(_, session)| session.expires).map(|(id, _)| id.clone());
        first.and_then(|id| all.remove(&id));
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn the_first_to_end_goes_where_there_are_too_many() {
        let sessions = Sessions::default();
        let random = Random::seeded(1);
        let begin = |seconds| {
            let (life, context) = (Duration::from_secs(seconds), Context::default());
            let assumption =
                Assumption { role: "role".into(), name: "name".into(), life, limit: None, context, cognito: None };
            sessions.begin(assumption, UNIX_EPOCH, &random).credentials.access_key_id.clone()
        };
        let (long, short) = (begin(7_200), begin(900));
        make_room(&mut sessions.0.write().unwrap(), 3);
        assert!(sessions.find(&short).is_some(), "there is room for one");
        make_room(&mut sessions.0.write().unwrap(), 2);
        assert!(sessions.find(&long).is_some() && sessions.find(&short).is_none());
    }
}
