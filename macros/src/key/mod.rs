//! `#[derive(Key)]`

mod expand;
mod model;

use proc_macro2::TokenStream;

/// The implementation of `Key`, or what is wrong with the type.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |key| expand::expand(&key))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::derive;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn a_unit_enum_is_a_string() {
        check(
            derive(quote! { #[serde(rename_all = "kebab-case")] pub enum Status { Open, Paid } }),
            expect![[r#"
            impl ::skyloom::Key for Status {
                const TYPE: ::skyloom::__private::AttributeType = ::skyloom::__private::AttributeType::S;
            }
        "#]],
        );
    }

    #[test]
    fn a_newtype_is_what_it_holds() {
        check(
            derive(quote! { struct OrderId(pub u64); }),
            expect![[r#"
            impl ::skyloom::Key for OrderId {
                const TYPE: ::skyloom::__private::AttributeType = <u64 as ::skyloom::Key>::TYPE;
            }
        "#]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            derive(quote! { #[serde(tag = "kind")] enum Status<T> { Open, Paid(T), Shipped { at: u64 } } }),
            expect![[r#"
                a key is stored as one type: it has no parameters
                `tag` makes serde write more or less than the variant's name: remove it
                a key is one value: the variants of an enum that is a key hold nothing
                a key is one value: the variants of an enum that is a key hold nothing"#]],
        );
        check_errors(
            derive(quote! { enum Never {} }),
            expect!["this enum has no value that could be a key: add a variant"],
        );
        check_errors(
            derive(quote! { struct Pair(u8, u8); }),
            expect!["a key is a unit enum, `enum Status { Open, Paid }`, or a newtype, `struct OrderId(String);`"],
        );
        check_errors(
            derive(quote! { struct Named { id: u8 } }),
            expect!["a key is a unit enum, `enum Status { Open, Paid }`, or a newtype, `struct OrderId(String);`"],
        );
        check_errors(
            derive(quote! { union Both { a: u8, b: u8 } }),
            expect!["a key is a unit enum, `enum Status { Open, Paid }`, or a newtype, `struct OrderId(String);`"],
        );
    }
}
