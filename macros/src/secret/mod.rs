//! `#[derive(Secret)]`

mod expand;
mod model;

use proc_macro2::TokenStream;

/// The implementations and the registration of a secret, or what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |secret| expand::expand(&secret))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::derive;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn a_text_is_made_into_the_field_and_never_shown() {
        check(
            derive(quote! {
                /// The key for payments.
                #[secret(name = "payments/stripe")]
                pub struct StripeKey(String);
            }),
            expect![[r#"
                impl ::skyloom::SecretValue for StripeKey {
                    const NAME: &'static str = "StripeKey";
                    #[allow(clippy::useless_conversion)]
                    fn read(
                        text: ::std::string::String,
                    ) -> ::core::result::Result<Self, ::skyloom::__private::secret::Unreadable> {
                        ::core::result::Result::Ok(
                            Self(<String as ::core::convert::From<::std::string::String>>::from(text)),
                        )
                    }
                }
                impl ::skyloom::__private::bridge::Kept for StripeKey {
                    const SECRET: &'static str = "StripeKey";
                }
                impl ::core::fmt::Debug for StripeKey {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        ::skyloom::__private::secret::redacted("StripeKey", f)
                    }
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::SECRETS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::SecretEntry = ::skyloom::__private::SecretEntry {
                        name: "StripeKey",
                        description: "The key for payments.",
                        source: ::skyloom::__private::Source::here(),
                        origin: ::skyloom::__private::SecretOrigin::Existing("payments/stripe"),
                    };
                };
            "#]],
        );
    }

    #[test]
    fn an_object_of_json_is_deserialized() {
        check(
            derive(quote! { struct Database { user: String, password: String } }),
            expect![[r#"
                impl ::skyloom::SecretValue for Database {
                    const NAME: &'static str = "Database";
                    fn read(
                        text: ::std::string::String,
                    ) -> ::core::result::Result<Self, ::skyloom::__private::secret::Unreadable> {
                        ::skyloom::__private::secret::of_json::<Database>(&text)
                    }
                }
                impl ::skyloom::__private::bridge::Kept for Database {
                    const SECRET: &'static str = "Database";
                }
                impl ::core::fmt::Debug for Database {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        ::skyloom::__private::secret::redacted("Database", f)
                    }
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::SECRETS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::SecretEntry = ::skyloom::__private::SecretEntry {
                        name: "Database",
                        description: "",
                        source: ::skyloom::__private::Source::here(),
                        origin: ::skyloom::__private::SecretOrigin::Empty,
                    };
                };
            "#]],
        );
    }

    #[test]
    fn a_generated_secret_says_of_what() {
        check(
            derive(quote! {
                #[secret(generate(length = 64, punctuation))]
                struct Signing(Box<str>);
            }),
            expect![[r#"
                impl ::skyloom::SecretValue for Signing {
                    const NAME: &'static str = "Signing";
                    #[allow(clippy::useless_conversion)]
                    fn read(
                        text: ::std::string::String,
                    ) -> ::core::result::Result<Self, ::skyloom::__private::secret::Unreadable> {
                        ::core::result::Result::Ok(
                            Self(<Box<str> as ::core::convert::From<::std::string::String>>::from(text)),
                        )
                    }
                }
                impl ::skyloom::__private::bridge::Kept for Signing {
                    const SECRET: &'static str = "Signing";
                }
                impl ::core::fmt::Debug for Signing {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        ::skyloom::__private::secret::redacted("Signing", f)
                    }
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::SECRETS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::SecretEntry = ::skyloom::__private::SecretEntry {
                        name: "Signing",
                        description: "",
                        source: ::skyloom::__private::Source::here(),
                        origin: ::skyloom::__private::SecretOrigin::Generated {
                            length: 64u32,
                            punctuation: true,
                        },
                    };
                };
            "#]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            derive(quote! {
                #[secret(name = "pay ments", generate(length = 5_000, punctation), rotate)]
                enum Key<T> { A(T) }
            }),
            expect![[r#"
                `Secret` stands for one thing in the cloud: the type has no parameters
                `Secret` is derived for a text, `struct Key(String);`, or for the fields of a JSON object, `struct Key { … }`
                `rotate` is no option of `#[secret(…)]`: there are `name`, `generate`
                `pay ments` is no name of a secret: it has 1 to 512 letters, digits and `/_+=.@-`, such as `payments/stripe`
                `punctation` is no option of `generate(…)`: did you mean `punctuation`?
                `length` is 5000, but has to be from 1 to 4096
                a secret that is there already has its value: remove `name` or `generate`"#]],
        );
        check_errors(
            derive(quote! { #[secret(name = "a", generate = 5)] struct Pair(String, String); }),
            expect![[r#"
                `Secret` is derived for a text, `struct Pair(String);`, or for the fields of a JSON object, `struct Pair { … }`
                `generate` is followed by parentheses: write `generate(length = 64)`
                a secret that is there already has its value: remove `name` or `generate`"#]],
        );
        check_errors(
            derive(quote! { #[secret(generate)] struct Database { user: String } }),
            expect!["a text is generated, no JSON: write `struct Database(String);`"],
        );
    }
}
