//! The options of a table and of an index that are no keys: how they are run and paid for.

mod expand;
mod protection;
mod replicas;
#[cfg(test)]
mod tests;
mod throughput;

use syn::LitStr;

pub(super) use self::expand::{with_index, with_table};
use self::{protection::Encryption, throughput::Throughput};
use crate::{
    errors::Errors,
    setting::{Setting, Value},
    settings::Settings,
    tags,
};

/// The names of the options here that `#[table(…)]` takes.
pub(super) const TABLE: &[&str] = &[
    "on_demand",
    "provisioned",
    "point_in_time_recovery",
    "recovery_days",
    "encryption",
    "deletion_protection",
    "class",
    "tags",
    "kinesis",
    "replicas",
    "contributor_insights",
];

/// The names of the options here that `#[index(…)]` takes.
pub(super) const INDEX: &[&str] = &["on_demand", "provisioned", "contributor_insights"];

/// What a table says of how it is run; `None` is as usual.
pub(super) struct TableOptions {
    throughput: Option<Throughput>,
    /// Whether it says so, even if wrongly.
    is_provisioned: bool,
    /// The variant of `PointInTimeRecovery`, with its days.
    recovery: Option<protection::Recovery>,
    encryption: Option<Encryption>,
    deletion_protection: bool,
    /// The variant of `TableClass`.
    class: Option<&'static str>,
    tags: Vec<(String, String)>,
    kinesis: Option<Kinesis>,
    replicas: Vec<LitStr>,
    insights: Option<&'static str>,
}

/// What an index says of how it is run.
pub(super) struct IndexOptions {
    throughput: Option<Throughput>,
    /// The variant of `ContributorInsights`.
    insights: Option<&'static str>,
}

/// A Kinesis data stream, and the variant of `TimestampPrecision`.
struct Kinesis {
    stream: LitStr,
    precision: &'static str,
}

const CLASSES: [(&str, &str); 2] = [("standard", "Standard"), ("infrequent-access", "InfrequentAccess")];
const PRECISIONS: [(&str, &str); 2] = [("millisecond", "Millisecond"), ("microsecond", "Microsecond")];
const INSIGHTS: [(&str, &str); 2] =
    [("accessed-and-throttled-keys", "AccessedAndThrottledKeys"), ("throttled-keys", "ThrottledKeys")];

/// `stream` is the table's stream, the variant of `StreamView`.
pub(super) fn table(settings: &Settings, stream: Option<&str>, errors: &mut Errors) -> TableOptions {
    let options = TableOptions {
        throughput: throughput::read(settings, errors),
        is_provisioned: settings.find("provisioned").is_some(),
        recovery: protection::recovery(settings, errors),
        encryption: settings.read("encryption", errors, protection::encryption),
        deletion_protection: settings.read("deletion_protection", errors, Setting::flag).unwrap_or(false),
        class: settings.read("class", errors, |it| it.choice(&CLASSES)),
        tags: tags::read(settings.find_all("tags"), "a table", errors),
        kinesis: settings.find("kinesis").and_then(|it| kinesis(it, errors)),
        replicas: settings.read("replicas", errors, replicas::read).unwrap_or_default(),
        insights: settings.read("contributor_insights", errors, insights),
    };
    if let Some(setting) = settings.find("replicas") {
        replicas::check(&options, setting, stream, errors);
    }
    options
}

/// A local index shares the table's partitions, and with them everything that could be set.
pub(super) fn index(settings: &Settings, local: bool, errors: &mut Errors) -> IndexOptions {
    for setting in INDEX.iter().filter_map(|name| settings.find(name)).filter(|_| local) {
        errors.push(
            &setting.name,
            "a local index is part of its table, which says this for both: write it in `#[table(…)]`",
        );
    }
    if local {
        return IndexOptions { throughput: None, insights: None };
    }
    IndexOptions {
        throughput: throughput::read(settings, errors),
        insights: settings.read("contributor_insights", errors, insights),
    }
}

impl TableOptions {
    /// What an index says has to go with what its table says.
    pub(super) fn check_indexes<'a>(&self, indexes: impl Iterator<Item = &'a IndexOptions>, errors: &mut Errors) {
        for throughput in indexes.filter_map(|index| index.throughput.as_ref()) {
            throughput::check_index(throughput, self.is_provisioned, errors);
            if !self.replicas.is_empty() {
                replicas::check_writes(throughput, errors);
            }
        }
    }
}

/// `contributor_insights`, or `contributor_insights = "throttled-keys"`.
fn insights(setting: &Setting) -> syn::Result<&'static str> {
    match &setting.value {
        Value::Flag => Ok("AccessedAndThrottledKeys"),
        _ => setting.choice(&INSIGHTS),
    }
}

/// `kinesis = "arn:…"`, or `kinesis(stream = "arn:…", precision = "microsecond")`.
fn kinesis(setting: &Setting, errors: &mut Errors) -> Option<Kinesis> {
    const EXAMPLE: &str = "arn:aws:kinesis:eu-west-1:123456789012:stream/changes";
    let Value::Group(..) = &setting.value else {
        let stream = errors.keep(setting.text(EXAMPLE).and_then(kinesis_stream))?;
        return Some(Kinesis { stream, precision: "Millisecond" });
    };
    let nested = errors.keep(setting.nested(&format!("stream = \"{EXAMPLE}\"")))?;
    let nested = Settings::of(nested, "kinesis(…)", &["stream", "precision"], errors);
    let precision = nested.read("precision", errors, |it| it.choice(&PRECISIONS)).unwrap_or("Millisecond");
    if nested.lacks("stream") {
        errors.push(&setting.name, format!("`kinesis` names a stream: write `kinesis(stream = \"{EXAMPLE}\")`"));
    }
    let stream = nested.read("stream", errors, |it| it.text(EXAMPLE).and_then(kinesis_stream))?;
    Some(Kinesis { stream, precision })
}

fn kinesis_stream(text: &LitStr) -> syn::Result<LitStr> {
    skyloom_manifest::rules::check_kinesis_stream(&text.value())
        .map(|()| text.clone())
        .map_err(|message| syn::Error::new_spanned(text, message))
}
