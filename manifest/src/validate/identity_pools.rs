//! Rules of identity pools.

use std::collections::BTreeSet;

use crate::{Auth, Grants, IdentityPool, Manifest, MatchType, Route, rules};

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
    for role in pool.roles.iter().filter(|role| role.claim == GROUPS && role.match_type == MatchType::Contains) {
        check_group(manifest, pool, &role.value, report);
    }
    let mut seen = BTreeSet::new();
    for (name, grants) in pool.all_roles() {
        if !seen.insert(name) {
            report(format!("it has two roles `{name}`: rename one of them"));
        }
        check_grants(manifest, grants, report);
    }
}

/// A role's group is one of a user pool, and part of the name of no other: whether Cognito compares the groups of a token whole is not
/// documented.
fn check_group(manifest: &Manifest, pool: &IdentityPool, group: &str, report: &mut impl FnMut(String)) {
    let pools = || pool.providers.iter().filter_map(|name| manifest.user_pool(name));
    let declared: BTreeSet<&String> = pools().flat_map(|pool| &pool.groups).collect();
    if !declared.contains(&group.to_owned()) {
        let near = rules::nearest(group, declared.iter().map(|name| name.as_str()));
        let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        report(format!("it has a role for the group `{group}`, which is no group of its user pools{hint}"));
    }
    let providers = pools().flat_map(|pool| &pool.oauth.identity_providers);
    let made = providers.map(|it| (format!("_{}", it.name), format!("the group that Cognito makes for `{}`", it.name)));
    let others = declared.iter().map(|name| ((*name).clone(), format!("`{name}`"))).chain(made);
    for (_, other) in others.filter(|(name, _)| name != group && name.contains(group)) {
        report(format!(
            "its role for the group `{group}` may be had by who is in {other}, too, since a rule looks for a part of the text: rename one"
        ));
    }
}

fn check_grants(manifest: &Manifest, grants: &Grants, report: &mut impl FnMut(String)) {
    for permission in &grants.permissions {
        manifest.check_permission(&permission.resource, report);
    }
    for name in &grants.routes {
        match manifest.function(name).and_then(Route::of).map(|route| route.auth) {
            Some(Auth::Iam) => {}
            Some(_) => report(format!(
                "its users may call `{name}`, which asks for no signature: write `auth = Iam` there, or take it off the list"
            )),
            None => {
                let routes = manifest.functions.iter().filter_map(Route::of).filter(|route| *route.auth == Auth::Iam);
                let near = rules::nearest(name, routes.map(|route| route.function.name.as_str()));
                let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                report(format!("its users may call `{name}`, which is no route of the application{hint}"));
            }
        }
    }
}
