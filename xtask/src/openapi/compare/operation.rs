use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Changes, Documents, Operation,
    schema::{self, Direction},
    security,
    source::Source,
};

pub(super) fn compare(documents: Documents<'_>, old: &Operation<'_>, new: &Operation<'_>, changes: &mut Changes) {
    let name = &new.name;
    if let (Some(before), Some(after)) = (old.own["operationId"].as_str(), new.own["operationId"].as_str())
        && before != after
    {
        changes.note(name, format!("was called `{before}` and is called `{after}`"));
    }
    security::compare(documents, old.own, new.own, name, changes);
    parameters(documents, old, new, changes);
    body(documents, old, new, changes);
    responses(documents, old, new, changes);
}

/// By place and name; those of a path by their position in it.
fn parameters(documents: Documents<'_>, old: &Operation<'_>, new: &Operation<'_>, changes: &mut Changes) {
    let (before, after) = (by_name(documents.old, old), by_name(documents.new, new));
    for (key, (label, old)) in &before {
        let place = format!("{} {label}", new.name);
        let Some((_, new)) = after.get(key) else {
            changes.breaking(&place, "is no longer taken");
            continue;
        };
        match (is_required(old), is_required(new)) {
            (false, true) => changes.breaking(&place, "is required now"),
            (true, false) => changes.note(&place, "is no longer required"),
            _ => {}
        }
        schema::compare(documents, Direction::Request, (&old["schema"], &new["schema"]), &place, changes);
    }
    for (key, (label, parameter)) in &after {
        if !before.contains_key(key) {
            let place = format!("{} {label}", new.name);
            match is_required(parameter) {
                true => changes.breaking(&place, "is new and required"),
                false => changes.note(&place, "is new"),
            }
        }
    }
}

type Parameters<'a> = BTreeMap<(String, String), (String, &'a Value)>;

fn by_name<'a>(document: Source<'a>, operation: &Operation<'a>) -> Parameters<'a> {
    let lists = [operation.shared, &operation.own["parameters"]];
    let all = lists.into_iter().filter_map(Value::as_array).flatten().map(|it| document.resolve(it));
    all.filter_map(|parameter| {
        let (place, name) = (parameter["in"].as_str()?, parameter["name"].as_str()?);
        let position = operation.path_parameters.iter().position(|it| it == name);
        let key = match (place, position) {
            ("path", Some(position)) => position.to_string(),
            ("header", _) => name.to_lowercase(),
            _ => name.to_owned(),
        };
        Some(((place.to_owned(), key), (format!("{place} parameter `{name}`"), parameter)))
    })
    .collect()
}

fn is_required(value: &Value) -> bool {
    value["required"] == true
}

fn body(documents: Documents<'_>, old: &Operation<'_>, new: &Operation<'_>, changes: &mut Changes) {
    let before = documents.old.resolve(&old.own["requestBody"]);
    let after = documents.new.resolve(&new.own["requestBody"]);
    let place = format!("{} request body", new.name);
    match (before.is_object(), after.is_object()) {
        (false, false) => return,
        (true, false) => return changes.note(&place, "is no longer read"),
        (false, true) if is_required(after) => return changes.breaking(&place, "is new and required"),
        (false, true) => return changes.note(&place, "is new"),
        (true, true) => {}
    }
    match (is_required(before), is_required(after)) {
        (false, true) => changes.breaking(&place, "is required now"),
        (true, false) => changes.note(&place, "is no longer required"),
        _ => {}
    }
    contents(documents, Direction::Request, (before, after), &place, changes);
}

fn responses(documents: Documents<'_>, old: &Operation<'_>, new: &Operation<'_>, changes: &mut Changes) {
    let (before, after) = (&old.own["responses"], &new.own["responses"]);
    for (status, old) in before.as_object().into_iter().flatten() {
        let place = format!("{} response {status}", new.name);
        match after.get(status) {
            Some(new) => {
                let both = (documents.old.resolve(old), documents.new.resolve(new));
                headers(both, &place, changes);
                contents(documents, Direction::Reply, both, &place, changes);
            }
            // A caller has to live with any failure.
            None => changes.add(!status.starts_with(['4', '5']), &place, "does not come any more"),
        }
    }
    for (status, _) in after.as_object().into_iter().flatten().filter(|(status, _)| before.get(status).is_none()) {
        changes.note(&format!("{} response {status}", new.name), "is new");
    }
}

/// A header that always came has to come.
fn headers((old, new): (&Value, &Value), place: &str, changes: &mut Changes) {
    for (name, header) in old["headers"].as_object().into_iter().flatten() {
        if new["headers"].get(name).is_none() {
            changes.add(is_required(header), &format!("{place} header `{name}`"), "does not come any more");
        }
    }
}

fn contents(
    documents: Documents<'_>,
    direction: Direction,
    (old, new): (&Value, &Value),
    place: &str,
    changes: &mut Changes,
) {
    let (before, after) = (media_types(old), media_types(new));
    for (kind, old) in &before {
        match after.get(kind).or_else(|| after.get("*/*").filter(|_| direction == Direction::Request)) {
            Some(new) => schema::compare(documents, direction, (&old["schema"], &new["schema"]), place, changes),
            None => changes.breaking(place, format!("is no longer `{kind}`")),
        }
    }
    for kind in after.keys().filter(|kind| !before.contains_key(*kind)) {
        changes.note(place, format!("may be `{kind}`"));
    }
}

/// Without their parameters: a charset is no other type.
fn media_types(value: &Value) -> BTreeMap<String, &Value> {
    let contents = value["content"].as_object().into_iter().flatten();
    contents.map(|(kind, it)| (kind.split(';').next().unwrap_or_default().trim().to_lowercase(), it)).collect()
}
