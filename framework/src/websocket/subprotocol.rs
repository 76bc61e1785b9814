//! The language that both ends of a connection speak, which they agree on as it begins.

/// A subprotocol that the client offers and the application speaks:
/// [`ConnectionContext::choose_subprotocol`](crate::ConnectionContext::choose_subprotocol) finds it, and a `$connect` handler returns it.
///
/// API Gateway chooses none by itself, and most browsers end a connection on which they have offered some and none was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subprotocol(String);

impl Subprotocol {
    /// Only what the client has offered may be chosen.
    pub(super) fn of(offered: &str) -> Self {
        Self(offered.to_owned())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
