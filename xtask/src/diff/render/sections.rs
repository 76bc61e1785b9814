//! The lines of each section.

use std::collections::{BTreeMap, BTreeSet};

use super::{Line, Report, Tone, aligned};
use crate::diff::{
    cost::Cost,
    permissions::{Grant, Permissions},
    resources::{Resource, What},
    routes::{PUBLIC, Route},
};

mod details;

/// Each resource with what differs in it; functions that only take a new artifact are one line, and so are versions of functions,
/// of which SAM makes a new one where something changed and keeps the old ones.
pub(super) fn resources(report: &Report) -> Vec<Line> {
    let (versions, resources): (Vec<_>, Vec<_>) =
        report.resources.iter().partition(|it| it.resource_type == "AWS::Lambda::Version");
    let (moved, others): (Vec<_>, Vec<_>) = resources.into_iter().partition(|it| it.what == What::Moved);
    let (with_new_code, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|it| details::is_code_only(it));
    let rows: Vec<_> = others.iter().map(|it| (format!("{} {}", sign(it.what), it.logical_id), summary(it))).collect();
    let mut lines = Vec::new();
    for (text, resource) in aligned(&rows).zip(others) {
        lines.push(Line { tone: tone(resource.what), text });
        lines.extend(details::of(resource, report));
    }
    lines.extend(details::moved(&moved));
    if !with_new_code.is_empty() {
        let count = with_new_code.len();
        let functions = if count == 1 { "function takes" } else { "functions take" };
        lines.push(Line {
            tone: Tone::Changed,
            text: format!("{} {count} {functions} the new code", sign(What::Changed)),
        });
    }
    let count = versions.iter().filter(|it| it.what == What::Added).count();
    if count > 0 {
        let functions = if count == 1 { "function has" } else { "functions have" };
        lines.push(Line {
            tone: Tone::Added,
            text: format!("{} {count} {functions} a new version, behind its alias", sign(What::Added)),
        });
    }
    lines
}

fn sign(what: What) -> &'static str {
    match what {
        What::Replaced | What::PerhapsReplaced => "-/+",
        What::Removed => "-  ",
        What::Moved | What::Changed => "~  ",
        What::Added | What::Imported => "+  ",
    }
}

fn tone(what: What) -> Tone {
    match what {
        What::Replaced | What::PerhapsReplaced => Tone::Grave,
        What::Removed => Tone::Removed,
        What::Moved | What::Changed => Tone::Changed,
        What::Added | What::Imported => Tone::Added,
    }
}

fn summary(resource: &Resource) -> String {
    let fate = if resource.is_kept { "stays, outside the stack" } else { "is deleted" };
    let name = resource.physical_id.as_deref().unwrap_or("the old one");
    match resource.what {
        What::Replaced => format!("{}  REPLACED by a new one; {name} {fate}", resource.resource_type),
        What::PerhapsReplaced => {
            format!("{}  PERHAPS REPLACED by a new one; {name} then {fate}", resource.resource_type)
        }
        What::Removed => format!("{}  removed; {name} {fate}", resource.resource_type),
        What::Imported => format!("{}  imported", resource.resource_type),
        What::Moved | What::Changed | What::Added => resource.resource_type.clone(),
    }
}

/// What each function may do that it could not, and could do that it may not; the actions on a resource in one line.
pub(super) fn permissions(permissions: &[Permissions]) -> Vec<Line> {
    let mut lines = Vec::new();
    for permissions in permissions {
        lines.push(Line { tone: Tone::Plain, text: permissions.of.clone() });
        lines.extend(grants('+', Tone::Added, &permissions.gained));
        lines.extend(grants('-', Tone::Removed, &permissions.lost));
    }
    lines
}

fn grants(sign: char, tone: Tone, grants: &BTreeSet<Grant>) -> impl Iterator<Item = Line> {
    let mut actions: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for grant in grants {
        actions.entry((&grant.resource, &grant.effect, &grant.condition)).or_default().push(&grant.action);
    }
    actions.into_iter().map(move |((resource, effect, condition), actions)| {
        let denied = if effect == "Deny" { "denied: " } else { "" };
        let condition = condition.as_ref().map(|condition| format!(" if {condition}")).unwrap_or_default();
        Line { tone, text: format!("  {sign} {denied}{} on {resource}{condition}", actions.join(", ")) }
    })
}

/// Who may call what.
pub(super) fn routes(routes: &[Route]) -> Vec<Line> {
    let rows: Vec<_> = routes.iter().map(|it| (format!("{} {}", route_sign(it), it.route), auth(it))).collect();
    aligned(&rows).zip(routes).map(|(text, route)| Line { tone: route_tone(route), text }).collect()
}

fn route_sign(route: &Route) -> char {
    match (&route.before, &route.after) {
        (None, _) => '+',
        (_, None) => '-',
        _ => '~',
    }
}

fn route_tone(route: &Route) -> Tone {
    match route_sign(route) {
        _ if route.becomes_public && route.before.is_some() => Tone::Grave,
        '+' => Tone::Added,
        '-' => Tone::Removed,
        _ => Tone::Changed,
    }
}

fn auth(route: &Route) -> String {
    match (&route.before, &route.after) {
        (Some(before), Some(_)) if route.becomes_public => {
            format!("{before} \u{2192} {PUBLIC}: EVERYBODY may call it now")
        }
        (Some(before), Some(after)) => format!("{before} \u{2192} {after}"),
        (None, Some(after)) if route.becomes_public => format!("{after}: everybody may call it"),
        (None, Some(only)) | (Some(only), None) => only.clone(),
        (None, None) => String::new(),
    }
}

/// What is paid without any use: the things whose cost changes, and all of them.
pub(super) fn cost(cost: &Cost) -> Vec<Line> {
    let differing = cost.lines.iter().filter(|it| dollars(it.dollars_before, 0.0) != dollars(it.dollars_after, 0.0));
    let mut rows: Vec<_> =
        differing.map(|it| (it.what.clone(), dollars(it.dollars_before, it.dollars_after))).collect();
    rows.push(("all that is provisioned".into(), dollars(cost.dollars_before, cost.dollars_after)));
    let mut lines: Vec<_> = aligned(&rows).map(|text| Line { tone: Tone::Plain, text }).collect();
    if !cost.not_counted.is_empty() {
        lines.push(Line { tone: Tone::Changed, text: format!("not counted: {}", cost.not_counted.join(", ")) });
    }
    let basis = format!(
        "({}, {}; capacity that scales at its least; requests, storage, logs and transfer are by use)",
        cost.region, cost.prices_of
    );
    lines.push(Line { tone: Tone::Plain, text: basis });
    lines
}

fn dollars(before: f64, after: f64) -> String {
    let (before, after) = (format!("${before:.2}"), format!("${after:.2}"));
    if before == after { after } else { format!("{before} \u{2192} {after}") }
}
