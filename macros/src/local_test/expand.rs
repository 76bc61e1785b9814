use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ItemFn;

use super::model::{FAULTS, Seeds, Test};
use crate::names;

/// The body stays an `async fn` of the same name inside the test, so that errors in it read as usual.
pub(super) fn expand(test: &Test) -> TokenStream {
    let Test { library, seeds, function } = test;
    let ItemFn { attrs, vis, sig, block } = function;
    let (name, output) = (&sig.ident, &sig.output);
    let text = names::text(name);
    let (run, seeds) = match seeds {
        Some(seeds) => (quote!(run_seeds), with_faults(seeds)),
        None => (quote!(run), TokenStream::new()),
    };
    let run = quote_spanned! {name.span()=>
        ::skyloom_local::__private::#run(
            ::skyloom::__private::application(::core::env!("CARGO_PKG_NAME")),
            ::core::concat!(::core::module_path!(), "::", #text),
            #seeds
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

fn with_faults(Seeds { count, rates }: &Seeds) -> TokenStream {
    let count = u64::from(*count);
    let (names, values): (Vec<_>, Vec<_>) = rates.iter().map(|(name, value)| (name, value)).unzip();
    let rest = (names.len() < FAULTS.len()).then(|| quote! { ..::skyloom_local::__private::Rates::DEFAULT });
    quote! {
        #count,
        ::skyloom_local::__private::Rates { #(#names: #values,)* #rest },
    }
}
