//! What differs in a resource, a line for each place.

use crate::diff::{
    Recreation,
    properties::Difference,
    render::{Line, Report, Tone},
    resources::{Resource, What},
    value,
};

/// How many places of a resource are told.
const MOST: usize = 10;

/// Whether a resource is a function that differs in nothing but what it runs.
pub(super) fn is_code_only(resource: &Resource) -> bool {
    let is_code = |it: &Difference| matches!(it.root(), "CodeUri" | "ImageUri" | "Code");
    resource.what == What::Changed && !resource.properties.is_empty() && resource.properties.iter().all(is_code)
}

/// The places; those that another section tells are not repeated.
pub(super) fn of(resource: &Resource, report: &Report) -> Vec<Line> {
    let elsewhere = |it: &&Difference| section(it, report).is_some();
    let (elsewhere, here): (Vec<_>, Vec<_>) = resource.properties.iter().partition(elsewhere);
    let mut lines: Vec<_> = here.iter().take(MOST).map(|it| line(it)).collect();
    if here.len() > MOST {
        lines.push(Line { tone: Tone::Plain, text: format!("      and {} more", here.len() - MOST) });
    }
    if let Some((first, section)) = elsewhere.first().and_then(|it| Some((it, section(it, report)?))) {
        lines.push(Line { tone: Tone::Plain, text: format!("      {}: see {section}", first.root()) });
    }
    lines
}

/// What moves is told at once: it is much, and nothing that anybody has to look at but logs.
pub(super) fn moved(resources: &[&Resource]) -> Option<Line> {
    let logs = resources.iter().filter(|it| it.resource_type == "AWS::Logs::LogGroup").count();
    let deleted = match logs {
        0 => String::new(),
        1 => "; what one of them has logged is DELETED".into(),
        logs => format!("; what {logs} of them have logged is DELETED"),
    };
    let text = format!(
        "~   {} resources go to another stack of the application, each made anew there before the old one is deleted{deleted}",
        resources.len()
    );
    let tone = if logs > 0 { Tone::Grave } else { Tone::Changed };
    (!resources.is_empty()).then_some(Line { tone, text })
}

/// The section that tells a difference better.
fn section(difference: &Difference, report: &Report) -> Option<&'static str> {
    let path = difference.path.as_str();
    if path.starts_with("DefinitionBody.paths") && !report.routes.is_empty() {
        Some("the routes")
    } else if path.starts_with("Policies[") && path.contains("PolicyDocument") && !report.permissions.is_empty() {
        Some("the permissions")
    } else {
        None
    }
}

fn line(difference: &Difference) -> Line {
    let change = match (&difference.old, &difference.new) {
        (Some(old), Some(new)) => format!(": {} \u{2192} {}", value::short(old), value::short(new)),
        (None, Some(new)) => format!(" added: {}", value::short(new)),
        (Some(old), None) => format!(" taken away: {}", value::short(old)),
        (None, None) => " follows from another change".into(),
    };
    let (tone, effect) = match difference.recreation {
        Recreation::Never => (Tone::Plain, ""),
        Recreation::Conditionally => (Tone::Changed, "  (may replace it)"),
        Recreation::Always => (Tone::Grave, "  (replaces it)"),
    };
    Line { tone, text: format!("      {}{change}{effect}", difference.path) }
}
