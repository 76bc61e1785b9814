//! The resource policy of an API.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html>

use skyloom_manifest::{Api, Manifest};

use super::refusal::Refusal;
use crate::{
    access::Access,
    gateway::Settings,
    policy::{Decision, Kind, Policy, Verdict, Who},
    signed::Signer,
};

/// What an API says of who may call, if it does.
#[derive(Debug)]
pub(super) enum ResourcePolicy {
    None,
    Of(Box<Policy>),
    /// It cannot be read, so that nobody is let in.
    Unreadable,
}

impl ResourcePolicy {
    pub(super) fn of(manifest: &Manifest, api: &Api, settings: &Settings) -> Self {
        let Some(document) = manifest.resource_policy(api) else { return Self::None };
        let of_api = format!("{}/", settings.execute_api_arn);
        match Policy::parse_resource(&document.to_string().replace("execute-api:/", &of_api)) {
            Ok(policy) => Self::Of(Box::new(policy)),
            Err(_) => Self::Unreadable,
        }
    }

    /// Whoever did not sign has to be let in by it.
    pub(super) fn check(&self, access: &Access) -> Result<(), Refusal> {
        match self.decide(access, &Who::Anonymous) {
            Decision::Allowed => Ok(()),
            Decision::ExplicitlyDenied => Err(refuse("anonymous", access, Verdict::Denied(Kind::Resource))),
            Decision::NotAllowed => Err(refuse("anonymous", access, Verdict::NotAllowed(Kind::Resource))),
        }
    }

    /// Whoever signed was let in by policies of their own, and must not be denied.
    pub(super) fn check_signed(&self, access: &Access, signer: &Signer) -> Result<(), Refusal> {
        let who = Who::Known { account: signer.account.clone(), arn: signer.arn.clone(), session: None };
        match self.decide(access, &who) {
            Decision::Allowed | Decision::NotAllowed => Ok(()),
            Decision::ExplicitlyDenied => Err(refuse(&signer.arn, access, Verdict::Denied(Kind::Resource))),
        }
    }

    fn decide(&self, access: &Access, who: &Who) -> Decision {
        match self {
            Self::None => Decision::Allowed,
            Self::Of(policy) => policy.decide_for(access, who).decision,
            Self::Unreadable => Decision::ExplicitlyDenied,
        }
    }
}

fn refuse(caller: &str, access: &Access, verdict: Verdict) -> Refusal {
    Refusal::NotAuthorized { message: access.denied_to(caller, verdict) }
}
