//! An API that exists is valid.

use syn::{Data, DataStruct, DeriveInput, Fields, Ident};

use super::{
    kind::Kind,
    rest::{self, Rest},
};
use crate::{
    cors::{self, Cors},
    errors::Errors,
    item,
    setting::Setting,
    settings::Settings,
};

pub(super) struct Api {
    pub(super) name: Ident,
    pub(super) default: bool,
    /// What only a REST API has.
    pub(super) rest: Option<Rest>,
    pub(super) cors: Option<Cors>,
}

pub(super) fn new(input: DeriveInput) -> syn::Result<Api> {
    let mut errors = Errors::default();
    item::check_name_and_generics(&input, "Api", &mut errors);
    if !matches!(&input.data, Data::Struct(DataStruct { fields: Fields::Unit, .. })) {
        errors.push(&input.ident, format!("`Api` is derived for a struct without fields: `struct {};`", input.ident));
    }
    let settings = item::settings(&input.attrs, "api", &mut errors);
    let kind = Kind::of(&settings, &mut errors);
    let settings = Settings::new(settings, &[], |name| kind.explain(name), &mut errors);
    for name in ["http", "rest"] {
        settings.read(name, &mut errors, Setting::flag);
    }
    let default = settings.read("default", &mut errors, Setting::flag).unwrap_or(false);
    let rest = (kind == Kind::Rest).then(|| rest::new(&settings, &mut errors));
    let cors = settings.find("cors").and_then(|setting| cors::new(setting, &mut errors));
    errors.finish()?;
    Ok(Api { name: input.ident, default, rest, cors })
}
