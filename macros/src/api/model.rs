//! An API that exists is valid.

use skyloom_manifest::rules;
use syn::{Data, DataStruct, DeriveInput, Fields, Ident};

use super::{
    kind::Kind,
    rest::{self, Rest},
};
use crate::{
    cors::{self, Cors},
    errors::Errors,
    item,
    pairs::{self, Pair},
    setting::Setting,
    settings::Settings,
    throttle::{self, Throttle},
};

pub(super) struct Api {
    pub(super) name: Ident,
    pub(super) default: bool,
    /// What only a REST API has.
    pub(super) rest: Option<Rest>,
    pub(super) cors: Option<Cors>,
    /// What only a WebSocket API has: which part of a message names its route.
    pub(super) route_selection: Option<String>,
    /// Of its stage.
    pub(super) variables: Vec<Pair>,
    pub(super) throttle: Option<Throttle>,
}

pub(super) fn new(input: DeriveInput) -> syn::Result<Api> {
    let mut errors = Errors::default();
    item::check_name_and_generics(&input, "Api", &mut errors);
    if !matches!(&input.data, Data::Struct(DataStruct { fields: Fields::Unit, .. })) {
        errors.push(&input.ident, format!("`Api` is derived for a struct without fields: `struct {};`", input.ident));
    }
    let settings = item::settings(&input.attrs, "api", &mut errors);
    let kind = Kind::of(&settings, &mut errors);
    let settings = Settings::new(settings, &["gateway_response"], |name| kind.explain(name), &mut errors);
    for name in ["http", "rest", "websocket"] {
        settings.read(name, &mut errors, Setting::flag);
    }
    let default = settings.read("default", &mut errors, Setting::flag).unwrap_or(false);
    let rest = (kind == Kind::Rest).then(|| rest::new(&settings, &mut errors));
    let cors = settings.find("cors").and_then(|setting| cors::new(setting, &mut errors));
    let route_selection = (kind == Kind::WebSocket).then(|| route_selection(&settings, &mut errors));
    let variables = variables(&settings, &mut errors);
    let throttle = settings.find("throttle").and_then(|setting| throttle::read(setting, &mut errors));
    errors.finish()?;
    Ok(Api { name: input.ident, default, rest, cors, route_selection, variables, throttle })
}

/// `variables(color = "blue")`
fn variables(settings: &Settings, errors: &mut Errors) -> Vec<Pair> {
    let variables = settings.read("variables", errors, |it| pairs::read(it, "color = \"blue\"")).unwrap_or_default();
    for Pair { name, value } in &variables {
        rules::check_stage_variable(&name.value(), &value.value()).unwrap_or_else(|message| errors.push(name, message));
    }
    variables
}

fn route_selection(settings: &Settings, errors: &mut Errors) -> String {
    let Some(text) = settings.read("route_selection", errors, |it| it.text(rules::ROUTE_SELECTION)) else {
        return rules::ROUTE_SELECTION.into();
    };
    rules::check_route_selection(&text.value()).unwrap_or_else(|message| errors.push(text, message));
    text.value()
}
