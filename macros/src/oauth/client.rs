//! A client of a pool that exists is valid.

use syn::{DeriveInput, Ident, Type};

use super::model::Client;
use crate::{errors::Errors, item, settings::Settings};

pub(super) struct PoolClient {
    pub(super) name: Ident,
    pub(super) pool: Type,
    pub(super) client: Client,
}

pub(super) fn new(input: DeriveInput) -> syn::Result<PoolClient> {
    let mut errors = Errors::default();
    item::check_name_and_generics(&input, "UserPoolClient", &mut errors);
    let settings = item::settings(&input.attrs, "client", &mut errors);
    let known = ["pool", "flows", "scopes", "callbacks", "logouts", "secret"];
    let settings = Settings::of(settings, "#[client(…)]", &known, &mut errors);
    let pool = settings.read("pool", &mut errors, |it| it.ty("Shopper").cloned());
    if settings.lacks("pool") {
        errors.push(&input.ident, "a client is one of a user pool: write `#[client(pool = Shopper, …)]`");
    }
    let client = Client::read(&settings, &input.ident, &mut errors);
    errors.finish()?;
    match (pool, client) {
        (Some(pool), Some(client)) => Ok(PoolClient { name: input.ident, pool, client }),
        _ => Err(syn::Error::new_spanned(&input.ident, "a client is one of a user pool")),
    }
}
