//! A template as it is compared: what its globals say is in its resources.

use serde_json::{Map, Value};

/// One that is not there has no resources.
#[derive(Clone, Copy)]
pub(super) struct Template<'a>(Option<&'a Value>);

impl<'a> Template<'a> {
    pub(super) fn new(template: Option<&'a Value>) -> Self {
        Self(template)
    }

    pub(super) fn resources(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let resources = self.0.and_then(|template| template["Resources"].as_object());
        resources.into_iter().flatten().map(|(id, resource)| (id.as_str(), resource))
    }

    pub(super) fn resource(self, id: &str) -> Option<&'a Value> {
        self.0?.get("Resources")?.get(id)
    }

    /// Those whose type is one of these.
    pub(super) fn of_types(self, types: &[&str]) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.resources().filter(move |(_, resource)| types.contains(&kind(resource)))
    }

    /// The properties of a resource with what the globals say of all of its type; nothing, if it is not there.
    pub(super) fn properties(self, id: &str) -> Value {
        let Some(resource) = self.resource(id) else { return Value::Null };
        let own = resource.get("Properties").cloned().unwrap_or_else(|| Map::new().into());
        let globals = kind(resource).strip_prefix("AWS::Serverless::").and_then(|name| self.0?["Globals"].get(name));
        globals.map_or_else(|| own.clone(), |globals| over(own.clone(), globals))
    }
}

/// The type of a resource.
pub(super) fn kind(resource: &Value) -> &str {
    resource["Type"].as_str().unwrap_or_default()
}

/// SAM's rule: maps are merged, lists joined but for one, and of all else the resource's own is taken.
fn over(own: Value, global: &Value) -> Value {
    match (own, global) {
        (Value::Object(mut own), Value::Object(global)) => {
            for (key, value) in global {
                let merged = match own.remove(key) {
                    Some(own) if key == "Architectures" => own,
                    Some(own) => over(own, value),
                    None => value.clone(),
                };
                own.insert(key.clone(), merged);
            }
            Value::Object(own)
        }
        (Value::Array(own), Value::Array(global)) => global.iter().cloned().chain(own).collect(),
        (own, _) => own,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_function_has_what_the_globals_say_unless_it_says_another_thing() {
        let template = json!({
            "Globals": {"Function": {
                "MemorySize": 256, "Timeout": 3, "Layers": ["a"], "Architectures": ["arm64"],
                "Environment": {"Variables": {"A": "1", "B": "1"}},
            }},
            "Resources": {
                "F": {"Type": "AWS::Serverless::Function", "Properties": {
                    "Timeout": 9, "Layers": ["b"], "Architectures": ["x86_64"], "Environment": {"Variables": {"B": "2"}},
                }},
                "T": {"Type": "AWS::DynamoDB::Table"},
            },
        });
        let template = Template::new(Some(&template));
        let expected = json!({
            "MemorySize": 256, "Timeout": 9, "Layers": ["a", "b"], "Architectures": ["x86_64"], "Environment": {"Variables": {"A": "1", "B": "2"}},
        });
        assert_eq!(template.properties("F"), expected);
        assert_eq!(template.properties("T"), json!({}));
        assert_eq!(template.properties("X"), Value::Null);
    }
}
