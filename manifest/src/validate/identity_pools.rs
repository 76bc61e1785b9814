//! Rules of identity pools.

use std::collections::BTreeSet;

use crate::{Auth, Function, Grants, IdentityPool, Manifest, Route, SocketRoute, rules};

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
