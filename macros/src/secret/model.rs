//! A secret that exists is valid.

use skyloom_manifest::rules;
use syn::{Data, DataStruct, DeriveInput, Fields, Ident, LitStr, Type};

use crate::{
    docs,
    errors::Errors,
    item,
    setting::{Setting, Value},
    settings::Settings,
};

pub(super) struct Secret {
    pub(super) name: Ident,
    pub(super) description: String,
    pub(super) shape: Shape,
    pub(super) origin: Origin,
}

/// What the value is.
pub(super) enum Shape {
    /// A text, which the one field is made of.
    Text(Box<Type>),
    /// An object of JSON.
    Json,
}

/// Who makes the secret and its value.
pub(super) enum Origin {
    Existing(LitStr),
    Empty,
    Generated { length: u32, punctuation: bool },
}

/// So many letters and digits have 190 bits of chance.
const LENGTH: u32 = 32;

pub(super) fn new(input: DeriveInput) -> syn::Result<Secret> {
    let mut errors = Errors::default();
    item::check_name_and_generics(&input, "Secret", &mut errors);
    let shape = shape(&input, &mut errors);
    let settings = item::settings(&input.attrs, "secret", &mut errors);
    let settings = Settings::of(settings, "#[secret(…)]", &["name", "generate"], &mut errors);
    let id = settings.read("name", &mut errors, |it| it.text("payments/stripe"));
    if let Some(id) = id {
        rules::check_secret_id(&id.value()).unwrap_or_else(|message| errors.push(id, message));
    }
    let generated = settings.find("generate").and_then(|setting| generated(setting, &mut errors));
    if let Some(setting) = settings.find("generate") {
        if id.is_some() {
            errors.push(&setting.name, "a secret that is there already has its value: remove `name` or `generate`");
        }
        if let Some(Shape::Json) = shape {
            let name = &input.ident;
            errors.push(&setting.name, format!("a text is generated, no JSON: write `struct {name}(String);`"));
        }
    }
    let origin = id.cloned().map(Origin::Existing).or(generated).unwrap_or(Origin::Empty);
    errors.finish()?;
    let shape = shape.unwrap_or(Shape::Json); // without one there was an error
    Ok(Secret { description: docs::text(&input.attrs), name: input.ident, shape, origin })
}

fn shape(input: &DeriveInput, errors: &mut Errors) -> Option<Shape> {
    match &input.data {
        Data::Struct(DataStruct { fields: Fields::Named(_), .. }) => return Some(Shape::Json),
        Data::Struct(DataStruct { fields: Fields::Unnamed(fields), .. }) if fields.unnamed.len() == 1 => {
            return fields.unnamed.first().map(|field| Shape::Text(Box::new(field.ty.clone())));
        }
        _ => {}
    }
    let name = &input.ident;
    errors.push(
        name,
        format!(
            "`Secret` is derived for a text, `struct {name}(String);`, or for the fields of a JSON object, `struct {name} {{ … }}`"
        ),
    );
    None
}

/// `generate` or `generate(length = 64, punctuation)`
fn generated(setting: &Setting, errors: &mut Errors) -> Option<Origin> {
    let nested = match &setting.value {
        Value::Flag => Vec::new(),
        _ => errors.keep(setting.nested("length = 64"))?,
    };
    let settings = Settings::of(nested, "generate(…)", &["length", "punctuation"], errors);
    let length = settings.read("length", errors, |it| it.integer(&rules::SECRET_LENGTH, "")).unwrap_or(LENGTH);
    let punctuation = settings.read("punctuation", errors, Setting::flag).unwrap_or(false);
    Some(Origin::Generated { length, punctuation })
}
