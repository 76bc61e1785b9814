//! `#[skyloom_local::test(library)]`

mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

/// The test, or the function as it was and what is wrong with it.
pub(crate) fn test(attribute: TokenStream, item: TokenStream) -> TokenStream {
    match syn::parse2(item.clone()).and_then(|function| model::new(attribute, function)) {
        Ok(test) => expand::expand(&test),
        Err(errors) => {
            let errors = errors.into_compile_error();
            quote! { #item #errors }
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::{model, test};
    use crate::snapshot::{check, check_errors};

    #[test]
    fn a_test_gets_an_application_of_its_own() {
        check(
            test(
                quote! { orders },
                quote! {
                    /// Nothing is listed at first.
                    #[ignore = "slow"]
                    async fn nothing_is_listed(mut app: Local) -> Result<(), Error> { app.get("/").send().await; Ok(()) }
                },
            ),
            expect![[r#"
                /// Nothing is listed at first.
                #[ignore = "slow"]
                #[::core::prelude::v1::test]
                fn nothing_is_listed() -> Result<(), Error> {
                    use ::orders as _;
                    async fn nothing_is_listed(mut app: Local) -> Result<(), Error> {
                        app.get("/").send().await;
                        Ok(())
                    }
                    ::skyloom_local::__private::run(
                        ::skyloom::__private::application(::core::env!("CARGO_PKG_NAME")),
                        ::core::concat!(::core::module_path!(), "::", "nothing_is_listed"),
                        nothing_is_listed,
                    )
                }
            "#]],
        );
    }

    #[test]
    fn a_test_of_its_own_crate_names_none() {
        check(
            test(quote! {}, quote! { async fn works(_: skyloom_local::Local) {} }),
            expect![[r##"
            #[::core::prelude::v1::test]
            fn works() {
                async fn works(_: skyloom_local::Local) {}
                ::skyloom_local::__private::run(
                    ::skyloom::__private::application(::core::env!("CARGO_PKG_NAME")),
                    ::core::concat!(::core::module_path!(), "::", "works"),
                    works,
                )
            }
        "##]],
        );
    }

    #[test]
    fn a_test_with_seeds_has_faults() {
        check(
            test(
                quote! { orders, seeds = 200, faults(throttle = 0.25, crash = 0) },
                quote! { async fn works(app: Local) {} },
            ),
            expect![[r##"
                #[::core::prelude::v1::test]
                fn works() {
                    use ::orders as _;
                    async fn works(app: Local) {}
                    ::skyloom_local::__private::run_seeds(
                        ::skyloom::__private::application(::core::env!("CARGO_PKG_NAME")),
                        ::core::concat!(::core::module_path!(), "::", "works"),
                        200u64,
                        ::skyloom_local::__private::Rates {
                            throttle: 0.25,
                            crash: 0.0,
                            ..::skyloom_local::__private::Rates::DEFAULT
                        },
                        works,
                    )
                }
            "##]],
        );
        check(
            test(quote! { seeds = 3 }, quote! { async fn works(app: Local) {} }),
            expect![[r##"
            #[::core::prelude::v1::test]
            fn works() {
                async fn works(app: Local) {}
                ::skyloom_local::__private::run_seeds(
                    ::skyloom::__private::application(::core::env!("CARGO_PKG_NAME")),
                    ::core::concat!(::core::module_path!(), "::", "works"),
                    3u64,
                    ::skyloom_local::__private::Rates {
                        ..::skyloom_local::__private::Rates::DEFAULT
                    },
                    works,
                )
            }
        "##]],
        );
    }

    #[test]
    fn where_every_kind_of_fault_is_given_nothing_is_left_to_the_defaults() {
        let faults = model::FAULTS.map(|name| quote::format_ident!("{name}"));
        let expansion =
            test(quote! { seeds = 3, faults(#(#faults = 0.5),*) }, quote! { async fn works(app: Local) {} });
        assert!(!expansion.to_string().contains("DEFAULT"), "clippy finds that needless: {expansion}");
    }

    #[test]
    fn options_have_to_make_sense() {
        let errors =
            |attribute, expected| check_errors(test(attribute, quote! { async fn works(app: Local) {} }), expected);
        errors(quote! { orders, sedes = 200 }, expect!["`sedes` is no option of `test`: did you mean `seeds`?"]);
        errors(quote! { orders, seeds = 0 }, expect!["`seeds` is 0, but has to be from 1 to 1000000"]);
        errors(quote! { orders, seeds }, expect!["`seeds` is a whole number: write `seeds = 1`"]);
        errors(quote! { orders, faults(throttle = 0.5) }, expect!["faults come from seeds: write `seeds = 200` too"]);
        errors(
            quote! { orders, seeds = 1, faults(throtle = 0.5, crash = 2, delay = "often") },
            expect![[r#"
            `throtle` is no option of `faults`: did you mean `throttle`?
            `crash` is a probability: it has to be from 0, never, to 1, always
            `delay` is a number from 0 to 1: write `delay = 0.1`"#]],
        );
        errors(
            quote! { orders seeds = 1 },
            expect!["a comma comes after the name of the library: `orders, seeds = 200`"],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            test(quote! { orders }, quote! { fn works<T>(&self, a: Local, b: u8) {} }),
            expect![[r#"
            a test of an application is async: write `async fn works`
            a test has no type parameters
            a test has one argument, the application: write `(app: Local)`"#]],
        );
        check_errors(
            test(quote! { "orders" }, quote! { async fn works(app: Local) {} }),
            expect![
                "name the library that has the handlers, as `use` would: `orders`, or `my_app` for the package `my-app`"
            ],
        );
        check_errors(test(quote! { orders }, quote! { struct Works; }), expect!["expected `fn`"]);
    }
}
