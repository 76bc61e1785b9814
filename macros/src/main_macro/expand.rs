use proc_macro2::TokenStream;
use quote::quote;

use super::parse::Library;

pub(super) fn expand(library: &Library) -> TokenStream {
    quote! {
        #library
        fn main() -> ::std::process::ExitCode {
            ::skyloom::__private::main(::core::env!("CARGO_PKG_NAME"))
        }
    }
}
