//! A collection that exists is valid, but for what its entities say.

use syn::{Data, DeriveInput, Fields, Ident, Type};

use crate::{errors::Errors, item, setting::Value, settings::Settings};

pub(super) struct Collection {
    pub(super) name: Ident,
    pub(super) first: Variant,
    pub(super) others: Vec<Variant>,
    /// The index whose partitions it reads, if it is not the table.
    pub(super) index: Option<Type>,
}

pub(super) struct Variant {
    pub(super) name: Ident,
    pub(super) entity: Type,
}

const FORM: &str =
    "an item collection is an enum of entities: `enum CustomerItems { Customer(Customer), Order(Order) }`";

pub(super) fn new(input: DeriveInput) -> syn::Result<Collection> {
    let mut errors = Errors::default();
    item::check_name_and_generics(&input, "Collection", &mut errors);
    let settings = item::settings(&input.attrs, "collection", &mut errors);
    let settings = Settings::of(settings, "#[collection(…)]", &["index"], &mut errors);
    let index = settings.find("index").and_then(|setting| match &setting.value {
        Value::Type(index) => Some((**index).clone()),
        _ => {
            errors.push(&setting.name, "`index` is the type of an index of the table: write `index = ByDate`");
            None
        }
    });
    let mut variants = variants(&input, &mut errors).into_iter();
    let first = variants.next();
    errors.finish()?;
    let first = first.ok_or_else(|| syn::Error::new_spanned(&input.ident, FORM))?;
    Ok(Collection { name: input.ident, first, others: variants.collect(), index })
}

fn variants(input: &DeriveInput, errors: &mut Errors) -> Vec<Variant> {
    let Data::Enum(data) = &input.data else {
        errors.push(&input.ident, FORM);
        return Vec::new();
    };
    let mut variants = Vec::new();
    for variant in &data.variants {
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let Some(field) = fields.unnamed.first() else { continue };
                if let Some(first) = variants.iter().find(|other: &&Variant| other.entity == field.ty) {
                    let first = &first.name;
                    errors.push(
                        &field.ty,
                        format!("this entity is read as `{first}` already: remove one of the variants"),
                    );
                }
                variants.push(Variant { name: variant.ident.clone(), entity: field.ty.clone() });
            }
            _ => errors.push(variant, format!("a variant has an entity: write `{0}({0})`", variant.ident)),
        }
    }
    variants
}
