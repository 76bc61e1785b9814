use std::{sync::Arc, time::SystemTime};

use super::{Role, Session, SessionRole, credentials::Credentials};
use crate::{
    access::{Access, Context, seconds},
    policy::{Decision, Kind, Policies, Policy, Verdict, Who, together},
    signed::CognitoIdentity,
};

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// Whoever has a key that is neither a function's nor a session's.
    Owner {
        /// Twelve digits.
        account: String,
    },
    /// A function of the application.
    Function(Arc<Role>),
    /// Whoever assumed a role.
    Session {
        account: String,
        /// Nothing if the application has it no more.
        role: Option<Arc<SessionRole>>,
        session: Arc<Session>,
    },
}

impl Caller {
    pub(crate) fn arn(&self) -> String {
        match self {
            Self::Owner { account } => format!("arn:aws:iam::{account}:root"),
            Self::Function(role) => assumed(&role.account, &role.name, &role.session),
            Self::Session { account, session, .. } => {
                assumed(account, &session.assumption.role, &session.assumption.name)
            }
        }
    }

    /// What `GetCallerIdentity` calls `UserId`.
    pub(crate) fn user_id(&self) -> String {
        match self {
            Self::Owner { account } => account.clone(),
            Self::Function(role) => format!("{}:{}", role.id, role.session),
            Self::Session { role, session, .. } => {
                let id = role.as_ref().map(|role| role.id.as_str()).unwrap_or_default();
                format!("{id}:{}", session.assumption.name)
            }
        }
    }

    pub(crate) fn account(&self) -> &str {
        match self {
            Self::Owner { account } | Self::Session { account, .. } => account,
            Self::Function(role) => &role.account,
        }
    }

    pub(crate) fn cognito(&self) -> Option<&CognitoIdentity> {
        match self {
            Self::Owner { .. } | Self::Function(_) => None,
            Self::Session { session, .. } => session.assumption.cognito.as_ref(),
        }
    }

    /// What it signs with, if that is known.
    pub(super) fn credentials(&self) -> Option<&Credentials> {
        match self {
            Self::Owner { .. } => None,
            Self::Function(role) => Some(&role.credentials),
            Self::Session { session, .. } => Some(session.credentials()),
        }
    }

    /// What all of its policies say, and the boundary of roles, and the one of what it calls.
    pub(super) fn judge(&self, access: &Access, boundary: Option<&Policy>, resource: Option<&Policy>) -> Verdict {
        match self {
            Self::Owner { .. } => {
                let of_resource = resource.map(|policy| policy.decide_for(access, &self.who()).decision);
                together(Decision::Allowed, of_resource.unwrap_or(Decision::NotAllowed))
            }
            Self::Function(role) => role.judge(access, (boundary, resource), &self.who()),
            Self::Session { role: None, .. } => Verdict::NotAllowed(Kind::Identity),
            Self::Session { role: Some(role), session, .. } => {
                let own = role.policies(boundary, session.assumption.limit.as_ref());
                Policies { resource, ..own }.judge(access, &self.who())
            }
        }
    }

    /// As resource-based policies name it.
    pub(crate) fn who(&self) -> Who {
        let (account, role) = match self {
            Self::Owner { account } => {
                return Who::Known { account: account.clone(), arn: self.arn(), session: None };
            }
            Self::Function(role) => (&role.account, &role.name),
            Self::Session { account, session, .. } => (account, &session.assumption.role),
        };
        let arn = format!("arn:aws:iam::{account}:role/{role}");
        Who::Known { account: account.clone(), arn, session: Some(self.arn()) }
    }

    /// What conditions see of it.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
    pub(super) fn context(&self, now: SystemTime) -> Context {
        let Who::Known { account, arn, .. } = self.who() else { return Context::default() };
        let kind = if matches!(self, Self::Owner { .. }) { "Account" } else { "AssumedRole" };
        let mut context = Context::default()
            .with("aws:PrincipalAccount", [account])
            .with("aws:PrincipalArn", [arn])
            .with("aws:PrincipalType", [kind])
            .with("aws:userid", [self.user_id()])
            .with_time(now);
        if let Self::Session { session, .. } = self {
            context.extend(&session.assumption.context);
            context.extend(&Context::default().with("aws:TokenIssueTime", [seconds(session.began)]));
        }
        context
    }
}

fn assumed(account: &str, role: &str, session: &str) -> String {
    format!("arn:aws:sts::{account}:assumed-role/{role}/{session}")
}
