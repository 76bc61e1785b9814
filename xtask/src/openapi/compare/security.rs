use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Changes, Documents, source::Source};

/// What has to be shown all at once: scopes by scheme.
type Credentials = BTreeMap<String, BTreeSet<String>>;

/// A caller who was let in has to be let in: one of the new alternatives asks for no more than the one that was met.
pub(super) fn compare(documents: Documents<'_>, old: &Value, new: &Value, name: &str, changes: &mut Changes) {
    let (before, after) = (alternatives(documents.old, old), alternatives(documents.new, new));
    let is_met = |shown: &Credentials, asked: &[Credentials]| asked.iter().any(|it| asks_for_no_more(it, shown));
    let place = format!("{name} security");
    for shown in before.iter().filter(|it| !is_met(it, &after)) {
        changes.breaking(&place, format!("no longer lets in callers with {}", words(shown)));
    }
    for shown in after.iter().filter(|it| !is_met(it, &before)) {
        changes.note(&place, format!("lets in callers with {}", words(shown)));
    }
    for scheme in before.iter().flat_map(BTreeMap::keys).collect::<BTreeSet<_>>() {
        let of = |document: Source<'_>| {
            let scheme = document.resolve(&document.0["components"]["securitySchemes"][scheme.as_str()]).clone();
            ["type", "scheme", "in", "name", "openIdConnectUrl"].map(|key| scheme[key].clone())
        };
        if after.iter().any(|it| it.contains_key(scheme)) && of(documents.old) != of(documents.new) {
            changes.breaking(&place, format!("has another kind of `{scheme}`"));
        }
    }
}

/// The alternatives of an operation, or of the document; one that asks for nothing if there are none.
fn alternatives(document: Source<'_>, operation: &Value) -> Vec<Credentials> {
    let list = operation.get("security").or_else(|| document.0.get("security"));
    let scopes = |it: &Value| it.as_array().into_iter().flatten().filter_map(Value::as_str).map(Into::into).collect();
    let credentials = |it: &Value| {
        it.as_object().into_iter().flatten().map(|(scheme, list)| (scheme.clone(), scopes(list))).collect()
    };
    let found: Vec<Credentials> = list.and_then(Value::as_array).into_iter().flatten().map(credentials).collect();
    if found.is_empty() { vec![Credentials::new()] } else { found }
}

fn asks_for_no_more(asked: &Credentials, shown: &Credentials) -> bool {
    asked.iter().all(|(scheme, scopes)| shown.get(scheme).is_some_and(|has| scopes.is_subset(has)))
}

fn words(credentials: &Credentials) -> String {
    if credentials.is_empty() {
        return "no credentials".into();
    }
    let word = |(scheme, scopes): (&String, &BTreeSet<String>)| match scopes.iter().cloned().collect::<Vec<_>>() {
        none if none.is_empty() => format!("`{scheme}`"),
        some => format!("`{scheme}` of scope `{}`", some.join(" ")),
    };
    credentials.iter().map(word).collect::<Vec<_>>().join(" and ")
}
