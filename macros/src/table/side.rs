//! One side of a key: a field, several fields, or a template of fields.

use proc_macro2::TokenStream;
use quote::quote;
use skyloom_manifest::rules;
use syn::LitStr;

use super::{
    model::{Key, check_stored, find, find_by_name},
    parse::Field,
    template::{self, Raw},
};
use crate::{
    errors::Errors,
    setting::{Setting, Value},
    types,
};

#[derive(Clone)]
pub(crate) enum Side {
    Field(Key),
    Fields(Vec<Key>),
    Template { attribute: TokenStream, pieces: Vec<Piece> },
}

#[derive(Clone)]
pub(crate) enum Piece {
    Literal(String),
    Field { key: Key, digits: usize },
}

/// The parts that the framework takes for one side.
const PARTS: usize = 6;

/// What a template is for, which decides what it can have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    TablePartition,
    TableSort,
    Index,
}

impl Side {
    /// A template that is stored in this attribute.
    pub(crate) fn of_template(
        text: &LitStr,
        attribute: TokenStream,
        place: Place,
        fields: &[Field],
        errors: &mut Errors,
    ) -> Option<Self> {
        let raw = template::parse(text, errors)?;
        let pieces: Vec<_> = raw.pieces.into_iter().map(|raw| piece(raw, text, place, fields, errors)).collect();
        let pieces = pieces.into_iter().collect::<Option<Vec<_>>>()?;
        let side = Self::Template { attribute, pieces };
        let count = side.keys().len();
        if place == Place::TablePartition && count == 0 {
            errors.push(text, "all items would be in one partition: put a field into the template, `USER#{id}`");
        }
        if count > PARTS {
            errors.push(text, format!("a key is made of {PARTS} fields at most, and here are {count}"));
        }
        Some(side)
    }

    /// `"field"`, `["field", "other"]` or a template.
    pub(crate) fn of_setting(
        setting: &Setting,
        attribute: TokenStream,
        local: bool,
        fields: &[Field],
        errors: &mut Errors,
    ) -> Option<Self> {
        if let Value::List(..) = setting.value {
            return several(setting, local, fields, errors);
        }
        let text = errors.keep(setting.text("field"))?;
        if template::is_template(text) {
            return Self::of_template(text, attribute, Place::Index, fields, errors);
        }
        let field = find(text, fields, errors)?;
        check_stored(field, text, errors);
        Some(Self::Field(Key::of(field)))
    }

    /// Its parts, in their order.
    pub(crate) fn keys(&self) -> Vec<&Key> {
        match self {
            Self::Field(key) => vec![key],
            Self::Fields(keys) => keys.iter().collect(),
            Self::Template { pieces, .. } => pieces.iter().filter_map(Piece::key).collect(),
        }
    }

    /// Those that are attributes of their own.
    pub(crate) fn stored(&self) -> Vec<&Key> {
        match self {
            Self::Template { .. } => Vec::new(),
            Self::Field(_) | Self::Fields(_) => self.keys(),
        }
    }

    /// The fields that a template makes it of, and their digits.
    pub(crate) fn made_of(&self) -> Vec<(&Key, usize)> {
        match self {
            Self::Template { pieces, .. } => pieces.iter().filter_map(Piece::made_of).collect(),
            Self::Field(_) | Self::Fields(_) => Vec::new(),
        }
    }

    pub(crate) fn is_template(&self) -> bool {
        matches!(self, Self::Template { .. })
    }

    /// As the framework's `Side` has it.
    pub(crate) fn expand(&self) -> TokenStream {
        let side = quote! { ::skyloom::__private::Side };
        match self {
            Self::Field(Key { attribute, .. }) => quote! { #side::Attribute(#attribute) },
            Self::Fields(keys) => {
                let names = keys.iter().map(|key| &key.attribute);
                quote! { #side::Attributes(&[#(#names),*]) }
            }
            Self::Template { attribute, pieces } => {
                let pieces = pieces.iter().map(Piece::expand);
                quote! { #side::Template(#attribute, ::skyloom::__private::Template(&[#(#pieces),*])) }
            }
        }
    }
}

impl Piece {
    fn key(&self) -> Option<&Key> {
        self.made_of().map(|(key, _)| key)
    }

    fn made_of(&self) -> Option<(&Key, usize)> {
        match self {
            Self::Literal(_) => None,
            Self::Field { key, digits } => Some((key, *digits)),
        }
    }

    fn expand(&self) -> TokenStream {
        let piece = quote! { ::skyloom::__private::Piece };
        match self {
            Self::Literal(text) => quote! { #piece::Text(#text) },
            Self::Field { key: Key { attribute, ty, .. }, digits } => quote! {
                #piece::Part { attribute: #attribute, kind: <#ty as ::skyloom::Key>::TYPE, digits: #digits }
            },
        }
    }
}

fn piece(raw: Raw, text: &LitStr, place: Place, fields: &[Field], errors: &mut Errors) -> Option<Piece> {
    let (name, digits) = match raw {
        Raw::Literal(text) => return Some(Piece::Literal(text)),
        Raw::Field { name, digits } => (name, digits),
    };
    let field = find_by_name(&name, text, fields, errors)?;
    check_stored(field, text, errors);
    if place != Place::Index && types::option_of(&field.ty).is_some() {
        errors.push(&field.ty, "each item of a table has its key: remove the `Option`");
    }
    Some(Piece::Field { key: Key::of(field), digits })
}

/// Attributes of their own that are the side together.
fn several(setting: &Setting, local: bool, fields: &[Field], errors: &mut Errors) -> Option<Side> {
    let names = errors.keep(setting.texts("field"))?;
    if local {
        errors
            .push(&setting.name, "a local index has one sort key: only global indexes have keys of several attributes");
    }
    if let Some(extra) = names.get(rules::INDEX_KEY_ATTRIBUTES) {
        let most = rules::INDEX_KEY_ATTRIBUTES;
        errors.push(
            extra,
            format!(
                "DynamoDB takes {most} attributes for one side of a key: use a template, `\"{{a}}#{{b}}\"`, for more"
            ),
        );
    }
    for name in repeated(&names) {
        errors.push(name, format!("`{}` is there twice: remove one of them", name.value()));
    }
    let keys: Vec<Option<Key>> = names.iter().map(|name| attribute(name, fields, errors)).collect();
    let mut keys: Vec<Key> = keys.into_iter().collect::<Option<_>>()?;
    match keys.len() {
        1 => keys.pop().map(Side::Field),
        _ => Some(Side::Fields(keys)),
    }
}

/// Those that were there before.
pub(super) fn repeated(names: &[LitStr]) -> impl Iterator<Item = &LitStr> {
    let is_before = |at: usize, name: &LitStr| names.iter().take(at).any(|other| other.value() == name.value());
    names.iter().enumerate().filter(move |(at, name)| is_before(*at, name)).map(|(_, name)| name)
}

fn attribute(name: &LitStr, fields: &[Field], errors: &mut Errors) -> Option<Key> {
    let field = find(name, fields, errors)?;
    check_stored(field, name, errors);
    Some(Key::of(field))
}

/// The type of one side as the framework's shapes have it: bare, or a tuple.
pub(crate) fn type_of(types: &[TokenStream]) -> TokenStream {
    match types {
        [ty] => ty.clone(),
        types => quote! { (#(#types),*) },
    }
}
