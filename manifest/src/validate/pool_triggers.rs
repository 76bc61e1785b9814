//! The rules of handlers that Cognito asks.

use crate::{AuthFlow, Function, Manifest, PoolTrigger, Trigger, UserPool, rules};

pub(super) fn check(
    manifest: &Manifest,
    function: &Function,
    (pool, on): (&str, PoolTrigger),
    report: &mut impl FnMut(String),
) {
    if manifest.user_pool(pool).is_none() {
        let pools = manifest.user_pools.iter().map(|pool| &*pool.name);
        let hint = rules::nearest(pool, pools).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        report(format!("it is asked by the user pool `{pool}`, which the application does not have{hint}"));
    }
    if let Some(other) = of(manifest, pool, on).find(|other| other.name < function.name) {
        report(format!(
            "`{}` ({}) is asked by `{pool}` on `{}` already, and a pool asks one function: make one of both",
            other.name,
            other.source,
            on.as_str()
        ));
    }
    check_challenges(manifest, pool, on, report);
}

/// A challenge is defined, made and judged by three functions: without the others, one is never asked or leads nowhere.
fn check_challenges(manifest: &Manifest, pool: &str, on: PoolTrigger, report: &mut impl FnMut(String)) {
    use PoolTrigger::{CreateAuthChallenge, DefineAuthChallenge, VerifyAuthChallengeResponse};
    let needed: &[PoolTrigger] = match on {
        CreateAuthChallenge => &[DefineAuthChallenge, VerifyAuthChallengeResponse],
        VerifyAuthChallengeResponse => &[DefineAuthChallenge, CreateAuthChallenge],
        _ => &[],
    };
    for missing in needed.iter().filter(|needed| of(manifest, pool, **needed).next().is_none()) {
        report(format!(
            "`{}` goes with `{}`, which no handler of `{pool}` is for: add one with `on = \"{1}\"`",
            on.as_str(),
            missing.as_str()
        ));
    }
}

/// Sign-ins of the application's own need a function that defines them, and a client that may begin them.
pub(super) fn check_flows(manifest: &Manifest, pool: &UserPool, report: &mut impl FnMut(String)) {
    let defined = of(manifest, &pool.name, PoolTrigger::DefineAuthChallenge).next();
    match (pool.client.flows.contains(&AuthFlow::Custom), defined) {
        (true, None) => report(format!(
            "its client's `flows` have `custom`, which no handler defines: add one with `user_pool = {}, on = \"define-auth-challenge\"`",
            pool.name
        )),
        (false, Some(function)) => report(format!(
            "`{}` defines how users sign in, but its client's `flows` do not have `custom`: add that",
            function.name
        )),
        (true, Some(_)) | (false, None) => {}
    }
}

/// The functions that a pool asks on an occasion.
fn of<'a>(manifest: &'a Manifest, pool: &'a str, on: PoolTrigger) -> impl Iterator<Item = &'a Function> {
    manifest.functions.iter().filter(move |function| {
        matches!(&function.trigger, Trigger::UserPool { pool: it, on: asked, .. } if it == pool && *asked == on)
    })
}
