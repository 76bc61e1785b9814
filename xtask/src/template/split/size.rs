//! How much is in a template, in what CloudFormation counts.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>

use std::io;

use serde_json::Value;

/// What a stack takes of each.
pub(super) const MOST: Size =
    Size { resources: 500, outputs: 200, parameters: 200, dynamic_references: 60, bytes: 1_000_000 };

/// The parts of a template of which there can be too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// After SAM's transform.
    pub(crate) resources: usize,
    pub(super) outputs: usize,
    pub(super) parameters: usize,
    /// `{{resolve:…}}`, such as that of the cursor key in each function that makes cursors.
    pub(super) dynamic_references: usize,
    /// As it is uploaded.
    pub(super) bytes: usize,
}

impl Size {
    pub(crate) fn of(template: &Value) -> Self {
        let count = |section: &str| template[section].as_object().map_or(0, serde_json::Map::len);
        let resources = template["Resources"].as_object();
        let globals = &template["Globals"]["Function"];
        Self {
            resources: resources.into_iter().flatten().map(|(_, it)| made_of(it, globals)).sum::<usize>()
                + shared(template),
            outputs: count("Outputs"),
            parameters: count("Parameters"),
            dynamic_references: dynamic_references(template),
            bytes: bytes(template),
        }
    }

    /// What is more than a stack takes: how many of what, and how many it takes.
    pub(crate) fn excess(&self) -> Option<(usize, &'static str, usize)> {
        let all = [
            (self.resources, "resources", MOST.resources),
            (self.outputs, "outputs", MOST.outputs),
            (self.parameters, "parameters", MOST.parameters),
            (self.dynamic_references, "dynamic references", MOST.dynamic_references),
            (self.bytes, "bytes of template", MOST.bytes),
        ];
        all.into_iter().find(|(count, _, most)| count > most)
    }

    pub(crate) fn fits(&self) -> bool {
        self.excess().is_none()
    }
}

/// How many resources SAM makes of one.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html>
pub(super) fn made_of(resource: &Value, globals: &Value) -> usize {
    let properties = &resource["Properties"];
    match resource["Type"].as_str().unwrap_or_default() {
        "AWS::Serverless::HttpApi" => 2, // with its stage
        "AWS::Serverless::Api" => 3,     // with a deployment and a stage
        "AWS::Serverless::Function" => {
            let has = |property: &str| !properties[property].is_null() || !globals[property].is_null();
            let makes = [
                ("AutoPublishAlias", 2),
                ("DeploymentPreference", 1),
                ("EventInvokeConfig", 1),
                ("FunctionUrlConfig", 2),
            ];
            let made: usize = makes.iter().filter(|(property, _)| has(property)).map(|(_, count)| count).sum();
            let role = usize::from(!has("Role"));
            let events = properties["Events"].as_object().map_or(0, |events| 2 * events.len());
            1 + made + role + events
        }
        _ => 1,
    }
}

/// What SAM makes once where a function is deployed gradually: CodeDeploy's application and its role.
fn shared(template: &Value) -> usize {
    let is_gradual = |resource: &Value| !resource["Properties"]["DeploymentPreference"].is_null();
    let resources = template["Resources"].as_object();
    let some = resources.into_iter().flatten().any(|(_, it)| is_gradual(it))
        || !template["Globals"]["Function"]["DeploymentPreference"].is_null();
    2 * usize::from(some)
}

pub(super) fn dynamic_references(value: &Value) -> usize {
    match value {
        Value::String(text) => text.matches("{{resolve:").count(),
        Value::Array(values) => values.iter().map(dynamic_references).sum(),
        Value::Object(map) => map.values().map(dynamic_references).sum(),
        _ => 0,
    }
}

/// Written to nowhere: only how long it is matters.
fn bytes(value: &Value) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, value).map_or(usize::MAX, |()| count.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_sam_makes_is_counted() {
        let function = |more: Value| {
            let mut properties = json!({"Role": "r"});
            properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": properties}}})
        };
        assert_eq!(Size::of(&function(json!({}))).resources, 1);
        assert_eq!(Size::of(&function(json!({"AutoPublishAlias": "live"}))).resources, 3);
        let gradual = json!({"AutoPublishAlias": "live", "DeploymentPreference": {"Type": "AllAtOnce"}});
        assert_eq!(Size::of(&function(gradual)).resources, 6);
    }

    #[test]
    fn the_first_thing_that_is_too_much_is_told() {
        let secrets: Vec<_> = (0..61).map(|it| format!("{{{{resolve:ssm:{it}}}}}")).collect();
        let size = Size::of(&json!({"Resources": {"A": {"Properties": {"All": secrets}}}}));
        assert_eq!(size.excess(), Some((61, "dynamic references", 60)));
        assert!(Size::of(&json!({"Resources": {}})).fits());
    }

    #[test]
    fn bytes_are_those_of_the_shortest_json() {
        let value = json!({"a": [1, "\u{e9}"]});
        assert_eq!(bytes(&value), value.to_string().len());
    }
}
