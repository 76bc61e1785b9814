//! `main!(library)`

mod expand;
pub(crate) mod parse;

use proc_macro2::TokenStream;

/// The binary's `main`, or what is wrong with what it names.
pub(crate) fn main(input: TokenStream) -> TokenStream {
    syn::parse2(input).map_or_else(|error: syn::Error| error.into_compile_error(), |library| expand::expand(&library))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::main;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn the_library_is_linked_and_main_written() {
        check(
            main(quote! { orders }),
            expect![[r#"
            use ::orders as _;
            fn main() -> ::std::process::ExitCode {
                ::skyloom::__private::main(::core::env!("CARGO_PKG_NAME"))
            }
        "#]],
        );
    }

    #[test]
    fn an_application_may_be_one_file() {
        check(
            main(quote! { crate }),
            expect![[r#"
            fn main() -> ::std::process::ExitCode {
                ::skyloom::__private::main(::core::env!("CARGO_PKG_NAME"))
            }
        "#]],
        );
    }

    #[test]
    fn anything_but_a_library_says_what_to_write() {
        check_errors(
            main(quote! {}),
            expect![
                "unexpected end of input, name the library that has the handlers, as `use` would: `orders`, or `my_app` for the package `my-app`"
            ],
        );
        check_errors(
            main(quote! { "orders" }),
            expect![
                "name the library that has the handlers, as `use` would: `orders`, or `my_app` for the package `my-app`"
            ],
        );
        check_errors(
            main(quote! { orders::api }),
            expect![
                "name the library that has the handlers, as `use` would: `orders`, or `my_app` for the package `my-app`"
            ],
        );
        check_errors(
            main(quote! { my-app }),
            expect![
                "name the library that has the handlers, as `use` would: `orders`, or `my_app` for the package `my-app`"
            ],
        );
        check_errors(
            main(quote! { a, b }),
            expect![
                "name the library that has the handlers, as `use` would: `orders`, or `my_app` for the package `my-app`"
            ],
        );
    }
}
