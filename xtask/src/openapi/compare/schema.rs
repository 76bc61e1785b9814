//! Two schemas of one place. Each rule finds out whether fewer values fit than did, or more: the first breaks requests, the
//! second replies.

mod limits;
mod types;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Changes, Documents, source::is_null};

/// Whose values a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Reply,
}

/// Which values fit now, beside those that did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Fewer,
    More,
    Others,
}

/// What is known while two schemas are compared.
struct Comparison<'a> {
    documents: Documents<'a>,
    direction: Direction,
    changes: &'a mut Changes,
    /// The references that lead here: the same ones again are a cycle.
    stack: Vec<(Vec<String>, Vec<String>)>,
}

pub(super) fn compare(
    documents: Documents<'_>,
    direction: Direction,
    (old, new): (&Value, &Value),
    place: &str,
    changes: &mut Changes,
) {
    Comparison { documents, direction, changes, stack: Vec::new() }.schemas(old, new, &At::root(place));
}

/// A place inside of a body: `POST /orders request body` and `lines[].price`.
struct At {
    root: String,
    path: String,
}

impl At {
    fn root(place: &str) -> Self {
        Self { root: place.into(), path: String::new() }
    }

    fn property(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { root: self.root.clone(), path }
    }

    fn element(&self, which: &str) -> Self {
        Self { root: self.root.clone(), path: format!("{}[{which}]", self.path) }
    }

    fn text(&self) -> String {
        if self.path.is_empty() { self.root.clone() } else { format!("{}: `{}`", self.root, self.path) }
    }
}

impl Comparison<'_> {
    fn schemas(&mut self, old: &Value, new: &Value, at: &At) {
        let ((old, from), (new, to)) = (self.documents.old.schema(old), self.documents.new.schema(new));
        let is_cycle = !from.is_empty() && self.stack.contains(&(from.clone(), to.clone()));
        if is_cycle {
            return;
        }
        self.stack.push((from, to));
        if self.types(&old, &new, at) {
            self.values(&old, &new, at);
            self.forms(&old, &new, at);
            // Forms on one side alone have been compared with all that the other is.
            if forms(&old).is_empty() == forms(&new).is_empty() {
                self.limits(&old, &new, at);
                self.properties(&old, &new, at);
                self.elements(&old, &new, at);
            }
        }
        self.stack.pop();
    }

    fn report(&mut self, effect: Effect, at: &At, what: impl Into<String>) {
        let breaks = match (effect, self.direction) {
            (Effect::Others, _) | (Effect::Fewer, Direction::Request) | (Effect::More, Direction::Reply) => true,
            (Effect::More, Direction::Request) | (Effect::Fewer, Direction::Reply) => false,
        };
        self.changes.add(breaks, &at.text(), what);
    }

    fn properties(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &At) {
        let (before, after) = (object(old, "properties"), object(new, "properties"));
        let (needed, needs) = (required(old), required(new));
        for (name, schema) in &before {
            let at = at.property(name);
            let Some(other) = after.get(name) else {
                let is_refused = self.direction == Direction::Reply || is_closed(new);
                self.changes.add(is_refused, &at.text(), "is no longer there");
                continue;
            };
            match (needed.contains(name), needs.contains(name)) {
                (false, true) => self.report(Effect::Fewer, &at, "is required now"),
                (true, false) => self.report(Effect::More, &at, "is no longer required"),
                _ => {}
            }
            self.schemas(schema, other, &at);
        }
        for name in after.keys().filter(|name| !before.contains_key(*name)) {
            let at = at.property(name);
            match needs.contains(name) && !needed.contains(name) {
                true => self.report(Effect::Fewer, &at, "is new and required"),
                false => self.changes.note(&at.text(), "is new"),
            }
        }
        if is_closed(new) && !is_closed(old) {
            self.report(Effect::Fewer, at, "may have no other properties any more");
        }
        if let (Some(one @ Value::Object(_)), Some(other @ Value::Object(_))) =
            (old.get("additionalProperties"), new.get("additionalProperties"))
        {
            self.schemas(one, other, &at.property("*"));
        }
    }

    fn elements(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &At) {
        if let (Some(old), Some(new)) = (old.get("items"), new.get("items")) {
            self.schemas(old, new, &at.element(""));
        }
        let (before, after) = (list(old, "prefixItems"), list(new, "prefixItems"));
        for (number, (old, new)) in before.iter().zip(&after).enumerate() {
            self.schemas(old, new, &at.element(&number.to_string()));
        }
    }

    /// The alternatives of `oneOf` and `anyOf`. Each has to fit into another; if one is left on both sides, it has changed.
    fn forms(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &At) {
        let (before, after) = (forms(old), forms(new));
        let is_list = |schema, forms: &[Value]| forms.is_empty() || types::values(schema).is_some();
        if is_list(old, &before) && is_list(new, &after) {
            return; // values or none, which have been compared
        }
        let (before, after) = (or_itself(before, old), or_itself(after, new));
        let gone: Vec<_> = before.iter().filter(|it| !after.iter().any(|other| self.fits(it, other))).collect();
        let come: Vec<_> = after.iter().filter(|it| !before.iter().any(|other| self.fits_back(it, other))).collect();
        match (&gone[..], &come[..]) {
            ([old], [new]) => self.schemas(old, new, at),
            _ => {
                gone.iter().for_each(|_| self.report(Effect::Fewer, at, "has lost one of its forms"));
                come.iter().for_each(|_| self.report(Effect::More, at, "has one more form"));
            }
        }
    }

    /// Whether all values of an old schema fit a new one.
    fn fits(&self, old: &Value, new: &Value) -> bool {
        self.is_harmless(Direction::Request, old, new)
    }

    /// Whether all values of a new schema fit an old one.
    fn fits_back(&self, new: &Value, old: &Value) -> bool {
        self.is_harmless(Direction::Reply, old, new)
    }

    fn is_harmless(&self, direction: Direction, old: &Value, new: &Value) -> bool {
        let (mut changes, stack) = (Changes::default(), self.stack.clone());
        let mut trial = Comparison { documents: self.documents, direction, changes: &mut changes, stack };
        trial.schemas(old, new, &At::root(""));
        changes.0.iter().all(|change| !change.breaks)
    }
}

/// The alternatives; that something may be null is its type's.
fn forms(schema: &Map<String, Value>) -> Vec<Value> {
    let lists = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key)?.as_array());
    lists.flatten().filter(|it| !is_null(it)).cloned().collect()
}

/// The only form of a schema without alternatives, which is not `null`.
fn or_itself(forms: Vec<Value>, schema: &Map<String, Value>) -> Vec<Value> {
    if !forms.is_empty() {
        return forms;
    }
    let mut only = schema.clone();
    only.remove("nullable");
    if let Some(Value::Array(types)) = only.get_mut("type") {
        types.retain(|it| it != "null");
    }
    vec![only.into()]
}

fn object(schema: &Map<String, Value>, key: &str) -> Map<String, Value> {
    schema.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn list(schema: &Map<String, Value>, key: &str) -> Vec<Value> {
    schema.get(key).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn required(schema: &Map<String, Value>) -> BTreeSet<String> {
    list(schema, "required").iter().filter_map(Value::as_str).map(Into::into).collect()
}

fn is_closed(schema: &Map<String, Value>) -> bool {
    schema.get("additionalProperties") == Some(&Value::Bool(false))
}
