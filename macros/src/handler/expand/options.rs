use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    handler::{deployment::Deployment, options::Common},
    registration::option,
};

/// The `FunctionOptions` of the registration.
pub(super) fn expand(common: &Common) -> TokenStream {
    let default = quote! { ::skyloom::__private::FunctionOptions::DEFAULT };
    let deployment = common.deployment.as_ref().map(Deployment::expand);
    let given = [
        deployment.map(|it| {
            let it = option(Some(it));
            quote! { deployment: #it }
        }),
        common.provisioned_concurrency.map(|it| {
            let it = option(Some(it));
            quote! { provisioned_concurrency: #it }
        }),
    ];
    let given: Vec<_> = given.into_iter().flatten().collect();
    if given.is_empty() {
        return default;
    }
    quote! { ::skyloom::__private::FunctionOptions { #(#given,)* ..#default } }
}
