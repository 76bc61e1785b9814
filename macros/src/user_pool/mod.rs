//! `#[derive(UserPool)]`

mod expand;
mod model;

use proc_macro2::TokenStream;

/// The implementations and the registration of a user pool, or what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |pool| expand::expand(&pool))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::derive;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn a_pool_is_a_principal_and_an_argument_of_its_routes() {
        check(
            derive(quote! {
                #[user_pool(sign_in = "phone", self_sign_up, groups = ["staff", "drivers"])]
                pub struct Shopper { pub sub: String }
            }),
            expect![[r#"
                impl ::skyloom::Principal for Shopper {
                    const KIND: ::skyloom::__private::PrincipalKind = ::skyloom::__private::PrincipalKind::UserPool(
                        "Shopper",
                    );
                }
                impl ::skyloom::__private::bridge::SignsIn for Shopper {
                    const USER_POOL: &'static str = "Shopper";
                }
                impl ::skyloom::FromEvent<::skyloom::__private::http::Http<Shopper>> for Shopper {
                    async fn from_event<'a>(
                        event: &'a ::skyloom::__private::RequestEvent<'a>,
                        _: &'a ::skyloom::__private::Scope,
                    ) -> ::core::result::Result<Self, ::skyloom::__private::Rejection> {
                        ::skyloom::__private::user_of_pool(event)
                    }
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::USER_POOLS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::UserPoolEntry = ::skyloom::__private::UserPoolEntry {
                        name: "Shopper",
                        source: ::skyloom::__private::Source::here(),
                        sign_in: ::skyloom::__private::SignIn::Phone,
                        self_sign_up: true,
                        groups: &["staff", "drivers"],
                        oauth: ::skyloom::__private::OAuthEntry::NONE,
                    };
                };
            "#]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            derive(quote! {
                #[user_pool(sign_in = "mail", self_signup, groups = ["store staff", "staff"])]
                #[user_pool(sign_in = "email")]
                pub struct Shopper<T> { pub sub: T }
            }),
            expect![[r#"
                `UserPool` stands for one thing in the cloud: the type has no parameters
                `self_signup` is no option of `#[user_pool(…)]`: did you mean `self_sign_up`?
                `sign_in` is given twice: remove one of them
                `mail` is no value of `sign_in`: did you mean `email`?
                Cognito's groups have names of 1 to 128 characters without spaces"#]],
        );
        check_errors(
            derive(quote! { struct Shopper(String); }),
            expect!["`UserPool` is derived for structs with named fields: `struct Shopper { … }`"],
        );
    }
}
