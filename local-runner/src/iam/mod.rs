//! Who calls an AWS API, and whether that caller may.
//!
//! Each function has a role of its own with its own access key and exactly the policy that the template gives it. Every
//! other key is taken for one of the account's owner, whose own credentials, whatever they are, may do everything: the
//! point is to find out what a function cannot do in the cloud, not to keep out who sits at the keyboard.

mod authorization;
mod caller;
mod credentials;
#[cfg(test)]
mod fuzz;
mod refusal;
mod role;
mod route;
mod session;
mod session_role;
mod sigv4;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use bytes::Bytes;
use skyloom_manifest::Manifest;

use self::authorization::Authorization;
pub(crate) use self::{
    caller::Caller,
    credentials::Credentials,
    refusal::{AccessDenied, Protocol, Refusal},
    role::{Role, arn},
    route::SERVICE,
    session::{Assumption, Session, Sessions},
    session_role::{SessionRole, statements},
    sigv4::sign,
};
use crate::{
    access::{Access, Context},
    browser,
    clock::Clock,
    policy::{Policy, PolicyError, Verdict},
    random::Random,
    site::Site,
};

/// The account's users as far as there are any: its owner and a role for each function.
#[derive(Debug)]
pub(crate) struct Iam {
    account: String,
    region: String,
    /// By the name of the function.
    roles: BTreeMap<String, Arc<Role>>,
    /// The time by which a signature is too old, or none where requests are signed by another clock than the runner's:
    /// in a test the runner's moves on while an SDK in the same process signs with the computer's.
    clock: Option<Clock>,
    /// What conditions on the time see.
    time: Clock,
    /// By the name of the role.
    session_roles: BTreeMap<String, Arc<SessionRole>>,
    sessions: Sessions,
    /// What no role may go beyond.
    boundary: RwLock<Option<Policy>>,
}

impl Iam {
    /// A role and an access key for each function. A permission that cannot be enforced is an error, not a hole.
    pub(crate) fn new(
        manifest: &Manifest,
        site: &Site,
        clock: Option<Clock>,
        (time, random): (&Clock, &Random),
    ) -> Result<Self, PolicyError> {
        let roles = manifest.functions.iter().map(|function| {
            let role = Role::of(manifest, function, site, random)?;
            Ok((function.name.clone(), Arc::new(role)))
        });
        Ok(Self {
            account: site.account.clone(),
            region: site.region.clone(),
            roles: roles.collect::<Result<_, _>>()?,
            clock,
            time: time.clone(),
            session_roles: BTreeMap::new(),
            sessions: Sessions::default(),
            boundary: RwLock::default(),
        })
    }

    /// The same with roles that are assumed, and the account's sessions of them.
    #[must_use]
    pub(crate) fn with_sessions(self, roles: Vec<SessionRole>, sessions: Sessions) -> Self {
        let session_roles = roles.into_iter().map(|role| (role.name.clone(), Arc::new(role))).collect();
        Self { session_roles, sessions, ..self }
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

    /// Bounds all roles, those of functions and of sessions, from now on.
    pub(crate) fn bound(&self, document: &str) -> Result<(), PolicyError> {
        let boundary = Policy::parse(document)?;
        *self.boundary.write().unwrap_or_else(PoisonError::into_inner) = Some(boundary);
        Ok(())
    }

    /// What the caller's policies, the boundary of roles and the policy of what is called say.
    fn judge(&self, caller: &Caller, access: &Access, resource: Option<&Policy>) -> Verdict {
        let boundary = self.boundary.read().unwrap_or_else(PoisonError::into_inner);
        caller.judge(access, boundary.as_ref(), resource)
    }

    /// The actions that the policy of a function grants, what Lambda needs for its stream among them.
    pub(crate) fn granted(&self, function: &str) -> BTreeSet<String> {
        self.roles.get(function).map(|role| role.granted().clone()).unwrap_or_default()
    }

    /// Whether Lambda may do that with the role of a function.
    pub(crate) fn may(&self, function: &str, access: &Access) -> bool {
        let role = self.roles.get(function).cloned();
        role.is_some_and(|role| self.judge(&Caller::Function(role), access, None) == Verdict::Allowed)
    }

    /// The actions that a function was allowed so far, each with what it was on.
    pub(crate) fn used(&self, function: &str) -> BTreeSet<(String, String)> {
        self.roles.get(function).map(|role| role.used()).unwrap_or_default()
    }

    /// Whose a key is.
    pub(crate) fn caller(&self, access_key_id: &str) -> Caller {
        if let Some(role) = self.roles.values().find(|role| role.credentials.access_key_id == access_key_id) {
            return Caller::Function(role.clone());
        }
        match self.sessions.find(access_key_id) {
            Some(session) => self.session(session),
            None => Caller::Owner { account: self.account.clone() },
        }
    }

    /// A session of a role that the application has no more may do nothing.
    fn session(&self, session: Arc<Session>) -> Caller {
        let role = self.session_roles.get(&session.assumption.role).cloned();
        Caller::Session { account: self.account.clone(), role, session }
    }

    /// Who signed a request. A function's or a session's signature is verified; nobody knows the secret of an owner's key. A page of
    /// somebody else, which a browser shows on this machine, is not the owner.
    pub(crate) fn authenticate(&self, request: &http::Request<Bytes>, service: &str) -> Result<Caller, Refusal> {
        let authorization = Authorization::of(request.headers(), request.uri())?;
        let caller = self.caller(&authorization.access_key_id);
        match caller.credentials() {
            Some(credentials) => {
                let clock = self.clock.as_ref().map(Clock::now);
                self.verify(request, &authorization, credentials, (service, clock))?;
            }
            None if authorization.session_token.as_deref().is_some_and(Credentials::is_of_session) => {
                return Err(Refusal::InvalidToken);
            }
            None if browser::is_of_a_stranger(request) => return Err(Refusal::InvalidToken),
            None => {}
        }
        self.check_life(&caller)?;
        Ok(caller)
    }

    fn verify(
        &self,
        request: &http::Request<Bytes>,
        authorization: &Authorization,
        credentials: &Credentials,
        (service, now): (&str, Option<SystemTime>),
    ) -> Result<(), Refusal> {
        let token = authorization.session_token.as_deref().unwrap_or_default();
        verify_slices_are_equal(token.as_bytes(), credentials.session_token.as_bytes())
            .map_err(|_| Refusal::InvalidToken)?;
        if let Some(now) = now {
            authorization.check_time(now)?;
        }
        authorization.check_scope(&self.region, service)?;
        authorization.check_signed(request.headers())?;
        sigv4::verify(request, authorization, &credentials.secret_access_key)?;
        Ok(())
    }

    /// Credentials of a session end with it.
    fn check_life(&self, caller: &Caller) -> Result<(), Refusal> {
        match caller {
            Caller::Session { session, .. } if session.expires <= self.time.now() => Err(Refusal::ExpiredToken),
            _ => Ok(()),
        }
    }

    /// Whether the caller may do that.
    pub(crate) fn authorize(&self, caller: &Caller, access: &Access) -> Result<(), AccessDenied> {
        self.authorize_on(caller, access, None)
    }

    /// The same where what is called has a policy of its own.
    fn authorize_on(&self, caller: &Caller, access: &Access, resource: Option<&Policy>) -> Result<(), AccessDenied> {
        let mut access = access.clone();
        access.context.extend(&caller.context(self.time.now()));
        access.context.extend(&Context::default().with("aws:RequestedRegion", [self.region.as_str()]));
        match self.judge(caller, &access, resource) {
            Verdict::Allowed => Ok(()),
            verdict => {
                let Access { action, resource, .. } = access;
                Err(AccessDenied { caller: caller.arn(), action, resource, verdict })
            }
        }
    }
}

#[cfg(test)]
mod tests;
