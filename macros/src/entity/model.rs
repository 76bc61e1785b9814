//! An entity that exists is valid, but for what its table says.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{DeriveInput, Ident, Type, Visibility, spanned::Spanned};

use crate::{
    errors::Errors,
    item, names,
    serde_names::Case,
    setting::{Setting, Value},
    settings::Settings,
    table::{
        model::{Attribute, Fields},
        parse::{self, Field},
        side::{Place, Side},
        version::{self, Version},
    },
};

/// All that the expansion needs.
pub(super) struct Entity {
    pub(super) name: Ident,
    pub(super) visibility: Visibility,
    /// What the discriminator says.
    pub(super) kind: String,
    pub(super) table: Type,
    pub(super) fields: Fields,
    pub(super) partition: Side,
    pub(super) sort: Side,
    pub(super) indexes: Vec<Index>,
    pub(super) version: Option<Version>,
    /// The fields of which their type alone says how they are stored, any of which may be the table's time to live.
    pub(super) plain: Vec<Attribute>,
}

/// How it is keyed in an index of its table.
pub(super) struct Index {
    pub(super) name: Ident,
    /// A local index has the table's.
    pub(super) partition: Option<Side>,
    pub(super) sort: Option<Side>,
}

impl Index {
    pub(super) fn sides(&self) -> impl Iterator<Item = &Side> {
        self.partition.iter().chain(&self.sort)
    }
}

pub(super) fn new(input: DeriveInput) -> syn::Result<Entity> {
    let mut errors = Errors::default();
    let fields = item::named_fields(&input, "Entity", &mut errors);
    let case = Case::of(&input.attrs, &mut errors);
    let fields: Vec<Field> = fields.into_iter().filter_map(|it| parse::field(it, case, &mut errors)).collect();
    check_markers(&fields, &mut errors);
    let settings = item::settings(&input.attrs, "entity", &mut errors);
    let settings = Settings::of(settings, "#[entity(…)]", &["table", "partition", "sort", "name"], &mut errors);
    let table = table(&input.ident, &settings, &mut errors);
    let mut side = |option: &str, constant: &str, place| {
        let example = format!("write `#[entity(table = …, {option} = \"ORDER#{{id}}\")]`");
        let message = format!("an entity says what its {option} key is made of: {example}");
        template(
            settings.needed(option, &mut errors, &input.ident, &message)?,
            attribute(table.as_ref(), constant, "SharedTable"),
            place,
            &fields,
            &mut errors,
        )
    };
    let partition = side("partition", "PARTITION_KEY", Place::TablePartition);
    let sort = side("sort", "SORT_KEY", Place::TableSort);
    let kind = settings.read("name", &mut errors, |it| it.text("Order")).map(syn::LitStr::value);
    let all = parse::indexes(&input.attrs, &mut errors);
    let indexes: Vec<Index> =
        all.into_iter().map(|(name, settings)| index(name, settings, &fields, &mut errors)).collect();
    let templates = partition.iter().chain(&sort).chain(indexes.iter().flat_map(Index::sides));
    let version = version::read(&fields, templates, &mut errors);
    errors.finish()?;
    let missing = || syn::Error::new_spanned(&input.ident, "an entity has a table and a key");
    let (partition, sort) = (partition.ok_or_else(missing)?, sort.ok_or_else(missing)?);
    Ok(Entity {
        plain: fields
            .iter()
            .filter(|field| field.stored.altered.is_none())
            .map(|field| Attribute::of(field, false))
            .collect(),
        fields: Fields::of(&fields, &parse::serde_attributes(&input.attrs), [&partition, &sort].into_iter(), &[]),
        kind: kind.unwrap_or_else(|| names::text(&input.ident)),
        table: table.ok_or_else(missing)?,
        name: input.ident,
        visibility: input.vis,
        partition,
        sort,
        indexes,
        version,
    })
}

fn check_markers(fields: &[Field], errors: &mut Errors) {
    for span in fields.iter().flat_map(|field| [field.partition_key, field.sort_key]).flatten() {
        errors.push_at(span, "the key of an entity is made by templates: `#[entity(partition = \"USER#{id}\", …)]`");
    }
}

fn table(name: &Ident, settings: &Settings, errors: &mut Errors) -> Option<Type> {
    match settings.find("table").map(|setting| (setting, &setting.value)) {
        Some((_, Value::Type(table))) => Some((**table).clone()),
        Some((setting, _)) => {
            errors.push(&setting.name, "`table` is the type of the table that entities share: write `table = Shop`");
            None
        }
        None => {
            errors.push(name, "an entity is in a table that several share: write `#[entity(table = Shop, …)]`");
            None
        }
    }
}

/// What the table or the index calls the attribute.
fn attribute(of: Option<&Type>, constant: &str, of_trait: &str) -> TokenStream {
    let Some(of) = of else { return TokenStream::new() };
    let (constant, of_trait) = (quote::format_ident!("{constant}"), quote::format_ident!("{of_trait}"));
    quote_spanned! {of.span()=> <#of as ::skyloom::__private::#of_trait>::#constant }
}

fn template(
    setting: &Setting,
    attribute: TokenStream,
    place: Place,
    fields: &[Field],
    errors: &mut Errors,
) -> Option<Side> {
    let text = errors.keep(setting.text("ORDER#{id}"))?;
    Side::of_template(text, attribute, place, fields, errors)
}

fn index(name: Ident, settings: Vec<Setting>, fields: &[Field], errors: &mut Errors) -> Index {
    let settings = Settings::of(settings, "#[index(…)]", &["partition", "sort"], errors);
    let mut side = |option: &str, constant: &str| {
        let setting = settings.find(option)?;
        let constant = quote::format_ident!("{constant}");
        let attribute = quote_spanned! {name.span()=> ::skyloom::__private::#constant::<#name>() };
        template(setting, attribute, Place::Index, fields, errors)
    };
    let (partition, sort) = (side("partition", "index_partition"), side("sort", "index_sort"));
    if settings.lacks("partition") && settings.lacks("sort") {
        errors
            .push(&name, format!("write what the index is keyed by: `#[index({name}, partition = \"DAY#{{day}}\")]`"));
    }
    Index { name, partition, sort }
}
