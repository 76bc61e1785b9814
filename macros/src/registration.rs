use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// A `static` of this slice, `HANDLERS`, that the linker collects.
pub(crate) fn register(slice: &str, entry_type: &str, entry: &TokenStream) -> TokenStream {
    let slice = quote::format_ident!("{slice}");
    let entry_type = quote::format_ident!("{entry_type}");
    quote! {
        #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::#slice)]
        #[linkme(crate = ::skyloom::__private::linkme)]
        #[allow(clippy::needless_update)] // where every option is given
        static __SKYLOOM_ENTRY: ::skyloom::__private::#entry_type = #entry;
    }
}

/// The place of this name in the user's source; `line!()` would be that of the attribute.
pub(crate) fn source(name: &Ident) -> TokenStream {
    quote_spanned! {name.span()=> ::skyloom::__private::Source::here() }
}

/// `Some(…)` or `None`.
pub(crate) fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}
