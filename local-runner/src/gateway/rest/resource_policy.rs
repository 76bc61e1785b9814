//! The resource policy of an API.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html>

use skyloom_manifest::{Api, Manifest};

use super::refusal::Refusal;
use crate::{
    access::Access,
    gateway::Settings,
    policy::{Decision, Kind, Policy, Verdict, Who, together},
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

    /// Where no other policy decides, it has to let everybody in.
    pub(super) fn check(&self, access: &Access) -> Result<(), Refusal> {
        match (self, self.decide(access)) {
            (Self::None, _) | (_, Decision::Allowed) => Ok(()),
            (_, Decision::ExplicitlyDenied) => Err(refuse(access, Verdict::Denied(Kind::Resource))),
            (_, Decision::NotAllowed) => Err(refuse(access, Verdict::NotAllowed(Kind::Resource))),
        }
    }

    /// Before an authorizer is asked, it must not deny.
    pub(super) fn check_denial(&self, access: &Access) -> Result<(), Refusal> {
        match self.decide(access) {
            Decision::Allowed | Decision::NotAllowed => Ok(()),
            Decision::ExplicitlyDenied => Err(refuse(access, Verdict::Denied(Kind::Resource))),
        }
    }

    /// What it and an authorizer's policy say together.
    pub(super) fn with_authorizer(&self, access: &Access, authorizer: Decision) -> Decision {
        together(authorizer, self.decide(access)).decision()
    }

    /// The policy that decides together with those of whoever signs, if there is one.
    pub(super) fn of_signers(&self) -> Result<Option<&Policy>, Refusal> {
        match self {
            Self::None => Ok(None),
            Self::Of(policy) => Ok(Some(policy)),
            Self::Unreadable => Err(Refusal::InternalServerError),
        }
    }

    /// What it says to whoever did not sign.
    fn decide(&self, access: &Access) -> Decision {
        match self {
            Self::None => Decision::NotAllowed,
            Self::Of(policy) => policy.decide_for(access, &Who::Anonymous).decision,
            Self::Unreadable => Decision::ExplicitlyDenied,
        }
    }
}

fn refuse(access: &Access, verdict: Verdict) -> Refusal {
    Refusal::NotAuthorized { message: access.denied_to("anonymous", verdict) }
}
