use std::{collections::BTreeMap, time::Duration};

use aws_lc_rs::digest::{self, SHA256};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{grant::Grant, waiting::Waitings};
use crate::{
    cognito::{
        fading::{Fades, Fading},
        timestamp::Timestamp,
    },
    random::Random,
};

/// How long a code works. <https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html>
const CODE_LIFE: Duration = Duration::from_secs(5 * 60);
/// For how long a used code is known, so that who uses it again ends what it began.
const USED_LIFE: Duration = Duration::from_secs(24 * 3_600);
/// How long a browser stays signed in.
pub(super) const BROWSER_LIFE: Duration = Duration::from_secs(3_600);
/// How long a visit to another provider may take.
pub(super) const VISIT_LIFE: Duration = Duration::from_secs(10 * 60);

/// What the sign-in page remembers. Secrets are kept as hashes, and what has expired is forgotten.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    codes: BTreeMap<String, Code>,
    browsers: BTreeMap<String, Browser>,
    visits: Fading<Visit, 1_000>,
    #[serde(default)]
    pub(super) waiting: Waitings,
    /// What a session may, by its `origin_jti`.
    grants: BTreeMap<String, Grant>,
}

/// A code that a client can exchange.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) user: String,
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    expires: Timestamp,
    /// The session that it has become.
    used: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Browser {
    user: String,
    expires: Timestamp,
}

/// A browser that was sent to another provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Visit {
    pub(super) provider: String,
    /// The query with which it came to `/oauth2/authorize`.
    pub(super) query: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    /// A hash of what the browser's cookie has.
    browser: String,
    pub(super) expires: Timestamp,
}

impl Fades for Visit {
    fn ends(&self) -> Timestamp {
        self.expires
    }
}

/// What became of a code.
pub(super) enum Exchanged {
    Now(Code),
    /// It was used before: the session is not to be trusted any more.
    Before(String),
    Never,
}

impl Kept {
    pub(super) fn add_code(
        &mut self,
        (user, grant): (String, Grant),
        redirect_uri: String,
        (challenge, nonce): (Option<String>, Option<String>),
        (random, now): (&Random, Timestamp),
    ) -> String {
        self.codes.retain(|_, code| now < code.expires.after(USED_LIFE));
        let text = random.uuid();
        let code = Code { user, grant, redirect_uri, challenge, nonce, expires: now.after(CODE_LIFE), used: None };
        self.codes.insert(hash(&text), code);
        text
    }

    /// A code that still works, which stays as it is: [`Kept::use_code`] is for when all of the request is right.
    pub(super) fn code(&self, text: &str, now: Timestamp) -> Exchanged {
        match self.codes.get(&hash(text)) {
            Some(Code { used: Some(session), .. }) => Exchanged::Before(session.clone()),
            Some(code) if now < code.expires => Exchanged::Now(code.clone()),
            _ => Exchanged::Never,
        }
    }

    pub(super) fn use_code(&mut self, text: &str, session: &str) {
        if let Some(code) = self.codes.get_mut(&hash(text)) {
            code.used = Some(session.into());
        }
    }

    /// Who was near enough to try once has no second try.
    pub(super) fn forget_code(&mut self, text: &str) {
        self.codes.remove(&hash(text));
    }

    /// What the cookie of a browser is to be whose user signed in.
    pub(super) fn add_browser(&mut self, user: &str, random: &Random, now: Timestamp) -> String {
        self.browsers.retain(|_, browser| now < browser.expires);
        let text = random.hex::<32>();
        self.browsers.insert(hash(&text), Browser { user: user.into(), expires: now.after(BROWSER_LIFE) });
        text
    }

    pub(super) fn browser(&self, text: &str, now: Timestamp) -> Option<String> {
        self.browsers.get(&hash(text)).filter(|browser| now < browser.expires).map(|browser| browser.user.clone())
    }

    /// Forgets the browsers and the codes of a user, and who waits for them.
    pub(in crate::cognito) fn forget_user(&mut self, user: &str) {
        self.browsers.retain(|_, browser| browser.user != user);
        self.codes.retain(|_, code| code.user != user);
        self.waiting.retain(|waiting| !waiting.is_of(user));
    }

    pub(super) fn forget_browser(&mut self, text: &str) {
        self.browsers.remove(&hash(text));
    }

    /// The `state` for the provider, and what the browser's cookie is to be.
    pub(super) fn add_visit(
        &mut self,
        (provider, query): (String, String),
        (nonce, verifier): (String, String),
        (random, now): (&Random, Timestamp),
    ) -> (String, String) {
        let (state, cookie) = (random.hex::<32>(), random.hex::<16>());
        let expires = now.after(VISIT_LIFE);
        let visit = Visit { provider, query, nonce, verifier, browser: hash(&cookie), expires };
        self.visits.insert(hash(&state), visit, now);
        (state, cookie)
    }

    /// The visit that a `state` stands for, which no other browser began; there is one answer to each.
    pub(super) fn take_visit(&mut self, state: &str, cookie: Option<&str>, now: Timestamp) -> Option<Visit> {
        let visit = self.visits.get(&hash(state))?;
        let is_own = cookie.is_some_and(|cookie| hash(cookie) == visit.browser);
        if !is_own || now >= visit.expires {
            return None;
        }
        self.visits.remove(&hash(state))
    }

    pub(super) fn add_grant(&mut self, session: &str, grant: Grant) {
        self.grants.insert(session.into(), grant);
    }

    pub(super) fn grant(&self, session: &str) -> Option<&Grant> {
        self.grants.get(session)
    }

    /// Forgets the grants of sessions that are no more.
    pub(super) fn keep_grants(&mut self, is_there: impl Fn(&str) -> bool) {
        self.grants.retain(|session, _| is_there(session));
    }
}

pub(super) fn hash(text: &str) -> String {
    STANDARD.encode(digest::digest(&SHA256, text.as_bytes()))
}
