//! The rules of traffic shifting, of its hooks and of what is kept warm.

use crate::{Deployment, Function, Manifest, TrafficShift, Trigger, rules};

pub(super) fn check(manifest: &Manifest, function: &Function, report: &mut impl FnMut(String)) {
    if let Some(deployment) = &function.options.deployment {
        check_shift(deployment.shift, report);
        check_names(manifest, deployment, report);
    }
    if let (Some(provisioned), Some(reserved)) = (function.options.provisioned_concurrency, function.concurrency)
        && provisioned > reserved
    {
        report(format!(
            "`provisioned_concurrency` is {provisioned}, but its `concurrency` lets only {reserved} run at once: raise that"
        ));
    }
}

/// A hook that nothing names would never run.
pub(super) fn check_hook(manifest: &Manifest, hook: &Function, report: &mut impl FnMut(String)) {
    if hook.options.has_alias() {
        report(
            "it is a hook, which CodeDeploy calls as it is: leave its `deployment` and `provisioned_concurrency` out"
                .into(),
        );
    }
    if manifest.checked_by(&hook.name).next().is_none() {
        report(format!(
            "no handler names this hook: write `deployment = canary(\"10%\", \"5m\", before = {})` at one",
            hook.name
        ));
    }
}

fn check_shift(shift: TrafficShift, report: &mut impl FnMut(String)) {
    let (TrafficShift::Canary { percentage, interval } | TrafficShift::Linear { percentage, interval }) = shift else {
        return;
    };
    let step = rules::check_range("a step of its `deployment`", percentage.into(), &rules::SHIFT_PERCENTAGE, "%");
    let wait = rules::check_range("the interval of its `deployment`", interval.into(), &rules::SHIFT_MINUTES, " min");
    let sizes = step.and(wait);
    match shift {
        TrafficShift::Linear { .. } => sizes.and_then(|()| rules::check_linear(percentage, interval)),
        TrafficShift::Canary { .. } | TrafficShift::AllAtOnce => sizes,
    }
    .unwrap_or_else(report);
}

fn check_names(manifest: &Manifest, deployment: &Deployment, report: &mut impl FnMut(String)) {
    for (word, name) in deployment.hooks() {
        match manifest.function(name).map(|it| &it.trigger) {
            Some(Trigger::Hook) => {}
            Some(_) => report(format!(
                "its `{word}` names `{name}`, which is no hook: annotate that with `#[handler(hook)]`, or name another"
            )),
            None => {
                let hooks = manifest.functions.iter().filter(|it| matches!(it.trigger, Trigger::Hook));
                let hint = rules::nearest(name, hooks.map(|it| &*it.name))
                    .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                report(format!("its `{word}` names the hook `{name}`, which the application does not have{hint}"));
            }
        }
    }
}
