use serde_json::{Map, Value};

use super::{At, Comparison, Effect};

/// Limits that let more through the smaller they are.
const LOWER: [&str; 5] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
/// Limits that let more through the larger they are.
const UPPER: [&str; 5] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
/// Limits that cannot be compared: another one lets other values through.
const EITHER: [&str; 3] = ["pattern", "format", "multipleOf"];

impl Comparison<'_> {
    pub(super) fn limits(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &At) {
        for key in LOWER.into_iter().chain(UPPER) {
            let [before, after] = [old, new].map(|schema| schema.get(key).filter(|it| it.is_number()));
            self.limit(key, before, after, at, |before, after| (after > before) == LOWER.contains(&key));
        }
        for key in EITHER {
            let (before, after) = (old.get(key), new.get(key));
            let effect = match (before, after) {
                (before, after) if before == after => continue,
                (None, _) => Effect::Fewer,
                (_, None) => Effect::More,
                (Some(_), Some(_)) => Effect::Others,
            };
            self.report(effect, at, sentence(key, before, after));
        }
        let is_set = |schema: &Map<String, Value>| schema.get("uniqueItems") == Some(&Value::Bool(true));
        match (is_set(old), is_set(new)) {
            (false, true) => self.report(Effect::Fewer, at, "may have no element twice any more"),
            (true, false) => self.report(Effect::More, at, "may have an element twice"),
            _ => {}
        }
    }

    fn limit(
        &mut self,
        key: &str,
        before: Option<&Value>,
        after: Option<&Value>,
        at: &At,
        is_tighter: impl Fn(f64, f64) -> bool,
    ) {
        let number = |it: Option<&Value>| it.and_then(Value::as_f64);
        let effect = match (number(before), number(after)) {
            (before, after) if before == after => return,
            (None, _) => Effect::Fewer,
            (_, None) => Effect::More,
            (Some(before), Some(after)) if is_tighter(before, after) => Effect::Fewer,
            _ => Effect::More,
        };
        self.report(effect, at, sentence(key, before, after));
    }
}

fn sentence(key: &str, before: Option<&Value>, after: Option<&Value>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("has `{key}` {after}, which was {before}"),
        (None, Some(after)) => format!("has the new `{key}` {after}"),
        (Some(before), None) => format!("no longer has the `{key}` {before}"),
        (None, None) => String::new(),
    }
}
