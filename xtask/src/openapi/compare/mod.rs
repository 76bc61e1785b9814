//! What a change of an API means for those who call it.
//!
//! A request that fitted has to fit still, so nothing may be asked for that was not; a reply has to be what callers have
//! learnt to read, so nothing may come that did not, and nothing stay away. The rest is worth a note.

mod operation;
mod schema;
mod security;
mod source;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use self::source::Source;

/// One difference between two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Whether a caller who relied on the older document can fail.
    pub(super) breaks: bool,
    /// `POST /orders request body: `total_cents``
    place: String,
    what: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.what)
    }
}

/// The differences as they are found.
#[derive(Debug, Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn breaking(&mut self, place: &str, what: impl Into<String>) {
        self.add(true, place, what);
    }

    fn note(&mut self, place: &str, what: impl Into<String>) {
        self.add(false, place, what);
    }

    fn add(&mut self, breaks: bool, place: &str, what: impl Into<String>) {
        let change = Change { breaks, place: place.into(), what: what.into() };
        // A reference in several forms of one place says the same of it several times.
        if !self.0.contains(&change) {
            self.0.push(change);
        }
    }
}

/// Both documents; references are into these.
#[derive(Clone, Copy)]
struct Documents<'a> {
    old: Source<'a>,
    new: Source<'a>,
}

/// All differences, in the order of paths.
pub(super) fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let documents = Documents { old: Source(old), new: Source(new) };
    let (before, after) = (operations(documents.old), operations(documents.new));
    let mut changes = Changes::default();
    for (key, old) in &before {
        match after.get(key) {
            Some(new) => operation::compare(documents, old, new, &mut changes),
            None => changes.breaking(&old.name, "is no longer there"),
        }
    }
    for (_, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
        changes.note(&new.name, "is new");
    }
    changes.0
}

/// An operation with what its path says for all of them.
struct Operation<'a> {
    /// `POST /orders/{id}`
    name: String,
    /// The names of the path's parameters, in its order.
    path_parameters: Vec<String>,
    shared: &'a Value,
    own: &'a Value,
}

const METHODS: [&str; 8] = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

/// By their path, in which parameters have no names, since no request has these, and their method.
fn operations(document: Source<'_>) -> BTreeMap<(String, &'static str), Operation<'_>> {
    let mut operations = BTreeMap::new();
    for (path, item) in document.0["paths"].as_object().into_iter().flatten() {
        let item = document.resolve(item);
        let (shape, path_parameters) = anonymous(path);
        for method in METHODS {
            let Some(own) = item.get(method) else { continue };
            let name = format!("{} {path}", method.to_uppercase());
            let shared = item.get("parameters").unwrap_or(&Value::Null);
            let operation = Operation { name, path_parameters: path_parameters.clone(), shared, own };
            operations.insert((shape.clone(), method), operation);
        }
    }
    operations
}

/// `/orders/{}/lines/{}` and the names that were there.
fn anonymous(path: &str) -> (String, Vec<String>) {
    let (mut shape, mut names, mut rest) = (String::new(), Vec::new(), path);
    while let Some((before, name, after)) =
        rest.split_once('{').and_then(|(before, it)| it.split_once('}').map(|(name, after)| (before, name, after)))
    {
        shape += before;
        shape += "{}";
        names.push(name.to_owned());
        rest = after;
    }
    (shape + rest, names)
}
