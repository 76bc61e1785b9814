use std::{
    any::type_name,
    collections::{BTreeMap, BTreeSet},
};

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

/// Where the schemas are that others refer to.
const COMPONENTS: &str = "#/components/schemas/";

/// The JSON schema of a type, if it has one.
#[derive(Clone, Copy, Debug)]
pub struct TypeSchema {
    pub(super) name: fn() -> &'static str,
    makes: Option<Makes>,
}

#[derive(Clone, Copy, Debug)]
struct Makes {
    /// The schema, or a reference to it.
    referred: fn(&mut SchemaGenerator) -> Schema,
    /// The schema itself.
    inline: fn(&mut SchemaGenerator) -> Schema,
}

impl TypeSchema {
    /// That of a type that derives `JsonSchema`.
    pub const fn of<T: JsonSchema + ?Sized>() -> Self {
        let makes = Makes { referred: SchemaGenerator::subschema_for::<T>, inline: T::json_schema };
        Self { name: type_name::<T>, makes: Some(makes) }
    }

    /// That of a type of which nothing is known.
    pub(super) const fn unknown<T: ?Sized>() -> Self {
        Self { name: type_name::<T>, makes: None }
    }

    pub(super) fn is_known(&self) -> bool {
        self.makes.is_some()
    }

    /// The schema, or a reference to it; empty if it is not known.
    pub(super) fn referred(self, generator: &mut SchemaGenerator) -> Map<String, Value> {
        self.makes.map_or_else(Map::new, |makes| object((makes.referred)(generator)))
    }

    /// The schema itself; empty if it is not known.
    pub(super) fn inline(self, generator: &mut SchemaGenerator) -> Map<String, Value> {
        self.makes.map_or_else(Map::new, |makes| object((makes.inline)(generator)))
    }
}

/// A schema that is `true` says as little as an empty one.
fn object(schema: Schema) -> Map<String, Value> {
    match schema.to_value() {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The schemas of all types of an API. What a type reads and what it writes can differ, by a field with a default for one, so
/// they are made apart.
#[derive(Debug)]
pub(crate) struct Schemas {
    pub(super) of_requests: SchemaGenerator,
    pub(super) of_replies: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.meta_schema = None;
            settings.definitions_path = "/components/schemas".into();
        });
        Self {
            of_requests: settings.clone().for_deserialize().into_generator(),
            of_replies: settings.for_serialize().into_generator(),
        }
    }
}

/// The schemas by name, and what became of the names that requests and replies refer to.
#[derive(Debug, Default)]
pub(crate) struct Components {
    pub(crate) schemas: BTreeMap<String, Value>,
    of_requests: BTreeMap<String, String>,
    of_replies: BTreeMap<String, String>,
}

impl Schemas {
    /// One list of both. A type that is read as it is written is there once; otherwise its requests' schema is `OrderInput`.
    pub(crate) fn finish(mut self) -> Components {
        let requests: BTreeMap<_, _> = self.of_requests.take_definitions(true).into_iter().collect();
        let replies: BTreeMap<_, _> = self.of_replies.take_definitions(true).into_iter().collect();
        let apart = apart(&requests, &replies);
        let mut components = Components::default();
        let mut taken = BTreeSet::new();
        for name in replies.keys() {
            components.of_replies.insert(name.clone(), unique(allowed(name), &mut taken));
        }
        for name in requests.keys() {
            let new = match components.of_replies.get(name) {
                Some(shared) if !apart.contains(name) => shared.clone(),
                Some(other) => unique(format!("{other}Input"), &mut taken),
                None => unique(allowed(name), &mut taken),
            };
            components.of_requests.insert(name.clone(), new);
        }
        for (definitions, names) in [(requests, &components.of_requests), (replies, &components.of_replies)] {
            for (name, mut schema) in definitions {
                rename(&mut schema, names);
                components.schemas.insert(names[&name].clone(), schema);
            }
        }
        components
    }
}

impl Components {
    /// Has an operation refer to the names that the schemas have got.
    pub(crate) fn settle(&self, operation: &mut skyloom_manifest::Operation) {
        let parameters = operation.parameters.iter_mut().map(|it| &mut it.schema);
        for schema in parameters.chain(operation.body.iter_mut().map(|it| &mut it.schema)) {
            rename_in(schema, &self.of_requests);
        }
        operation.replies.iter_mut().for_each(|it| rename_in(&mut it.schema, &self.of_replies));
    }
}

/// The names of which requests and replies have another schema, themselves or in what they refer to.
fn apart(requests: &BTreeMap<String, Value>, replies: &BTreeMap<String, Value>) -> BTreeSet<String> {
    let both: Vec<_> = requests.iter().filter_map(|(name, one)| Some((name, one, replies.get(name)?))).collect();
    let mut apart: BTreeSet<String> =
        both.iter().filter(|(_, one, other)| one != other).map(|(name, ..)| (*name).clone()).collect();
    loop {
        let more: Vec<_> = both
            .iter()
            .filter(|(name, one, _)| !apart.contains(*name) && refers_to_any(one, &apart))
            .map(|(name, ..)| (*name).clone())
            .collect();
        if more.is_empty() {
            return apart;
        }
        apart.extend(more);
    }
}

fn refers_to_any(schema: &Value, names: &BTreeSet<String>) -> bool {
    match schema {
        Value::Object(map) => {
            let reference = map.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(COMPONENTS));
            reference.is_some_and(|name| names.contains(&decoded(name)))
                || map.values().any(|it| refers_to_any(it, names))
        }
        Value::Array(values) => values.iter().any(|it| refers_to_any(it, names)),
        _ => false,
    }
}

fn rename(schema: &mut Value, names: &BTreeMap<String, String>) {
    match schema {
        Value::Object(map) => rename_in(map, names),
        Value::Array(values) => values.iter_mut().for_each(|it| rename(it, names)),
        _ => {}
    }
}

fn rename_in(map: &mut Map<String, Value>, names: &BTreeMap<String, String>) {
    for (key, value) in map.iter_mut() {
        let reference = value.as_str().filter(|_| key == "$ref").and_then(|text| text.strip_prefix(COMPONENTS));
        match reference.and_then(|name| names.get(&decoded(name))) {
            Some(name) => *value = format!("{COMPONENTS}{name}").into(),
            None => rename(value, names),
        }
    }
}

/// A name in a reference is a part of a JSON pointer in a URI.
fn decoded(name: &str) -> String {
    let text = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    text.replace("~1", "/").replace("~0", "~")
}

/// OpenAPI wants letters, digits, `.`, `-` and `_`.
fn allowed(name: &str) -> String {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    name.chars().map(|letter| if is_allowed(letter) { letter } else { '_' }).collect()
}

fn unique(name: String, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2_u32..).map(|number| format!("{name}{number}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|it| !taken.contains(it)).unwrap_or(name);
    taken.insert(free.clone());
    free
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde_json::json;

    use super::*;

    /// Read with a default, so that it need not be there, and always written.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Leaf {
        #[serde(default)]
        size: u8,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Branch {
        leaf: Leaf,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Same {
        name: String,
    }

    fn both<T: JsonSchema>(schemas: &mut Schemas) {
        TypeSchema::of::<T>().referred(&mut schemas.of_requests);
        TypeSchema::of::<T>().referred(&mut schemas.of_replies);
    }

    #[test]
    fn a_type_that_is_read_as_it_is_written_is_there_once() {
        let mut schemas = Schemas::default();
        both::<Same>(&mut schemas);
        let components = schemas.finish();
        assert_eq!(components.schemas.keys().collect::<Vec<_>>(), ["Same"]);
    }

    #[test]
    fn a_type_that_is_read_otherwise_is_there_twice_and_so_is_what_refers_to_it() {
        let mut schemas = Schemas::default();
        both::<Branch>(&mut schemas);
        let components = schemas.finish();
        assert_eq!(components.schemas.keys().collect::<Vec<_>>(), ["Branch", "BranchInput", "Leaf", "LeafInput"]);
        let leaf = |branch: &str| &components.schemas[branch]["properties"]["leaf"]["$ref"];
        assert_eq!(leaf("BranchInput"), "#/components/schemas/LeafInput");
        assert_eq!(leaf("Branch"), "#/components/schemas/Leaf");
        assert_eq!(components.schemas["Leaf"]["required"], json!(["size"]));
        assert_eq!(components.schemas["LeafInput"].get("required"), None);
    }

    #[test]
    fn two_types_of_one_name_are_numbered() {
        mod other {
            #[derive(schemars::JsonSchema)]
            #[expect(dead_code, reason = "only its schema is looked at")]
            pub(super) struct Same {
                size: u8,
            }
        }
        let mut schemas = Schemas::default();
        TypeSchema::of::<Same>().referred(&mut schemas.of_replies);
        let reference = TypeSchema::of::<other::Same>().referred(&mut schemas.of_replies);
        assert_eq!(reference["$ref"], "#/components/schemas/Same2");
        assert_eq!(schemas.finish().schemas.keys().collect::<Vec<_>>(), ["Same", "Same2"]);
    }

    #[test]
    fn names_have_only_what_openapi_allows() {
        assert_eq!(allowed("Page<Order>"), "Page_Order_");
        let mut taken = BTreeSet::new();
        assert_eq!(["A", "A", "A2"].map(|name| unique(name.into(), &mut taken)), ["A", "A2", "A22"]);
    }
}
