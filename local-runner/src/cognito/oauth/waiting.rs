//! Browsers that wait for a confirmation: who has registered, or signed in before, has shown the password, and goes on once the code is
//! right. The code alone, in another browser, signs nobody in.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};

use super::{Call, browser, kept::hash};
use crate::cognito::{
    Context,
    fading::{Fades, Fading},
    pool::Pool,
    timestamp::Timestamp,
};

/// As long as a form works.
const LIFE: Duration = Duration::from_secs(browser::FORM_LIFE);

/// A user who is not confirmed yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// The place in the pool.
    user: String,
    expires: Timestamp,
}

/// By a hash of what the browser's cookie has.
pub(super) type Waitings = Fading<Waiting, 1_000>;

impl Waiting {
    pub(super) fn is_of(&self, user: &str) -> bool {
        self.user == user
    }
}

impl Fades for Waiting {
    fn ends(&self) -> Timestamp {
        self.expires
    }
}

/// Has the browser wait for the confirmation of a user who has shown the password.
pub(super) fn begin(
    pool: &mut Pool,
    context: &Context<'_>,
    call: &Call<'_>,
    user: &str,
    response: &mut Response<Bytes>,
) {
    let cookie = context.random.hex::<32>();
    let waiting = Waiting { user: user.into(), expires: context.now.after(LIFE) };
    pool.oauth.kept.waiting.insert(hash(&cookie), waiting, context.now);
    browser::set_cookie(response, call.address, (browser::WAITING, &cookie), LIFE.as_secs());
}

/// Whether it was this browser that waited for that user. It waits no longer.
pub(super) fn end(pool: &mut Pool, context: &Context<'_>, call: &Call<'_>, user: &str) -> bool {
    let cookie = browser::cookie(call.request, browser::WAITING);
    let waited = cookie.and_then(|cookie| pool.oauth.kept.waiting.remove(&hash(cookie)));
    waited.is_some_and(|waiting| waiting.is_of(user) && context.now < waiting.expires)
}

/// Has the browser forget that it waited.
pub(super) fn forget(call: &Call<'_>, response: &mut Response<Bytes>) {
    browser::set_cookie(response, call.address, (browser::WAITING, ""), 0);
}
