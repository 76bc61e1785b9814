//! How an application is served.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use crate::{cognito, lambda::LogSink};

/// Who is told what a user would be sent.
pub type MessageSink = Arc<dyn Fn(&str) + Send + Sync>;

/// How to serve an application.
#[derive(Clone)]
pub struct Options {
    /// The port of the default API on 127.0.0.1; the others have those that follow, in the order of their names. 0 for any.
    pub port: u16,
    /// The port of the AWS endpoint on 127.0.0.1; 0 for any.
    pub aws_port: u16,
    /// The folder that keeps the state from run to run.
    pub state: PathBuf,
    /// Whether to begin with empty state.
    pub fresh: bool,
    /// What the tokens have as their issuer.
    pub issuer: Issuer,
    /// What signs the tokens, if the kept state has no key yet.
    pub signing_key: SigningKey,
    /// Takes each line that a function logs, told the function's name.
    pub log: LogSink,
    /// Takes each message that Cognito sends to a user: it has the code that confirms a sign-up.
    pub messages: MessageSink,
    /// Whether the ports take TLS, too.
    pub tls: bool,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("port", &self.port).field("state", &self.state).finish_non_exhaustive()
    }
}

/// A key that is made while other things are done: it takes a third of a second.
#[derive(Clone)]
pub struct SigningKey(pub(super) Arc<OnceLock<cognito::SigningKey>>);

impl SigningKey {
    /// Begins to make one.
    pub fn prepare() -> Self {
        let key = Arc::<OnceLock<_>>::default();
        let made = Arc::clone(&key);
        std::thread::spawn(move || {
            made.get_or_init(cognito::SigningKey::generate);
        });
        Self(key)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

/// What the tokens of the user pools have as their `iss`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// The URL that the pool would have at AWS, so that verifiers that are made for Cognito accept them.
    Aws,
    /// Where the pool is served, so that verifiers that discover the keys accept them.
    Local,
}
