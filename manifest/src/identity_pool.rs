use serde::{Deserialize, Serialize};

use crate::{Permission, SourceLocation};

/// A Cognito identity pool, which gives users of user pools, and guests, credentials of AWS: one `#[derive(IdentityPool)]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IdentityPool {
    /// The struct's name, unique in the application.
    pub name: String,
    /// Where it is written.
    pub source: SourceLocation,
    /// The user pools whose users it takes, by name.
    pub providers: Vec<String>,
    /// What whoever signed in may do, unless a rule gives them another role.
    pub authenticated: Grants,
    /// What guests may do, if there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unauthenticated: Option<Grants>,
    /// The roles of users whose token fits a rule; the first that fits, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RuledRole>,
    /// Whether clients may take an OpenID token to STS themselves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub classic_flow: bool,
    /// What becomes of users whose token fits no rule.
    #[serde(default, skip_serializing_if = "AmbiguousRoleResolution::is_default")]
    pub ambiguous_role_resolution: AmbiguousRoleResolution,
}

/// What becomes of users whose token fits no rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AmbiguousRoleResolution {
    /// They have the role of whoever signed in.
    #[default]
    AuthenticatedRole,
    /// They get no credentials.
    Deny,
}

impl AmbiguousRoleResolution {
    /// Cognito's name for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthenticatedRole => "AuthenticatedRole",
            Self::Deny => "Deny",
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What a role may do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Grants {
    /// On tables and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// The routes that it may call, by the names of their functions; their `auth` is IAM.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<String>,
}

/// A role by rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RuledRole {
    /// Its name, unique in the pool.
    pub name: String,
    /// The claim of the token that the rule is on.
    pub claim: String,
    /// How it is compared.
    pub match_type: MatchType,
    /// What it is compared with.
    pub value: String,
    /// What the role may do.
    pub grants: Grants,
}

/// How a rule compares a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MatchType {
    /// It is the value.
    Equals,
    /// The value is a part of it, or one of its elements.
    Contains,
    /// It begins with the value.
    StartsWith,
    /// It is not the value.
    NotEqual,
}

impl MatchType {
    /// Cognito's name for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equals => "Equals",
            Self::Contains => "Contains",
            Self::StartsWith => "StartsWith",
            Self::NotEqual => "NotEqual",
        }
    }
}

impl IdentityPool {
    /// The role of whoever signed in, and what names it.
    pub const AUTHENTICATED: &'static str = "authenticated";
    /// The role of guests, and what names it.
    pub const UNAUTHENTICATED: &'static str = "unauthenticated";

    /// All roles with their names.
    pub fn all_roles(&self) -> impl Iterator<Item = (&str, &Grants)> {
        let guests = self.unauthenticated.as_ref().map(|grants| (Self::UNAUTHENTICATED, grants));
        let ruled = self.roles.iter().map(|role| (role.name.as_str(), &role.grants));
        [(Self::AUTHENTICATED, &self.authenticated)].into_iter().chain(guests).chain(ruled)
    }
}
