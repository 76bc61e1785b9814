//! Who calls, and whether they may.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use bytes::Bytes;
use http::request::Parts;
use serde_json::Value;
use skyloom_manifest::Auth;

use super::{Shared, cognito, event::RequestPart, exchange::Exchange, refusal::Refusal, signed};
use crate::{access::Access, policy::Decision, signed::Signer};

/// What a client needs that has a reply made anew.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html>
const INVALIDATE: &str = "execute-api:InvalidateCache";

/// Who calls, as far as the API knows.
#[derive(Debug)]
pub(super) enum Caller {
    Unknown,
    HasKey(String),
    /// The `authorizer` member of the event's context.
    Authorized(Value),
    Signed(Signer),
}

impl Shared {
    /// Who calls, if the route and who calls have requests left, and the API's resource policy lets them: the policy is asked before a
    /// key, and after a token or a signature was verified; an authorizer function is asked where it denies nothing, and then both
    /// decide. Of a key its own plan is asked before the route's limit, as AWS lists them; where the limit stands to the other
    /// authorizers is not said, and here it spares their calls.
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html>
    pub(super) async fn admit(
        &self,
        (name, auth): (&str, &Auth),
        sent: (&Parts, &Bytes),
        request: &RequestPart,
        exchange: &Exchange,
    ) -> Result<Caller, Refusal> {
        let access = signed::access(request, &self.settings);
        let limit = || self.limits.admit(name).then_some(()).ok_or(Refusal::Throttled);
        match auth {
            Auth::Public => {
                self.policy.check(&access)?;
                limit()?;
                Ok(Caller::Unknown)
            }
            Auth::ApiKey => {
                self.policy.check(&access)?;
                let caller = self.key(request)?;
                limit()?;
                Ok(caller)
            }
            Auth::Iam => {
                limit()?;
                signed::authorize(sent, &access, &self.policy, &self.settings).map(Caller::Signed)
            }
            Auth::UserPool { pool, scopes, .. } => {
                limit()?;
                let member = self.verify((pool, scopes), request)?;
                self.policy.check(&access)?;
                Ok(Caller::Authorized(exchange.authorized(member)))
            }
            Auth::Authorizer { function } => {
                self.policy.check_denial(&access)?;
                limit()?;
                self.ask(function, request, &access, exchange).await
            }
        }
    }

    /// Whether who calls may have a reply that is kept made anew: who signed, and whose policies allow it.
    pub(super) fn may_invalidate(
        &self,
        (parts, body): (&Parts, &Bytes),
        request: &RequestPart,
        caller: &Caller,
    ) -> bool {
        let access = Access { action: INVALIDATE.into(), ..signed::access(request, &self.settings) };
        matches!(caller, Caller::Signed(_))
            && signed::authorize((parts, body), &access, &self.policy, &self.settings).is_ok()
    }

    /// The caller of a key that is the API's, counted.
    fn key(&self, request: &RequestPart) -> Result<Caller, Refusal> {
        let sent = request.header("x-api-key").ok_or(Refusal::Forbidden)?;
        verify_slices_are_equal(sent.as_bytes(), self.settings.api_key.as_bytes()).map_err(|_| Refusal::Forbidden)?;
        self.usage.iter().try_for_each(|usage| usage.count(sent))?;
        Ok(Caller::HasKey(sent.to_owned()))
    }

    /// The `authorizer` member for the token of a user pool.
    fn verify(&self, (pool, scopes): (&str, &[String]), request: &RequestPart) -> Result<Value, Refusal> {
        let issuer = self.issuers.get(pool).ok_or(Refusal::AuthorizerConfiguration)?;
        cognito::authorize(issuer, scopes, request.header("authorization"), self.clock.since_epoch())
    }

    /// Asks an authorizer function, and decides by its policy and the API's.
    async fn ask(
        &self,
        function: &str,
        request: &RequestPart,
        access: &Access,
        exchange: &Exchange,
    ) -> Result<Caller, Refusal> {
        let asked = self.authorizers.ask(function, request, &self.settings, &exchange.extended_id);
        let (decision, member) = asked.await?;
        let member = exchange.authorized(Value::Object(member));
        match self.policy.with_authorizer(access, decision) {
            Decision::Allowed => Ok(Caller::Authorized(member)),
            Decision::ExplicitlyDenied => Err(Refusal::Denied { explicitly: true }),
            Decision::NotAllowed => Err(Refusal::Denied { explicitly: false }),
        }
    }
}
