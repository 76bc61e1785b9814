//! `on_demand(max_reads = 1000)` and `provisioned(reads = 5..=500, writes = 5, target = 70)`

use skyloom_manifest::rules;
use syn::Ident;

use crate::{
    errors::Errors,
    setting::{Setting, Value},
    settings::Settings,
};

/// How requests are paid for.
pub(super) struct Throughput {
    /// Where it is written: `provisioned`.
    pub(super) at: Ident,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    OnDemand { max_reads: Option<u32>, max_writes: Option<u32> },
    Provisioned { reads: Capacity, writes: Capacity },
}

pub(super) struct Capacity {
    /// Where it is written: `reads`.
    pub(super) at: Ident,
    pub(super) least: u32,
    /// The most that it is scaled to, and the utilization that is aimed at.
    pub(super) scaled: Option<(u32, u32)>,
}

/// What autoscaling aims at, in percent, as in AWS's console.
const DEFAULT_TARGET: u32 = 70;
const PROVISIONED: &str = "reads = 5..=500, writes = 5..=500";

pub(super) fn read(settings: &Settings, errors: &mut Errors) -> Option<Throughput> {
    let (on_demand, provisioned) = (settings.find("on_demand"), settings.find("provisioned"));
    if let (Some(_), Some(setting)) = (on_demand, provisioned) {
        errors.push(&setting.name, "it is `on_demand` already: remove one of them");
    }
    let kind = match (on_demand, provisioned) {
        (Some(setting), _) => read_on_demand(setting, errors),
        (None, Some(setting)) => read_provisioned(setting, errors),
        (None, None) => None,
    };
    Some(Throughput { at: on_demand.or(provisioned)?.name.clone(), kind: kind? })
}

/// An index is paid for as its table is.
pub(super) fn check_index(index: &Throughput, table_is_provisioned: bool, errors: &mut Errors) {
    match (matches!(index.kind, Kind::Provisioned { .. }), table_is_provisioned) {
        (true, false) => errors.push(
            &index.at,
            format!("the table is on demand, and so are its indexes: remove this, or write `#[table(provisioned({PROVISIONED}))]`"),
        ),
        (false, true) => errors.push(
            &index.at,
            format!("the table is provisioned, and so are its indexes: write `provisioned({PROVISIONED})`"),
        ),
        _ => {}
    }
}

fn read_on_demand(setting: &Setting, errors: &mut Errors) -> Option<Kind> {
    if let Value::Flag = setting.value {
        return Some(Kind::OnDemand { max_reads: None, max_writes: None });
    }
    let nested = errors.keep(setting.nested("max_reads = 1000, max_writes = 500"))?;
    let nested = Settings::of(nested, "on_demand(…)", &["max_reads", "max_writes"], errors);
    let mut most = |name| nested.read(name, errors, |it| it.integer(&rules::CAPACITY, ""));
    Some(Kind::OnDemand { max_reads: most("max_reads"), max_writes: most("max_writes") })
}

fn read_provisioned(setting: &Setting, errors: &mut Errors) -> Option<Kind> {
    let nested = errors.keep(setting.nested(PROVISIONED))?;
    let nested = Settings::of(nested, "provisioned(…)", &["reads", "writes", "target"], errors);
    let target = nested.read("target", errors, |it| it.integer(&rules::CAPACITY_TARGET, "")).unwrap_or(DEFAULT_TARGET);
    for name in ["reads", "writes"] {
        if nested.lacks(name) {
            errors.push(&setting.name, format!("`{name}` is missing: write `provisioned({PROVISIONED})`"));
        }
    }
    let mut capacity = |name| nested.read(name, errors, |it| capacity(it, target));
    let (reads, writes) = (capacity("reads"), capacity("writes"));
    let (reads, writes) = (reads?, writes?);
    if let (None, None, Some(target)) = (reads.scaled, writes.scaled, nested.find("target")) {
        errors
            .push(&target.name, "a fixed capacity has no target: give `reads` or `writes` a range, `reads = 5..=500`");
    }
    Some(Kind::Provisioned { reads, writes })
}

fn capacity(setting: &Setting, target: u32) -> syn::Result<Capacity> {
    let (least, most) = setting.integer_or_range(&rules::CAPACITY, "5..=500")?;
    Ok(Capacity { at: setting.name.clone(), least, scaled: most.map(|most| (most, target)) })
}
