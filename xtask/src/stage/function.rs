//! What a stage says of functions. Of one function it goes before what the handler says, and that before what it says of all.

use anyhow::{Result, bail};
use skyloom_manifest::{Deployment, Function, FunctionOptions, Manifest, Trigger, rules};

use super::{
    FILE, Stage,
    settings::{FunctionSettings, Settings, Vpc},
};

impl Stage {
    pub(super) fn apply_to_function(&self, function: &mut Function) {
        let none = FunctionSettings::default();
        let own = self.settings.functions.get(&function.name).unwrap_or(&none);
        function.memory = own.memory.unwrap_or(function.memory);
        function.timeout = own.timeout.unwrap_or(function.timeout);
        function.concurrency = own.concurrency.or(function.concurrency);
        apply(&mut function.options, own, &self.settings);
        self.apply_deployment(function);
    }

    /// The steps are the stage's; which hooks there are is the application's to say. A hook itself has no versions, so that what is
    /// said of all functions is not said of it.
    fn apply_deployment(&self, function: &mut Function) {
        let own = self.settings.functions.get(&function.name).and_then(|it| it.deployment);
        let of_all = self.settings.deployment.filter(|_| !matches!(function.trigger, Trigger::Hook));
        let Some(shift) = own.or(of_all) else { return };
        let declared = function.options.deployment.take();
        let (before, after) = declared.map(|it| (it.before, it.after)).unwrap_or_default();
        function.options.deployment = Some(Deployment { shift: shift.into(), before, after });
    }

    /// A handler only says that it needs a VPC.
    pub(super) fn check_vpc(&self, manifest: &Manifest) -> Result<()> {
        let needs: Vec<_> =
            manifest.functions.iter().filter(|it| it.options.vpc).map(|it| format!("`{}`", it.name)).collect();
        if needs.is_empty() || self.settings.vpc.is_some() {
            return Ok(());
        }
        let (place, table) = match &self.name {
            Some(stage) => (format!("the stage `{stage}`"), format!("stages.{stage}.vpc")),
            None => ("the application without a stage".into(), "vpc".into()),
        };
        bail!(
            "{place} has no VPC for {}: write `[{table}]` with `subnets = [\"subnet-…\"]` and `security-groups = [\"sg-…\"]` into {FILE}",
            needs.join(", ")
        )
    }

    /// Lambda takes layers of the function's own region.
    pub(super) fn check_layers(&self, manifest: &Manifest) -> Result<()> {
        let Some(region) = &self.settings.region else { return Ok(()) };
        let layers = manifest.functions.iter().flat_map(|it| it.options.layers.iter().map(move |arn| (&it.name, arn)));
        for (function, arn) in layers {
            if let Some(other) = rules::region_of(arn).filter(|other| other != region) {
                bail!(
                    "{FILE}: the layer `{arn}` of `{function}` is in {other}, and the stage in {region}: name one that is in {region}, or write `${{AWS::Region}}`"
                );
            }
        }
        Ok(())
    }
}

/// Tracing of all is in the template's globals, and not of each function.
fn apply(options: &mut FunctionOptions, own: &FunctionSettings, all: &Settings) {
    options.ephemeral_storage = own.ephemeral_storage.or(options.ephemeral_storage).or(all.ephemeral_storage);
    options.log_level = own.log_level.or(options.log_level).or(all.log_level);
    options.log_retention = own.log_retention_days.or(options.log_retention).or(all.log_retention_days);
    options.tracing = own.tracing.or(options.tracing);
    options.layers = own.layers.clone().unwrap_or_else(|| std::mem::take(&mut options.layers));
    options.layers.extend(all.layers.iter().cloned());
    options.vpc = own.vpc.unwrap_or(options.vpc || all.vpc.as_ref().is_some_and(|vpc| vpc.all_functions));
    let provisioned = own.provisioned_concurrency.or(options.provisioned_concurrency);
    options.provisioned_concurrency = provisioned.filter(|count| *count > 0);
    options.event_invoke.retries = own.retries.or(options.event_invoke.retries);
    options.event_invoke.max_age = own.max_event_age.or(options.event_invoke.max_age);
    options.tags.extend(own.tags.clone());
    for (name, value) in &all.environment {
        options.environment.entry(name.clone()).or_insert_with(|| value.clone());
    }
    options.environment.extend(own.environment.clone());
}

/// Says what is wrong with the ids of a VPC's parts, or nothing.
/// <https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html>
pub(super) fn check_vpc(vpc: &Vpc) -> Result<(), String> {
    check_ids("subnets", &vpc.subnets, "subnet-", 16)?;
    check_ids("security-groups", &vpc.security_groups, "sg-", 5)
}

fn check_ids(name: &str, ids: &[String], prefix: &str, most: usize) -> Result<(), String> {
    if ids.is_empty() || ids.len() > most {
        return Err(format!("`vpc` has 1 to {most} `{name}`, and not {}", ids.len()));
    }
    let is_id = |id: &&String| {
        let own = id.strip_prefix(prefix).unwrap_or_default();
        !own.is_empty() && own.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase())
    };
    let is_reference = |id: &&String| id.starts_with("${") && id.ends_with('}');
    match ids.iter().find(|id| !is_id(id) && !is_reference(id)) {
        Some(id) => Err(format!(
            "`{id}` is none of the `{name}` of `vpc`: write an id, `{prefix}0123456789abcdef0`, or a parameter, `${{Name}}`"
        )),
        None => Ok(()),
    }
}
