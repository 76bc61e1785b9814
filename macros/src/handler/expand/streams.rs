//! Whether the reply is sent as it comes, which the type that the handler returns knows.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::ReturnType;

use super::call::has_no_name;
use crate::spans::gathered;

pub(super) fn expand(output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Type(_, ty) if !has_no_name(ty) => {
            let (ty, _) = gathered(ty);
            quote_spanned! {Span::mixed_site()=>
                || {
                    use ::skyloom::__private::streams::*;
                    (&&Probe::<#ty>::NEW).streams()
                }
            }
        }
        _ => quote_spanned! {Span::mixed_site()=> || false },
    }
}
