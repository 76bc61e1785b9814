//! What a stack costs each month whether it is used or not.
//!
//! Requests, storage, logs and transfer depend on use, which a template does not know. They are not estimated.

mod prices;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use self::prices::{HOURS, MONTHLY};
use super::template::{Template, kind};

/// The estimate before and after.
#[derive(Debug, Serialize)]
pub(crate) struct Cost {
    /// Whose prices these are.
    pub(super) region: &'static str,
    /// When they were those.
    pub(super) prices_of: &'static str,
    pub(super) lines: Vec<Line>,
    pub(super) dollars_before: f64,
    pub(super) dollars_after: f64,
    /// What is billed for time too and is not in the estimate: ids of resources.
    pub(super) not_counted: Vec<String>,
}

/// What one thing costs each month, or all of a kind.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(super) what: String,
    pub(super) dollars_before: f64,
    pub(super) dollars_after: f64,
}

/// What the stacks of two templates cost.
pub(super) fn of(old: Template<'_>, new: Template<'_>) -> Cost {
    let (before, after) = (provisioned(old), provisioned(new));
    let all: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let dollars = |side: &BTreeMap<String, f64>, what: &String| side.get(what).copied().unwrap_or_default();
    let lines = all.into_iter().map(|what| Line {
        what: what.clone(),
        dollars_before: dollars(&before, what),
        dollars_after: dollars(&after, what),
    });
    Cost {
        region: prices::REGION,
        prices_of: prices::AS_OF,
        lines: lines.collect(),
        dollars_before: total(&before),
        dollars_after: total(&after),
        not_counted: not_counted(new),
    }
}

/// Not `sum`, whose nothing is the negative zero.
fn total(costs: &BTreeMap<String, f64>) -> f64 {
    costs.values().fold(0.0, |total, dollars| total + dollars)
}

/// The dollars of a month by what they are for.
fn provisioned(template: Template<'_>) -> BTreeMap<String, f64> {
    let mut costs: BTreeMap<String, f64> = BTreeMap::new();
    for (id, resource) in template.resources() {
        let properties = template.properties(id);
        if let Some((what, dollars)) = of_resource(id, kind(resource), &properties) {
            *costs.entry(what).or_default() += dollars;
        }
    }
    costs
}

fn of_resource(id: &str, kind: &str, properties: &Value) -> Option<(String, f64)> {
    let dollars = match kind {
        "AWS::DynamoDB::Table" => tables::regional(properties)?,
        "AWS::DynamoDB::GlobalTable" => tables::replicated(properties)?,
        "AWS::Serverless::Function" => concurrency(properties)?,
        "AWS::Kinesis::Stream" => stream(properties),
        "AWS::CloudWatch::Alarm" => return Some(("alarms".into(), alarm(properties))),
        _ => {
            let (_, what, dollars) = MONTHLY.iter().find(|(of, ..)| *of == kind)?;
            return Some(((*what).into(), *dollars));
        }
    };
    Some((id.into(), dollars))
}

/// Environments that wait for calls cost by their memory.
fn concurrency(function: &Value) -> Option<f64> {
    let environments = number(&function["ProvisionedConcurrencyConfig"]["ProvisionedConcurrentExecutions"])?;
    let gigabytes = number(&function["MemorySize"]).unwrap_or(128.0) / 1024.0;
    let is_arm = function["Architectures"][0] == "arm64";
    let price = if is_arm { prices::CONCURRENCY_ARM64 } else { prices::CONCURRENCY_X86_64 };
    Some(environments * gigabytes * price * HOURS * 3600.0)
}

fn stream(stream: &Value) -> f64 {
    let shards = number(&stream["ShardCount"]).filter(|_| stream["StreamModeDetails"]["StreamMode"] != "ON_DEMAND");
    HOURS * shards.map_or(prices::STREAM_ON_DEMAND, |shards| shards * prices::SHARD)
}

/// One that is evaluated more often than each minute is of high resolution.
fn alarm(alarm: &Value) -> f64 {
    let is_quick = number(&alarm["Period"]).is_some_and(|seconds| seconds < 60.0);
    if is_quick { prices::ALARM_HIGH_RESOLUTION } else { prices::ALARM }
}

fn not_counted(template: Template<'_>) -> Vec<String> {
    let timed = template.resources().filter(|(_, resource)| prices::NOT_COUNTED.contains(&kind(resource)));
    timed.map(|(id, _)| id.to_owned()).collect()
}

/// A number as templates have it, some as text. What only the deployment knows is none.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests;
