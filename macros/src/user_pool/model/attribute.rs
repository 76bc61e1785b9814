use skyloom_manifest::rules::{self, DeclaredAttribute};
use syn::{Field, Lit, LitInt, LitStr};

use super::check;
use crate::{
    errors::Errors,
    pairs::Pair,
    serde_names,
    setting::{Setting, Value},
    settings::Settings,
};

/// `attribute(name = "plan", type = "string", max_length = 20)`
pub(in crate::user_pool) struct Attribute {
    pub(in crate::user_pool) name: LitStr,
    /// The variant of `AttributeDataType`.
    pub(in crate::user_pool) data_type: &'static str,
    pub(in crate::user_pool) min: Option<i64>,
    pub(in crate::user_pool) max: Option<i64>,
    pub(in crate::user_pool) immutable: bool,
    pub(in crate::user_pool) writable: bool,
}

const EXAMPLE: &str = "name = \"plan\", type = \"string\"";
const OPTIONS: [&str; 8] =
    ["name", "type", "min_length", "max_length", "min_value", "max_value", "immutable", "writable"];
const STRING: &str = "String";
const NUMBER: &str = "Number";
const TYPES: [(&str, &str); 4] =
    [("string", STRING), ("number", NUMBER), ("boolean", "Boolean"), ("date-time", "DateTime")];

/// All attributes that the pool has beside the standard ones.
pub(super) fn read_all(settings: &Settings, errors: &mut Errors) -> Vec<Attribute> {
    let mut all: Vec<Attribute> = Vec::new();
    for (place, setting) in settings.find_all("attribute").enumerate() {
        let Some(attribute) = read(setting, errors) else { continue };
        if all.iter().any(|other| other.name == attribute.name) {
            errors.push(&attribute.name, "this attribute is described twice: remove one of them");
        } else if place == rules::CUSTOM_ATTRIBUTES {
            errors.push(&setting.name, format!("Cognito takes {place} attributes of a pool's own: leave some out"));
        } else {
            all.push(attribute);
        }
    }
    all
}

fn read(setting: &Setting, errors: &mut Errors) -> Option<Attribute> {
    let nested = errors.keep(setting.nested(EXAMPLE))?;
    let (required, nested): (Vec<_>, Vec<_>) = nested.into_iter().partition(|nested| nested.name == "required");
    for required in required {
        let message = "Cognito asks nobody for attributes of the pool's own: refuse who has none in a handler `on = \"pre-sign-up\"`";
        errors.push(&required.name, message);
    }
    let settings = Settings::of(nested, "attribute(…)", &OPTIONS, errors);
    let name = settings.read("name", errors, |it| it.text("plan")).cloned();
    let data_type = settings.read("type", errors, |it| it.choice(&TYPES));
    name.iter().for_each(|name| check(name, rules::check_attribute_name(&name.value()), errors));
    if settings.lacks("name") || settings.lacks("type") {
        errors.push(&setting.name, format!("an attribute has a name and a type: write `attribute({EXAMPLE})`"));
    }
    let immutable = settings.read("immutable", errors, Setting::flag).unwrap_or(false);
    let writable = settings.read("writable", errors, Setting::flag).unwrap_or(false);
    if let (true, true, Some(option)) = (immutable, writable, settings.find("writable")) {
        let message = "an administrator sets what is `immutable`, when the user is made: remove one of the two";
        errors.push(&option.name, message);
    }
    let (name, data_type) = (name?, data_type?);
    let (min, max) = bounds(&settings, data_type, errors);
    Some(Attribute { name, data_type, min, max, immutable, writable })
}

/// What strings and numbers are bound by has names of its own, as at Cognito.
fn bounds(settings: &Settings, data_type: &str, errors: &mut Errors) -> (Option<i64>, Option<i64>) {
    const OF_STRINGS: [&str; 2] = ["min_length", "max_length"];
    const OF_NUMBERS: [&str; 2] = ["min_value", "max_value"];
    let own = match data_type {
        STRING => Some(OF_STRINGS),
        NUMBER => Some(OF_NUMBERS),
        _ => None,
    };
    for (options, kind) in [(OF_STRINGS, "strings"), (OF_NUMBERS, "numbers")] {
        for (place, option) in options.into_iter().enumerate().filter(|_| own != Some(options)) {
            let Some(setting) = settings.find(option) else { continue };
            let instead = own.map_or("remove it".to_owned(), |own| format!("write `{}`", own[place]));
            errors.push(&setting.name, format!("`{option}` is for {kind}: {instead}"));
        }
    }
    let Some(own) = own else { return (None, None) };
    let [min, max] = own.map(|name| settings.read(name, errors, |it| bound(it, data_type)));
    if let (Err(message), Some(setting)) =
        (rules::check_attribute_bounds((own[0], min), (own[1], max)), settings.find(own[0]))
    {
        errors.push(&setting.name, message);
    }
    (min, max)
}

/// A whole number, which may be below 0 where it is not a length.
fn bound(setting: &Setting, data_type: &str) -> syn::Result<i64> {
    let bound = whole(setting)?;
    let name = setting.name.to_string();
    let checked = if data_type == STRING { rules::check_attribute_length(&name, bound) } else { Ok(()) };
    checked.map(|()| bound).map_err(|message| syn::Error::new_spanned(&setting.name, message))
}

fn whole(setting: &Setting) -> syn::Result<i64> {
    let wrong = || setting.wrong(&format!("is a whole number: write `{} = 1`", setting.name));
    let Value::Literal(Lit::Int(literal)) = &setting.value else { return Err(wrong()) };
    let bare = |literal: &LitInt| literal.suffix().is_empty().then(|| literal.base10_parse().ok()).flatten();
    bare(literal).ok_or_else(wrong)
}

/// `required = ["name", "birthdate"]`
pub(super) fn read_required(settings: &Settings, sign_in: &str, errors: &mut Errors) -> Vec<LitStr> {
    let own = match sign_in {
        "Email" => Some("email"),
        "Phone" => Some("phone_number"),
        _ => None,
    };
    let names = settings.read("required", errors, |it| it.texts("birthdate")).unwrap_or_default();
    names.iter().for_each(|name| check(name, rules::check_required_attribute(&name.value(), own), errors));
    names
}

/// What is taken from a provider, `attributes("custom:plan" = "plan")`.
pub(super) fn check_mapped<'a>(pairs: impl Iterator<Item = &'a Pair>, declared: &[Attribute], errors: &mut Errors) {
    let names: Vec<String> = declared.iter().map(|attribute| attribute.name.value()).collect();
    let declared = || {
        declared.iter().zip(&names).map(|(attribute, name)| {
            let Attribute { immutable, writable, .. } = *attribute;
            DeclaredAttribute { name, immutable, writable }
        })
    };
    for pair in pairs {
        check(&pair.name, rules::check_mapped_attribute(&pair.name.value(), declared()), errors);
    }
}

/// A field that reads a claim of an attribute that the pool does not have would be empty for everyone.
pub(super) fn check_fields(fields: &[Field], declared: &[Attribute], errors: &mut Errors) {
    let names: Vec<String> = declared.iter().map(|attribute| attribute.name.value()).collect();
    for claim in fields.iter().flat_map(|field| serde_names::read_under(&field.attrs)) {
        check(&claim, rules::check_claim(&claim.value(), names.iter().map(String::as_str)), errors);
    }
}
