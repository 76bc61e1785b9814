//! The rules of handlers that Cognito asks.

use crate::{Function, Manifest, PoolTrigger, Trigger, rules};

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

/// The functions that a pool asks on an occasion.
fn of<'a>(manifest: &'a Manifest, pool: &'a str, on: PoolTrigger) -> impl Iterator<Item = &'a Function> {
    manifest.functions.iter().filter(move |function| {
        matches!(&function.trigger, Trigger::UserPool { pool: it, on: asked, .. } if it == pool && *asked == on)
    })
}
