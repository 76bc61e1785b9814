use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{pool::Pools, timestamp::Timestamp};

/// Messages that are kept; older ones are forgotten.
const KEPT: usize = 1_000;

/// What Cognito would have sent to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// The pool's name in the manifest.
    pub(crate) pool: String,
    pub(crate) username: String,
    pub(crate) medium: Medium,
    /// The address, in full.
    pub(crate) destination: String,
    pub(crate) content: Content,
    pub(crate) sent: Timestamp,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// The code that confirms a sign-up.
    ConfirmationCode(String),
    /// The code with which a forgotten password is replaced.
    RecoveryCode(String),
    /// The code that proves that an address is the user's.
    VerificationCode(String),
    /// The code with which a user goes on signing in.
    SignInCode(String),
    /// An administrator made an account.
    TemporaryPassword(String),
    /// The words that a function of the pool has for it, with the secret in them.
    Words(String),
}

/// What a developer reads of it.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pool, destination, content, .. } = self;
        write!(f, "{pool}: to {destination}: ")?;
        match content {
            Content::ConfirmationCode(code) => write!(f, "the code that confirms the sign-up is {code}"),
            Content::RecoveryCode(code) => write!(f, "the code for a new password is {code}"),
            Content::VerificationCode(code) => write!(f, "the code that verifies this address is {code}"),
            Content::SignInCode(code) => write!(f, "the code to sign in with is {code}"),
            Content::TemporaryPassword(password) => write!(f, "the temporary password is {password}"),
            Content::Words(words) => f.write_str(words),
        }
    }
}

/// Who shows messages, if anybody does.
#[derive(Clone, Default)]
pub(super) struct Deliver(Option<Show>);

type Show = Arc<dyn Fn(&Message) + Send + Sync>;

impl Deliver {
    pub(super) fn to(show: impl Fn(&Message) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(show)))
    }

    pub(super) fn show(&self, message: &Message) {
        if let Some(show) = &self.0 {
            show(message);
        }
    }
}

impl fmt::Debug for Deliver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deliver").finish_non_exhaustive()
    }
}

impl Pools {
    pub(super) fn keep(&mut self, message: Message) {
        if self.messages.len() == KEPT {
            self.messages.remove(0);
        }
        self.messages.push(message);
        self.sent += 1;
    }

    /// The messages after the first so many.
    pub(super) fn sent_since(&self, before: usize) -> impl Iterator<Item = &Message> {
        let new = self.sent.saturating_sub(before).min(self.messages.len());
        self.messages[self.messages.len() - new..].iter()
    }
}

/// How a user is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Medium {
    Email,
    Sms,
}

impl Medium {
    /// The medium of an attribute with an address.
    pub(super) fn of_attribute(name: &str) -> Option<Self> {
        [Self::Email, Self::Sms].into_iter().find(|medium| medium.attribute() == name)
    }

    /// In the protocol.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Sms => "SMS",
        }
    }

    /// The attribute with the address.
    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "phone_number",
        }
    }

    /// In a sentence.
    pub(super) fn described(self) -> &'static str {
        match self {
            Self::Email => "an email",
            Self::Sms => "a phone number",
        }
    }

    /// The attribute that says whether the address is known to be the user's.
    pub(super) fn verified_attribute(self) -> &'static str {
        match self {
            Self::Email => "email_verified",
            Self::Sms => "phone_number_verified",
        }
    }
}

/// What the caller learns of where a code went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CodeDelivery {
    pub(super) destination: String,
    delivery_medium: Medium,
    attribute_name: &'static str,
}

impl CodeDelivery {
    pub(super) fn to(medium: Medium, address: &str) -> Self {
        Self { destination: masked(medium, address), delivery_medium: medium, attribute_name: medium.attribute() }
    }
}

/// `a***@e***` and `+*******4567`: enough for the user to know the address, too little for others.
fn masked(medium: Medium, address: &str) -> String {
    match medium {
        Medium::Email => {
            let first = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
            let (local, domain) = address.split_once('@').unwrap_or((address, "example"));
            format!("{}***@{}***", first(local), first(domain))
        }
        Medium::Sms => {
            let hidden = address.len().saturating_sub(5);
            let shown = address.get(address.len().saturating_sub(4)..).unwrap_or_default();
            format!("+{}{shown}", "*".repeat(hidden))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_to_whom_and_what() {
        let message = Message {
            pool: "Shopper".into(),
            username: "ann".into(),
            medium: Medium::Email,
            destination: "ann@example.com".into(),
            content: Content::ConfirmationCode("123456".into()),
            sent: Timestamp::default(),
        };
        assert_eq!(message.to_string(), "Shopper: to ann@example.com: the code that confirms the sign-up is 123456");
    }

    #[test]
    fn the_caller_does_not_learn_the_address() {
        assert_eq!(masked(Medium::Email, "test@test.com"), "t***@t***");
        assert_eq!(masked(Medium::Sms, "+15551234567"), "+*******4567");
    }
}
