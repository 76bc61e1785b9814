//! What `#[derive(IdentityPool)]` registers.

use skyloom_manifest::{AmbiguousRoleResolution, MatchType};

use super::Source;
use crate::Needs;

/// A `#[derive(IdentityPool)]`.
#[derive(Debug)]
pub struct IdentityPoolEntry {
    pub name: &'static str,
    pub source: Source,
    pub providers: &'static [&'static str],
    pub authenticated: GrantsEntry,
    pub unauthenticated: Option<GrantsEntry>,
    pub roles: &'static [RuledRoleEntry],
    pub classic_flow: bool,
    pub ambiguous_role_resolution: AmbiguousRoleResolution,
}

/// What a role of an identity pool may do.
#[derive(Debug)]
pub struct GrantsEntry {
    pub needs: Needs,
    /// The names of functions.
    pub routes: &'static [&'static str],
    pub invalidate_cache: &'static [&'static str],
}

/// A role of those whose token fits a rule.
#[derive(Debug)]
pub struct RuledRoleEntry {
    pub name: &'static str,
    pub claim: &'static str,
    pub match_type: MatchType,
    pub value: &'static str,
    pub grants: GrantsEntry,
}
