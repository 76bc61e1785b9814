use proc_macro2::TokenStream;
use quote::quote;

use super::model::{Api, Cors};
use crate::{
    names,
    registration::{option, register, source},
};

pub(super) fn expand(api: &Api) -> TokenStream {
    let name = &api.name;
    let text = names::text(name);
    let source = source(name);
    let cors = option(api.cors.as_ref().map(cors));
    let entry = quote! {
        ::skyloom::__private::ApiEntry { name: #text, source: #source, cors: #cors }
    };
    let entry = register("APIS", "ApiEntry", &entry);
    quote! {
        impl ::skyloom::__private::ApiType for #name {
            const NAME: &'static str = #text;
        }
        const _: () = { #entry };
    }
}

fn cors(cors: &Cors) -> TokenStream {
    let Cors { origins, methods, headers, expose, credentials, max_age } = cors;
    let max_age = option(*max_age);
    quote! {
        ::skyloom::__private::CorsEntry {
            origins: &[#(#origins),*],
            methods: &[#(#methods),*],
            headers: &[#(#headers),*],
            expose: &[#(#expose),*],
            credentials: #credentials,
            max_age: #max_age,
        }
    }
}
