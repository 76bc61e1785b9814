//! Who is not in the pool: they look like somebody who is.

use std::time::Duration;

use super::{
    attempts::Attempts,
    code::Code,
    fading::{Fades, Fading},
    lockout::Lockout,
    pool::{Pool, fold},
    timestamp::Timestamp,
};

/// As long as anything counts that is counted of a user.
const REMEMBERED: Duration = Duration::from_secs(3_600);

/// What is remembered of a name that is nobody's, after the last time that somebody came with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stranger {
    lockout: Lockout,
    attempts: Attempts,
    /// For a new password: it went to nobody.
    recovery: Option<Code>,
    ends: Timestamp,
}

/// The strangers of a pool, by folded name.
pub(crate) type Strangers = Fading<Stranger, 1_000>;

impl Fades for Stranger {
    fn ends(&self) -> Timestamp {
        self.ends
    }
}

impl Pool {
    /// Who slows down who guesses passwords: of a user by the place in the pool, or of nobody by the name.
    pub(super) fn lockout(&self, who: &str) -> Option<&Lockout> {
        let user = self.users.get(who).map(|user| &user.lockout);
        user.or_else(|| self.strangers.get(&fold(who)).map(|stranger| &stranger.lockout))
    }

    pub(super) fn lockout_mut(&mut self, who: &str, now: Timestamp) -> &mut Lockout {
        match self.users.get_mut(who) {
            Some(user) => &mut user.lockout,
            None => &mut touched(&mut self.strangers, who, now).lockout,
        }
    }

    /// What was tried, of a user or of nobody.
    pub(super) fn attempts(&mut self, who: &str, now: Timestamp) -> &mut Attempts {
        match self.users.get_mut(who) {
            Some(user) => &mut user.attempts,
            None => &mut touched(&mut self.strangers, who, now).attempts,
        }
    }

    /// The code with which a new password can be chosen.
    pub(super) fn recovery(&self, who: &str) -> Option<&Code> {
        match self.users.get(who) {
            Some(user) => user.recovery.as_ref(),
            None => self.strangers.get(&fold(who)).and_then(|stranger| stranger.recovery.as_ref()),
        }
    }

    /// Keeps such a code, whether it was sent or not.
    pub(super) fn recover_by(&mut self, who: &str, code: Code, now: Timestamp) {
        match self.users.get_mut(who) {
            Some(user) => user.recovery = Some(code),
            None => touched(&mut self.strangers, who, now).recovery = Some(code),
        }
    }
}

/// Comes with the name once more.
fn touched<'a>(strangers: &'a mut Strangers, name: &str, now: Timestamp) -> &'a mut Stranger {
    let name = fold(name);
    let known = strangers.remove(&name).filter(|stranger| now < stranger.ends).unwrap_or_default();
    strangers.insert(name, Stranger { ends: now.after(REMEMBERED), ..known }, now)
}
