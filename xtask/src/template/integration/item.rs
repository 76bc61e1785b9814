//! Writing an item: the mapping template that makes it of the body, and the model that holds the body to what can be written.
//!
//! A template is filled in by Velocity. Everything that a caller chooses comes into it as JSON, through `$input.json` or escaped, and the model
//! has had each value be of its type before.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html>

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use skyloom_manifest::{
    Integration, ItemShape, Manifest, StoredType, Target,
    rules::{Piece, Selection, Variable},
};

use super::{FAILED, JSON, credentials, intrinsic, name, rest::response};

/// The table's name, what the request does not choose, and whether an item of the same key is overwritten.
type Write<'a> = (&'a str, &'a BTreeMap<String, String>, bool);

pub(super) fn writing(manifest: &Manifest, integration: &Integration, write: Write<'_>) -> Value {
    json!({
        "type": "aws",
        "httpMethod": "POST",
        "credentials": credentials(integration),
        "passthroughBehavior": "never",
        "requestTemplates": {JSON: intrinsic::substitute(request(manifest, write))},
        "responses": {
            "default": response(201, &[], "{}"),
            "4\\d{2}": response(500, &[], REFUSED),
            "5\\d{2}": response(500, &[], FAILED),
        },
        "uri": intrinsic::substitute("arn:${AWS::Partition}:apigateway:${AWS::Region}:dynamodb:action/PutItem"),
    })
}

/// What DynamoDB's refusal of the request is to the caller; another is nobody's fault but the application's.
const REFUSED: &str = concat!(
    "#set($type = $input.path('$.__type'))",
    "#if($type.endsWith('ConditionalCheckFailedException'))#set($context.responseOverride.status = 409){\"message\":\"Conflict\"}",
    "#elseif($type.endsWith('ValidationException'))#set($context.responseOverride.status = 400){\"message\":\"Bad Request\"}",
    "#else{\"message\": \"Internal server error\"}#end",
);

/// Attributes that have to be there, and then those that may, each with the comma before it.
fn request(manifest: &Manifest, (table, set, replace): Write<'_>) -> String {
    let known = manifest.table(table);
    let Some(shape) = known.and_then(|table| table.item.as_ref()) else { return String::new() };
    let mut template = Template::default();
    let chosen: Vec<_> = set.iter().map(|(name, value)| template.chosen(shape, name, value)).collect();
    let members = writable(shape, set);
    let (optional, required): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|(name, _)| shape.optional.contains(*name));
    let required = required.into_iter().map(|(name, kind)| attribute(name, kind));
    let item = chosen.into_iter().chain(required).collect::<Vec<_>>().join(",");
    let optional: String = optional
        .into_iter()
        .map(|(name, kind)| format!("#if($body.containsKey('{name}')),{}#end", attribute(name, kind)))
        .collect();
    let condition = match known.filter(|_| !replace) {
        None => String::new(),
        Some(table) => format!(
            ",\"ConditionExpression\":\"attribute_not_exists(#key)\",\"ExpressionAttributeNames\":{{\"#key\":\"{}\"}}",
            table.partition_key.attribute
        ),
    };
    let before = template.before;
    let id = name::table(table);
    format!(
        "#set($body = $input.path('$')){before}{{\"TableName\":\"${{{id}}}\",\"Item\":{{{item}{optional}}}{condition}}}"
    )
}

/// What a request may say, in the order of names.
fn writable<'a>(shape: &'a ItemShape, set: &BTreeMap<String, String>) -> Vec<(&'a str, StoredType)> {
    let is_writable = |kind: StoredType| matches!(kind, StoredType::S | StoredType::N | StoredType::Bool);
    let members = shape.attributes.iter().filter(|(name, kind)| is_writable(**kind) && !set.contains_key(*name));
    members.map(|(name, kind)| (name.as_str(), *kind)).collect()
}

/// `$input.json` of a string is a string of JSON, and of a number its digits.
fn attribute(name: &str, kind: StoredType) -> String {
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains(['-', '.', ':']);
    let value = if is_word { format!("$input.json('$.{name}')") } else { format!("$input.json(\"$['{name}']\")") };
    match kind {
        StoredType::N => format!("\"{name}\":{{\"N\":\"{value}\"}}"),
        _ => format!("\"{name}\":{{\"{}\":{value}}}", kind.as_str()),
    }
}

/// The variables of a template, which stand before it, so that no text behind one is taken for a part of its name.
#[derive(Default)]
struct Template {
    before: String,
    count: usize,
}

impl Template {
    fn chosen(&mut self, shape: &ItemShape, name: &str, value: &str) -> String {
        let kind = shape.attributes.get(name).copied().unwrap_or(StoredType::S);
        let text = match Selection::parse(value) {
            Ok(selection) => selection.pieces().iter().map(|piece| self.piece(piece)).collect(),
            Err(_) => value.to_owned(),
        };
        format!("\"{name}\":{{\"{}\":\"{text}\"}}", kind.as_str())
    }

    fn piece(&mut self, piece: &Piece) -> String {
        let expression = match piece {
            Piece::Text(text) => return text.clone(),
            Piece::Variable(Variable::PathParameter(name)) => format!("$input.params().path.get('{name}')"),
            Piece::Variable(Variable::Context(name)) => context(name),
            Piece::Variable(Variable::StageVariable(name)) => format!("$stageVariables.{name}"),
            // `validate` lets nothing else be set.
            Piece::Variable(_) => return String::new(),
        };
        let name = format!("v{}", self.count);
        self.count += 1;
        let escaped = format!("$util.escapeJavaScript({expression}).replaceAll(\"\\\\'\",\"'\")");
        self.before.push_str(&format!("#set(${name} = {escaped})"));
        format!("${{!{name}}}") // `Fn::Sub` makes `${…}` of it
    }
}

/// A claim may have a name that is none in a template: `cognito:username`.
fn context(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((object, member)) if object.starts_with("authorizer") => format!("$context.{object}.get('{member}')"),
        _ => format!("$context.{name}"),
    }
}

/// The schema of a body that can be written, in JSON Schema's draft 4.
pub(crate) fn model(manifest: &Manifest, integration: &Integration) -> Option<Value> {
    let Target::Put { table, set, .. } = &integration.target else { return None };
    let shape = manifest.table(table)?.item.as_ref()?;
    let kind = |kind| match kind {
        StoredType::N => "number",
        StoredType::Bool => "boolean",
        _ => "string",
    };
    let members = writable(shape, set);
    let properties: Map<String, Value> =
        members.iter().map(|(name, it)| ((*name).to_owned(), json!({"type": kind(*it)}))).collect();
    let required: Vec<_> =
        members.iter().map(|(name, _)| *name).filter(|name| !shape.optional.contains(*name)).collect();
    Some(json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": (!required.is_empty()).then_some(required),
    }))
}
