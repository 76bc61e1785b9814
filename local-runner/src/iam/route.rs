//! APIs whose callers sign.

use std::time::SystemTime;

use bytes::Bytes;
use http::Request;

use super::{Caller, Credentials, Iam, Protocol, Refusal, authorization::Authorization, sigv4};
use crate::{
    access::Access,
    browser,
    clock::Clock,
    policy::Policy,
    signed::{Signer, Unsigned},
};

/// The service that requests to APIs are signed for.
pub(crate) const SERVICE: &str = "execute-api";

/// The keys of the owner, each its own secret: what `dev` prints, and what is written for emulators out of habit.
const OWNERS: [&str; 2] = ["local", "test"];

fn owner(key: &str) -> Credentials {
    Credentials { access_key_id: key.into(), secret_access_key: key.into(), session_token: String::new() }
}

/// API Gateway's front adds to a wrong signature what the right one would be of, by which clients are mended.
fn told(refusal: &Refusal, request: &Request<Bytes>) -> String {
    let expected = || sigv4::expected(request, &Authorization::of(request.headers(), request.uri()).ok()?);
    let expected = if *refusal == Refusal::SignatureMismatch { expected() } else { None };
    format!("{refusal}{}", expected.unwrap_or_default())
}

impl Iam {
    /// What the owner signs requests to APIs with. There every signature is verified, and no other key is the owner's: a route
    /// that lets in whoever signs somehow would let a test pass that fails at AWS.
    pub(crate) fn owner_credentials() -> Credentials {
        owner(OWNERS[0])
    }

    /// Who signed a request to an API, by the runner's clock, if they may invoke the route: by their own policies, and by the API's
    /// where it has one.
    pub(crate) fn judge_route(
        &self,
        request: &Request<Bytes>,
        access: &Access,
        resource: Option<&Policy>,
    ) -> Result<Signer, Unsigned> {
        let service = access.action.split_once(':').map_or(SERVICE, |(service, _)| service);
        let (caller, access_key) = self.route_caller(request, service).map_err(|refusal| match refusal {
            Refusal::MissingAuthentication => Unsigned::Missing,
            refusal => Unsigned::Invalid(refusal.code(Protocol::RestJson), told(&refusal, request)),
        })?;
        self.authorize_on(&caller, access, resource)
            .map_err(|denied| Unsigned::Denied(access.denied_to(&caller.arn(), denied.verdict)))?;
        let (account, arn) = (caller.account().to_owned(), caller.arn());
        Ok(Signer { access_key, account, arn, user_id: caller.user_id(), cognito: caller.cognito().cloned() })
    }

    /// Who signed a request that manages connections. An owner's signature is verified, too, as at every door of an API.
    pub(crate) fn authenticate_for_api(&self, request: &Request<Bytes>) -> Result<Caller, Refusal> {
        let now = self.clock.as_ref().map(Clock::now);
        self.known_caller(request, (SERVICE, now)).map(|(caller, _)| caller)
    }

    fn route_caller(&self, request: &Request<Bytes>, service: &str) -> Result<(Caller, String), Refusal> {
        self.known_caller(request, (service, Some(self.time.now())))
    }

    /// Who signed a request, with which key. A key that nobody is known by is nobody's, and the owner's, which everybody knows, is
    /// nobody's on the page of a stranger.
    fn known_caller(
        &self,
        request: &Request<Bytes>,
        (service, now): (&str, Option<SystemTime>),
    ) -> Result<(Caller, String), Refusal> {
        let authorization = Authorization::of(request.headers(), request.uri())?;
        let caller = self.caller(&authorization.access_key_id);
        let is_known = |key: &&str| authorization.access_key_id == **key && !browser::is_of_a_stranger(request);
        let owner = OWNERS.iter().copied().find(is_known).map(owner);
        let credentials = caller.credentials().or(owner.as_ref()).ok_or(Refusal::InvalidToken)?;
        self.verify(request, &authorization, credentials, (service, now))?;
        self.check_life(&caller)?;
        Ok((caller, authorization.access_key_id))
    }
}
