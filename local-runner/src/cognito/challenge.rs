use std::time::Duration;

use serde::{Deserialize, Serialize};
use skyloom_manifest::MfaMethod;

use super::{
    Context,
    client::Client,
    code::Code,
    error::Error,
    fading::{Fades, Fading},
    pool::{Pool, Pools},
    srp::Exchange,
    timestamp::Timestamp,
    totp::Totp,
    trigger::Custom,
};

/// A client's default `AuthSessionValidity`.
pub(super) const LIFE: Duration = Duration::from_secs(3 * 60);
/// For how long a challenge that is over is remembered, to say that it is.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);

/// A question that a user has to answer before there are tokens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Challenge {
    /// The user's place in the pool.
    user: String,
    /// The client that began the sign-in, which alone goes on with it.
    #[serde(default)]
    client_id: String,
    /// The device on which the user says to sign in.
    #[serde(default)]
    device: Option<String>,
    expires: Timestamp,
    used: bool,
    #[serde(default)]
    asked: Asked,
}

/// Whoever knows a name can have one asked: there are no more than this.
pub(crate) type Challenges = Fading<Challenge, 10_000>;

/// What is asked.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) enum Asked {
    /// `NEW_PASSWORD_REQUIRED`
    #[default]
    NewPassword,
    /// `PASSWORD_VERIFIER`
    Proof(Box<Exchange>),
    /// `SOFTWARE_TOKEN_MFA`, `SMS_MFA` and `EMAIL_OTP`; the last two with the code that was sent.
    Factor(MfaMethod, Option<Code>),
    /// `SELECT_MFA_TYPE`
    Choice(Vec<MfaMethod>),
    /// `CUSTOM_CHALLENGE`
    Custom(Box<Custom>),
    /// `PASSWORD_VERIFIER`, with which a sign-in of `CUSTOM_AUTH` begins.
    CustomProof(Box<Exchange>),
    /// `MFA_SETUP`, with the authenticator app as far as there is one.
    SetUp { pending: Option<Totp>, verified: bool },
    /// `DEVICE_SRP_AUTH`, of the device with that key.
    Device(String),
    /// `DEVICE_PASSWORD_VERIFIER`
    DeviceProof(Box<Exchange>),
}

impl Challenge {
    /// Whether it asks the user of that place in the pool.
    pub(super) fn is_of(&self, key: &str) -> bool {
        self.user == key
    }
}

impl Fades for Challenge {
    fn ends(&self) -> Timestamp {
        self.expires.after(REMEMBERED)
    }
}

impl Pools {
    /// The pool of which a session is.
    pub(super) fn by_challenge(&mut self, session: &str) -> Result<&mut Pool, Error> {
        self.iter_mut().find(|pool| pool.challenges.get(session).is_some()).ok_or(Error::InvalidSession)
    }
}

impl Pool {
    /// Returns the `Session` with which the answer has to come. It is also Base64, since one stands for a `SECRET_BLOCK`.
    pub(super) fn challenge(
        &mut self,
        context: &Context<'_>,
        (user, device): (&str, Option<&str>),
        asked: Asked,
    ) -> String {
        let client_id = self.calling_client(context).id;
        let (user, device, expires) = (user.into(), device.map(str::to_owned), context.now.after(LIFE));
        self.begin(context, Challenge { user, client_id, device, expires, used: false, asked })
    }

    fn begin(&mut self, context: &Context<'_>, challenge: Challenge) -> String {
        let session = context.random.text::<64>("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
        self.challenges.insert(session.clone(), challenge, context.now);
        session
    }

    /// The device of the sign-in that a session is of.
    pub(super) fn device_of(&self, session: &str) -> Option<String> {
        self.challenges.get(session)?.device.clone()
    }

    /// The session that waits for a user's device to prove itself: not every client says which it is.
    pub(super) fn waits_for_device(&self, user: &str, device: &str, now: Timestamp) -> Option<&str> {
        let waits = |challenge: &Challenge| {
            let Challenge { user: of, used, expires, asked, .. } = challenge;
            of == user && !used && now < *expires && matches!(asked, Asked::Device(key) if key == device)
        };
        let waiting = self.challenges.iter().filter(|(_, challenge)| waits(challenge));
        waiting.max_by_key(|(_, challenge)| challenge.expires).map(|(session, _)| session.as_str())
    }

    /// Whether it was this client that began the sign-in.
    pub(super) fn was_begun_by(&self, client: &Client, session: &str) -> bool {
        self.challenges.get(session).is_some_and(|challenge| challenge.client_id == client.id)
    }

    /// The place in the pool of the user whom a session's challenge asks, and what it asks.
    pub(super) fn challenged(&self, session: &str, now: Timestamp) -> Result<(String, Asked), Error> {
        let challenge = self.challenges.get(session).ok_or(Error::InvalidSession)?;
        match challenge {
            Challenge { used: true, .. } => Err(Error::SessionUsed),
            Challenge { expires, .. } if now >= *expires => Err(Error::SessionExpired),
            Challenge { user, asked, .. } => Ok((user.clone(), asked.clone())),
        }
    }

    /// Ends the session in which an authenticator app is set up, and begins the next one of the same user.
    pub(super) fn goes_on(&mut self, context: &Context<'_>, session: &str, asked: Asked) -> Result<String, Error> {
        let (_, before) = self.challenged(session, context.now)?;
        if !matches!(before, Asked::SetUp { .. }) {
            return Err(Error::InvalidSession);
        }
        let next = self.challenges.get(session).cloned().ok_or(Error::InvalidSession)?;
        self.answered(session);
        Ok(self.begin(context, Challenge { asked, expires: context.now.after(LIFE), ..next }))
    }

    /// A session answers once. What was asked is no longer needed.
    pub(super) fn answered(&mut self, session: &str) {
        if let Some(challenge) = self.challenges.get_mut(session) {
            challenge.used = true;
            challenge.asked = Asked::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use crate::cognito::{
        Error,
        testing::{Fixture, PASSWORD},
    };

    #[test]
    fn a_question_is_forgotten_some_time_after_it_is_over_and_what_it_asked_with_the_answer() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let pool = cognito.pool("Shopper");
        let set = json!({ "UserPoolId": pool, "Username": "ann@example.com", "Password": "T3mporary!" });
        assert_eq!(cognito.call("AdminSetUserPassword", set), "{}");
        let asked: serde_json::Value =
            serde_json::from_str(&cognito.password_auth("ann@example.com", "T3mporary!")).unwrap();
        let session = asked["Session"].as_str().unwrap().to_owned();
        let says = |cognito: &mut Fixture| {
            let responses = json!({ "USERNAME": "ann@example.com", "NEW_PASSWORD": PASSWORD });
            cognito.respond("NEW_PASSWORD_REQUIRED", Some(&asked["Session"]), responses)
        };
        cognito.advance(Duration::from_secs(180));
        assert!(says(&mut cognito).ends_with(&Error::SessionExpired.to_string()));
        cognito.advance(Duration::from_secs(600));
        cognito.password_auth("ann@example.com", "T3mporary!");
        assert!(says(&mut cognito).ends_with(&Error::InvalidSession.to_string()), "{session} is forgotten");
    }
}
