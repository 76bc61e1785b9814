//! Who calls an AWS API, and whether that caller may.
//!
//! Each function has a role of its own with its own access key and exactly the policy that the template gives it. Every
//! other key is taken for one of the account's owner, whose own credentials, whatever they are, may do everything: the
//! point is to find out what a function cannot do in the cloud, not to keep out who sits at the keyboard.

mod authorization;
mod credentials;
#[cfg(test)]
mod fuzz;
mod refusal;
mod role;
mod sigv4;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use bytes::Bytes;
use skyloom_manifest::Manifest;

use self::authorization::Authorization;
pub(crate) use self::{
    credentials::Credentials,
    refusal::{AccessDenied, Protocol, Refusal},
    role::Role,
};
use crate::{
    access::Access,
    clock::Clock,
    policy::{Decision, PolicyError},
    random::Random,
    site::Site,
};

/// The account's users as far as there are any: its owner and a role for each function.
#[derive(Debug)]
pub(crate) struct Iam {
    account: String,
    /// By the name of the function.
    roles: BTreeMap<String, Arc<Role>>,
    /// The time by which a signature is too old, or none where requests are signed by another clock than the runner's:
    /// in a test the runner's moves on while an SDK in the same process signs with the computer's.
    clock: Option<Clock>,
}

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// Whoever has a key that is not a function's.
    Owner {
        /// Twelve digits.
        account: String,
    },
    /// A function of the application.
    Function(Arc<Role>),
}

impl Iam {
    /// A role and an access key for each function. A permission that cannot be enforced is an error, not a hole.
    pub(crate) fn new(
        manifest: &Manifest,
        site: &Site,
        clock: Option<Clock>,
        random: &Random,
    ) -> Result<Self, PolicyError> {
        let roles = manifest.functions.iter().map(|function| {
            let role = Role::of(manifest, function, site, random)?;
            Ok((function.name.clone(), Arc::new(role)))
        });
        Ok(Self { account: site.account.clone(), roles: roles.collect::<Result<_, _>>()?, clock })
    }

    /// What a function finds in its environment.
    pub(crate) fn credentials(&self, function: &str) -> Option<&Credentials> {
        self.roles.get(function).map(|role| &role.credentials)
    }

    /// Takes an action from the policy of a function.
    pub(crate) fn revoke(&self, function: &str, action: &str) {
        if let Some(role) = self.roles.get(function) {
            role.revoke(action);
        }
    }

    /// The actions that the policy of a function grants, what Lambda needs for its stream among them.
    pub(crate) fn granted(&self, function: &str) -> BTreeSet<String> {
        self.roles.get(function).map(|role| role.granted().clone()).unwrap_or_default()
    }

    /// Whether Lambda may do that with the role of a function.
    pub(crate) fn may(&self, function: &str, access: &Access) -> bool {
        self.roles.get(function).is_some_and(|role| role.decide(access) == Decision::Allowed)
    }

    /// The actions that a function was allowed so far, each with what it was on.
    pub(crate) fn used(&self, function: &str) -> BTreeSet<(String, String)> {
        self.roles.get(function).map(|role| role.used()).unwrap_or_default()
    }

    /// Whose a key is.
    pub(crate) fn caller(&self, access_key_id: &str) -> Caller {
        match self.roles.values().find(|role| role.credentials.access_key_id == access_key_id) {
            Some(role) => Caller::Function(role.clone()),
            None => Caller::Owner { account: self.account.clone() },
        }
    }

    /// Who signed a request. A function's signature is verified; nobody knows the secret of an owner's key.
    pub(crate) fn authenticate(&self, request: &http::Request<Bytes>) -> Result<Caller, Refusal> {
        let authorization = Authorization::of(request.headers(), request.uri())?;
        let caller = self.caller(&authorization.access_key_id);
        if let Caller::Function(role) = &caller {
            let Credentials { secret_access_key, session_token, .. } = &role.credentials;
            let token = authorization.session_token.as_deref().unwrap_or_default();
            verify_slices_are_equal(token.as_bytes(), session_token.as_bytes()).map_err(|_| Refusal::InvalidToken)?;
            if let Some(clock) = &self.clock {
                authorization.check_time(clock.now())?;
            }
            sigv4::verify(request, &authorization, secret_access_key)?;
        }
        Ok(caller)
    }

    /// Whether the caller may do that.
    pub(crate) fn authorize(&self, caller: &Caller, access: &Access) -> Result<(), AccessDenied> {
        let Caller::Function(role) = caller else { return Ok(()) };
        let explicit = match role.decide(access) {
            Decision::Allowed => return Ok(()),
            Decision::ExplicitlyDenied => true,
            Decision::NotAllowed => false,
        };
        let Access { action, resource, .. } = access.clone();
        Err(AccessDenied { caller: caller.arn(), action, resource, explicit })
    }
}

impl Caller {
    pub(crate) fn arn(&self) -> String {
        match self {
            Self::Owner { account } => format!("arn:aws:iam::{account}:root"),
            Self::Function(role) => {
                format!("arn:aws:sts::{}:assumed-role/{}/{}", role.account, role.name, role.session)
            }
        }
    }

    /// What `GetCallerIdentity` calls `UserId`.
    pub(crate) fn user_id(&self) -> String {
        match self {
            Self::Owner { account } => account.clone(),
            Self::Function(role) => format!("{}:{}", role.id, role.session),
        }
    }

    pub(crate) fn account(&self) -> &str {
        match self {
            Self::Owner { account } => account,
            Self::Function(role) => &role.account,
        }
    }
}

#[cfg(test)]
mod tests;
