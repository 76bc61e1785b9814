use std::path::Path;

use serde_json::{Map, Value, json};
use skyloom_manifest::{
    Auth, Body, Function, Integration, Manifest, Operation, Parameter, Place,
    rules::{PathTemplate, Segment},
};

use super::{
    document::present,
    responses::{self, Shared},
};
use crate::template::integration_model;

/// Headers that OpenAPI describes elsewhere: a parameter of that name is ignored.
const ELSEWHERE: [&str; 3] = ["accept", "authorization", "content-type"];

/// The operation of a route, without its id and without who may call.
pub(super) fn operation(function: &Function, path: &str, auth: &Auth, shared: &Shared) -> Value {
    let unknown = Operation::default();
    let known = function.operation.as_deref().unwrap_or(&unknown);
    let (summary, description) = texts(function.description.as_deref(), auth);
    let parameters = parameters(known, path);
    present([
        ("operationId", Some(function.name.clone().into())),
        ("summary", summary.map(Into::into)),
        ("description", description.map(Into::into)),
        ("tags", tag(&function.source.file).map(|tag| json!([tag]))),
        ("parameters", (!parameters.is_empty()).then_some(Value::Array(parameters))),
        ("requestBody", known.body.as_ref().map(body)),
        ("responses", Some(responses::responses(function.operation.as_deref(), auth, shared))),
    ])
}

/// The operation of a route without a function, of which the API itself knows what it takes and answers.
pub(super) fn of_integration(manifest: &Manifest, integration: &Integration, shared: &Shared) -> Value {
    let (summary, description) = texts(integration.description.as_deref(), &integration.auth);
    let parameters = parameters(&Operation::default(), &integration.path);
    let body = integration_model(manifest, integration)
        .map(|schema| json!({"required": true, "content": {"application/json": {"schema": schema}}}));
    present([
        ("operationId", Some(integration.name.clone().into())),
        ("summary", summary.map(Into::into)),
        ("description", description.map(Into::into)),
        ("tags", tag(&integration.source.file).map(|tag| json!([tag]))),
        ("parameters", (!parameters.is_empty()).then_some(Value::Array(parameters))),
        ("requestBody", body),
        ("responses", Some(responses::of_integration(integration, shared))),
    ])
}

/// The doc comment's first paragraph, and the others with what no field of OpenAPI says.
fn texts(documentation: Option<&str>, auth: &Auth) -> (Option<String>, Option<String>) {
    let text = documentation.unwrap_or_default();
    let (first, rest) = text.split_once("\n\n").unwrap_or((text, ""));
    let summary = first.lines().collect::<Vec<_>>().join(" ");
    let mut paragraphs = Vec::new();
    if !rest.trim().is_empty() {
        paragraphs.push(rest.trim().to_owned());
    }
    if let Auth::UserPool { groups, .. } = auth
        && !groups.is_empty()
    {
        let names: Vec<_> = groups.iter().map(|group| format!("`{group}`")).collect();
        paragraphs.push(format!("Only for users in the group {}.", names.join(" or ")));
    }
    let some = |text: String| (!text.is_empty()).then_some(text);
    (some(summary.trim_end_matches('.').to_owned()), some(paragraphs.join("\n\n")))
}

/// The handler's module, by its file: `orders` of `src/orders.rs` and of `src/orders/mod.rs`.
fn tag(file: &str) -> Option<String> {
    let path = Path::new(file);
    let name = match path.file_stem()?.to_str()? {
        "mod" => path.parent()?.file_name()?.to_str()?,
        stem => stem,
    };
    (!["lib", "main", "src"].contains(&name)).then(|| name.to_owned())
}

/// What the arguments take, and the path's parameters that none of them does.
fn parameters(known: &Operation, path: &str) -> Vec<Value> {
    let template = PathTemplate::parse(path).ok();
    let segments = template.as_ref().map(PathTemplate::segments).unwrap_or_default();
    let of_path = segments.iter().filter_map(|segment| match segment {
        Segment::Literal(_) => None,
        Segment::Parameter(name) => Some((name, None)),
        Segment::Rest(name) => Some((name, Some("All that follows, slashes too."))),
    });
    let of_path = of_path.map(|(name, note)| {
        let known = known.parameters.iter().find(|it| it.place == Place::Path && it.name == *name);
        match known {
            Some(known) => parameter(known, note),
            None => present([
                ("name", Some(name.as_str().into())),
                ("in", Some("path".into())),
                ("required", Some(true.into())),
                ("description", note.map(Into::into)),
                ("schema", Some(json!({"type": "string"}))),
            ]),
        }
    });
    let is_here = |it: &&Parameter| match it.place {
        Place::Path => false,
        Place::Query => true,
        Place::Header => !ELSEWHERE.contains(&it.name.as_str()),
    };
    of_path.chain(known.parameters.iter().filter(is_here).map(|it| parameter(it, None))).collect()
}

fn parameter(parameter: &Parameter, note: Option<&str>) -> Value {
    present([
        ("name", Some(parameter.name.as_str().into())),
        ("in", Some(parameter.place.as_str().into())),
        ("required", parameter.required.then_some(true.into())),
        ("description", parameter.description.as_deref().or(note).map(Into::into)),
        ("schema", Some(Value::Object(parameter.schema.clone()))),
    ])
}

fn body(body: &Body) -> Value {
    present([
        ("required", body.required.then_some(true.into())),
        ("content", Some(content([(body.content_type.as_str(), &body.schema)]))),
    ])
}

/// Contents by their media type; a schema of which nothing is known is left out.
pub(super) fn content<'a>(contents: impl IntoIterator<Item = (&'a str, &'a Map<String, Value>)>) -> Value {
    let entry = |schema: &Map<String, Value>| match schema.is_empty() {
        true => json!({}),
        false => json!({"schema": schema}),
    };
    contents.into_iter().map(|(kind, schema)| (kind.to_owned(), entry(schema))).collect::<Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_module_of_the_handler() {
        let tags = ["src/orders.rs", "app/src/orders/mod.rs", "src/lib.rs", "src/main.rs"].map(tag);
        assert_eq!(tags, [Some("orders".into()), Some("orders".into()), None, None]);
    }
}
