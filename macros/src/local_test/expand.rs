use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemFn;

use super::model::Test;
use crate::names;

/// The body stays an `async fn` of the same name inside the test, so that errors in it read as usual.
pub(super) fn expand(test: &Test) -> TokenStream {
    let Test { library, function } = test;
    let ItemFn { attrs, vis, sig, block } = function;
    let (name, output) = (&sig.ident, &sig.output);
    let text = names::text(name);
    let run = quote_spanned! {name.span()=>
        ::skyloom_local::__private::run(
            ::skyloom::__private::application(::core::env!("CARGO_PKG_NAME")),
            ::core::concat!(::core::module_path!(), "::", #text),
            #name,
        )
    };
    quote! {
        #(#attrs)*
        #[::core::prelude::v1::test]
        #vis fn #name() #output {
            #library
            #sig #block
            #run
        }
    }
}
