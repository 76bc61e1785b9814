use serde_json::{Map, Value};

/// A document, in which references are looked up.
#[derive(Clone, Copy)]
pub(super) struct Source<'a>(pub(super) &'a Value);

/// More references one after the other are a cycle, which stands for nothing.
const MOST: usize = 32;

impl<'a> Source<'a> {
    /// What a reference refers to, or the value itself.
    pub(super) fn resolve(self, value: &'a Value) -> &'a Value {
        let mut found = value;
        for _ in 0..MOST {
            match found["$ref"].as_str() {
                Some(reference) => found = self.find(reference),
                None => return found,
            }
        }
        &Value::Null
    }

    /// A schema with what it refers to and all parts of an `allOf` in one, and the references that were followed.
    pub(super) fn schema(self, value: &Value) -> (Map<String, Value>, Vec<String>) {
        let (mut whole, mut followed) = (Map::new(), Vec::new());
        self.gather(value, &mut whole, &mut followed);
        // A choice of something and `null` is that, and may be null.
        while let Some(only) = only_form(&mut whole) {
            self.gather(&only, &mut whole, &mut followed);
            whole.insert("nullable".into(), true.into());
        }
        (whole, followed)
    }

    fn gather(self, value: &Value, whole: &mut Map<String, Value>, followed: &mut Vec<String>) {
        let Some(map) = value.as_object() else { return };
        if let Some(reference) = map.get("$ref").and_then(Value::as_str)
            && followed.iter().all(|it| it != reference)
        {
            followed.push(reference.to_owned());
            self.gather(self.find(reference), whole, followed);
        }
        for part in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.gather(part, whole, followed);
        }
        for (key, value) in map.iter().filter(|(key, _)| !["$ref", "allOf"].contains(&key.as_str())) {
            match (whole.get_mut(key), value) {
                (Some(Value::Object(known)), Value::Object(more)) if key == "properties" => known.extend(more.clone()),
                (Some(Value::Array(known)), Value::Array(more)) if key == "required" => known.extend(more.clone()),
                _ => _ = whole.insert(key.clone(), value.clone()),
            }
        }
    }

    fn find(self, reference: &str) -> &'a Value {
        reference.strip_prefix('#').and_then(|pointer| self.0.pointer(pointer)).unwrap_or(&Value::Null)
    }
}

/// Takes out the form of a choice between one and `null`.
fn only_form(schema: &mut Map<String, Value>) -> Option<Value> {
    let key = ["anyOf", "oneOf"].into_iter().find(|key| {
        let forms = schema.get(*key).and_then(Value::as_array);
        forms.is_some_and(|forms| forms.len() == 2 && forms.iter().filter(|it| is_null(it)).count() == 1)
    })?;
    let forms = schema.remove(key)?;
    forms.as_array()?.iter().find(|it| !is_null(it)).cloned()
}

/// Whether a schema is of `null` alone, in either version of OpenAPI.
pub(super) fn is_null(schema: &Value) -> bool {
    schema["type"] == "null" || schema["enum"].as_array().is_some_and(|values| values[..] == [Value::Null])
}
