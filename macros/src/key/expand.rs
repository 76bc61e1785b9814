use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::model::{Key, Shape};

pub(super) fn expand(key: &Key) -> TokenStream {
    let name = &key.name;
    let kind = match &key.shape {
        Shape::Enum => quote! { ::skyloom::__private::AttributeType::S },
        Shape::Newtype(inner) => quote! { <#inner as ::skyloom::Key>::TYPE },
    };
    // A type that serde does not write is an error under the type's name.
    quote_spanned! {name.span()=>
        impl ::skyloom::Key for #name {
            const TYPE: ::skyloom::__private::AttributeType = #kind;
        }
    }
}
