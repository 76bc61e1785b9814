//! `#[derive(Document)]`

mod expand;
mod model;

use proc_macro2::TokenStream;

/// The constants of a document, or what is wrong with the type.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |document| expand::expand(&document))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::derive;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn a_document_has_a_constant_for_each_field_under_the_name_that_serde_gives_it() {
        check(
            derive(quote! {
                #[serde(rename_all = "camelCase")]
                pub struct Page<T: Clone> {
                    pub first_line: Vec<T>,
                    #[serde(rename = "zip")] code: u32,
                    #[serde(skip)] cache: Cache,
                }
            }),
            expect![[r#"
                impl<T: Clone> ::skyloom::__private::Document for Page<T>
                where
                    Self: ::skyloom::__private::serde::Serialize,
                {}
                impl<T: Clone> ::skyloom::__private::StoredAs for Page<T> {
                    const STORED: ::skyloom::__private::FieldType = ::skyloom::__private::FieldType::MAP;
                }
                #[allow(private_interfaces, dead_code)]
                impl<T: Clone> Page<T> {
                    ///The attribute `firstLine`.
                    pub const FIRST_LINE: ::skyloom::__private::Attribute<Self, Vec<T>> = ::skyloom::__private::Attribute::new(
                        "firstLine",
                    );
                    ///The attribute `zip`.
                    pub const CODE: ::skyloom::__private::Attribute<Self, u32> = ::skyloom::__private::Attribute::new(
                        "zip",
                    );
                }
            "#]],
        );
    }

    #[test]
    fn a_document_without_fields_is_one() {
        check(
            derive(quote! { struct Nothing {} }),
            expect![[r#"
                impl ::skyloom::__private::Document for Nothing {}
                impl ::skyloom::__private::StoredAs for Nothing {
                    const STORED: ::skyloom::__private::FieldType = ::skyloom::__private::FieldType::MAP;
                }
                #[allow(private_interfaces, dead_code)]
                impl Nothing {}
            "#]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            derive(quote! {
                #[serde(transparent)]
                struct Address { #[serde(rename(serialize = "a", deserialize = "b"))] city: String }
            }),
            expect![[r#"
                with `transparent` serde does not write the fields of this struct: remove it
                an item is written and read under one name: write `rename = "name"`"#]],
        );
        check_errors(
            derive(quote! { struct Pair(u8, u8); }),
            expect!["`Document` is derived for structs with named fields: `struct Pair { … }`"],
        );
        check_errors(
            derive(quote! { enum Shape { Round } }),
            expect!["`Document` is derived for structs with named fields: `struct Shape { … }`"],
        );
    }
}
