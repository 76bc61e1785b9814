//! Rules of identity pools.

use std::collections::BTreeSet;

use crate::{Auth, Function, Grants, IdentityPool, Manifest, MatchType, Route, RuledRole, SocketRoute, rules};

/// The claim of a token that has its user's groups.
const GROUPS: &str = "cognito:groups";
/// <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_RulesConfigurationType.html>
const MOST_RULES: usize = 25;

pub(super) fn check(manifest: &Manifest, pool: &IdentityPool, report: &mut impl FnMut(String)) {
    for provider in pool.providers.iter().filter(|name| manifest.user_pool(name).is_none()) {
        report(format!("it takes users of `{provider}`, which is no user pool of the application"));
    }
    if pool.providers.is_empty() && pool.unauthenticated.is_none() {
        report("it lets nobody in: name a user pool, `providers = [Shopper]`, or say what guests may do, `unauthenticated(…)`".into());
    }
    if pool.roles.len() > MOST_RULES {
        report(format!("it has {} roles by rule, and Cognito takes {MOST_RULES}: leave some out", pool.roles.len()));
    }
    if let Err(problem) = rules::check_classic_flow(pool.classic_flow, !pool.roles.is_empty()) {
        report(problem.into());
    }
    for role in pool.roles.iter().filter(|role| role.claim == GROUPS && role.match_type != MatchType::NotEqual) {
        check_group(manifest, pool, role, report);
    }
    for role in &pool.roles {
        check_claim(manifest, pool, role, report);
    }
    let mut seen = BTreeSet::new();
    for (name, grants) in pool.all_roles() {
        if !seen.insert(name) {
            report(format!("it has two roles `{name}`: rename one of them"));
        }
        check_grants(manifest, grants, report);
    }
}

/// Whoever has a reply made anew has to be let in, to a route that keeps replies.
fn check_invalidation(manifest: &Manifest, grants: &Grants, report: &mut impl FnMut(String)) {
    for name in &grants.invalidate_cache {
        if !grants.routes.contains(name) {
            report(format!(
                "its users may invalidate the cache of `{name}`, which they may not call: add it to `routes`, or take it off the list"
            ));
        } else if manifest.function(name).and_then(Route::of).is_some_and(|route| route.guards.cache.is_none()) {
            report(format!(
                "its users may invalidate the cache of `{name}`, which keeps no replies: write `cache = \"60s\"` there, or take it \
                 off the list"
            ));
        }
    }
}

/// A role's group is one of a user pool, and part of the name of no other: whether Cognito compares the groups of a token whole is not
/// documented.
fn check_group(manifest: &Manifest, pool: &IdentityPool, role: &RuledRole, report: &mut impl FnMut(String)) {
    let group = &role.value;
    let pools = || pool.providers.iter().filter_map(|name| manifest.user_pool(name));
    let declared: BTreeSet<&String> = pools().flat_map(|pool| &pool.groups).collect();
    if !declared.contains(group) {
        let near = rules::nearest(group, declared.iter().map(|name| name.as_str()));
        let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        report(format!(
            "its role `{}` is for the group `{group}`, which none of its user pools has: name it there, `#[user_pool(groups = [\"{group}\"])]`{hint}",
            role.name
        ));
    }
    let providers = pools().flat_map(|pool| &pool.oauth.identity_providers);
    let made = providers.map(|it| (format!("_{}", it.name), format!("the group that Cognito makes for `{}`", it.name)));
    let others = declared.iter().map(|name| ((*name).clone(), format!("`{name}`"))).chain(made);
    for (_, other) in others.filter(|(name, _)| name != group && name.contains(group.as_str())) {
        report(format!(
            "its role for the group `{group}` may be had by who is in {other}, too, since a rule looks for a part of the text: rename one"
        ));
    }
}

/// A role's claim is in tokens of one of its user pools.
fn check_claim(manifest: &Manifest, pool: &IdentityPool, role: &RuledRole, report: &mut impl FnMut(String)) {
    let pools = pool.providers.iter().filter_map(|name| manifest.user_pool(name));
    let declared = pools.flat_map(|pool| &pool.custom_attributes).map(|attribute| attribute.name.as_str());
    if let Err(message) = rules::check_claim(&role.claim, declared) {
        report(format!("its role `{}` is for nobody: {message}", role.name));
    }
}

fn check_grants(manifest: &Manifest, grants: &Grants, report: &mut impl FnMut(String)) {
    for permission in &grants.permissions {
        manifest.check_permission(&permission.resource, report);
    }
    check_invalidation(manifest, grants, report);
    for name in &grants.routes {
        match manifest.function(name).and_then(asked_at) {
            Some(Auth::Iam) => {}
            Some(_) => report(format!(
                "its users may call `{name}`, which asks for no signature: write `auth = Iam` there, or take it off the list"
            )),
            None => {
                let routes = manifest.functions.iter().filter(|it| asked_at(it) == Some(&Auth::Iam));
                let near = rules::nearest(name, routes.map(|function| function.name.as_str()));
                let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                report(format!("its users may call `{name}`, which is no route of the application{hint}"));
            }
        }
    }
}

/// Whom a route lets in, if the function is behind one where that is asked: of a WebSocket API at `$connect` alone.
fn asked_at(function: &Function) -> Option<&Auth> {
    Route::of(function).map(|route| route.auth).or_else(|| SocketRoute::of(function).and_then(|route| route.auth))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use crate::Manifest;

    /// What is wrong with an identity pool that has these roles.
    fn check(roles: &[Value], expected: Expect) {
        let source = json!({"file": "src/lib.rs", "line": 1});
        let manifest = json!({
            "version": 1,
            "application": "shop",
            "apis": [],
            "functions": [{
                "name": "work", "source": source, "trigger": "invoke", "memory": 256, "timeout": 10, "permissions": [],
            }],
            "tables": [],
            "user-pools": [{
                "name": "Crew", "source": source, "sign-in": "email", "self-sign-up": false, "groups": ["booker"],
                "custom-attributes": [{"name": "plan", "type": "string"}],
            }],
            "identity-pools": [{
                "name": "Fans", "source": source, "providers": ["Crew"],
                "authenticated": {"permissions": [], "routes": []},
                "roles": roles,
            }],
        });
        let manifest: Manifest = serde_json::from_value(manifest).unwrap();
        let problems: Vec<_> = manifest.validate().iter().map(ToString::to_string).collect();
        expected.assert_eq(&problems.join("\n"));
    }

    fn role(name: &str, claim: &str, match_type: &str, value: &str) -> Value {
        json!({
            "name": name, "claim": claim, "match-type": match_type, "value": value,
            "grants": {"permissions": [], "routes": []},
        })
    }

    #[test]
    fn a_role_for_a_claim_that_no_token_has_is_for_nobody() {
        check(
            &[role("gold", "custom:plan", "equals", "gold"), role("silver", "custom:plans", "equals", "silver")],
            expect![
                "src/lib.rs:1: `Fans`: its role `silver` is for nobody: there is no attribute `custom:plans`: did you mean `custom:plan`?"
            ],
        );
    }

    #[test]
    fn a_role_for_a_group_that_no_pool_has_is_for_nobody() {
        check(
            &[
                role("bookers", "cognito:groups", "contains", "booker"),
                role("typists", "cognito:groups", "contains", "bookr"),
            ],
            expect![[
                r#"src/lib.rs:1: `Fans`: its role `typists` is for the group `bookr`, which none of its user pools has: name it there, `#[user_pool(groups = ["bookr"])]`; did you mean `booker`?"#
            ]],
        );
    }
}
