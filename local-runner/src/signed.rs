//! Where gateways and IAM meet: a request that has to be signed, and who signed it.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::Request;

use crate::{access::Access, policy::Policy};

/// Whoever signed a request, as an event shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signer {
    pub(crate) access_key: String,
    pub(crate) account: String,
    /// Of the user, or of the session of a role.
    pub(crate) arn: String,
    /// `AROA…:session`
    pub(crate) user_id: String,
    /// Where the credentials are an identity pool's.
    pub(crate) cognito: Option<CognitoIdentity>,
}

/// An identity of a Cognito identity pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CognitoIdentity {
    /// `us-east-1:…`
    pub(crate) identity_id: String,
    pub(crate) pool_id: String,
    /// `authenticated` with the provider, the provider once more with the user; or `unauthenticated`.
    pub(crate) amr: Vec<String>,
}

impl CognitoIdentity {
    /// `authenticated`
    pub(crate) fn kind(&self) -> &str {
        self.amr.first().map_or("unauthenticated", String::as_str)
    }

    /// The provider and the user, if somebody signed in.
    pub(crate) fn provider(&self) -> Option<String> {
        self.amr.get(1..).filter(|rest| !rest.is_empty()).map(|rest| rest.join(","))
    }
}

/// Why nobody is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unsigned {
    /// Nothing is signed.
    Missing,
    /// What is signed is wrong: the exception's name and its message.
    Invalid(&'static str, String),
    /// Whoever signed it may not: the message.
    Denied(String),
}

type Judge = dyn Fn(&Request<Bytes>, &Access, Option<&Policy>) -> Result<Signer, Unsigned> + Send + Sync;

/// Says who signed a request, if they may do that.
#[derive(Clone)]
pub(crate) struct Signatures(Arc<Judge>);

impl Signatures {
    pub(crate) fn new(
        judge: impl Fn(&Request<Bytes>, &Access, Option<&Policy>) -> Result<Signer, Unsigned> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(judge))
    }

    pub(crate) fn judge(&self, request: &Request<Bytes>, access: Access) -> Result<Signer, Unsigned> {
        (self.0)(request, &access, None)
    }

    /// The same where what is called has a policy of its own.
    pub(crate) fn judge_on(
        &self,
        request: &Request<Bytes>,
        access: &Access,
        resource: Option<&Policy>,
    ) -> Result<Signer, Unsigned> {
        (self.0)(request, access, resource)
    }
}

/// Where there is no IAM, nobody is let in.
impl Default for Signatures {
    fn default() -> Self {
        Self::new(|_, _, _| Err(Unsigned::Missing))
    }
}

impl fmt::Debug for Signatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signatures(…)")
    }
}
