//! `#[derive(IdentityPool)]`

mod expand;
mod model;

use proc_macro2::TokenStream;

/// The registration of an identity pool, or what is wrong with it.
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
    fn a_pool_names_its_providers_and_what_each_role_may_do() {
        check(
            derive(quote! {
                #[identity_pool(
                    providers = [Shopper],
                    authenticated(allow = [Own<Read<Note>>], routes = [notes::list_notes], invalidate_cache = [notes::list_notes]),
                    unauthenticated(allow = []),
                    role(name = "staff", group = "staff", allow = [Scan<Note>]),
                    ambiguous_role_resolution = "deny",
                )]
                pub struct Visitors;
            }),
            expect![[r#"
                impl ::skyloom::__private::bridge::GivesCredentials for Visitors {
                    const IDENTITY_POOL: &'static str = "Visitors";
                }
                const _: () = {
                    #[allow(unused_imports)]
                    use notes::list_notes as _;
                    #[allow(unused_imports)]
                    use notes::list_notes as _;
                    #[::skyloom::__private::linkme::distributed_slice(
                        ::skyloom::__private::IDENTITY_POOLS
                    )]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::IdentityPoolEntry = ::skyloom::__private::IdentityPoolEntry {
                        name: "Visitors",
                        source: ::skyloom::__private::Source::here(),
                        providers: &[<Shopper as ::skyloom::__private::bridge::SignsIn>::USER_POOL],
                        authenticated: ::skyloom::__private::GrantsEntry {
                            needs: ::skyloom::__private::Needs::All(
                                &[<Own<Read<Note>> as ::skyloom::__private::identity::Allowed>::ALLOWED],
                            ),
                            routes: &["list_notes"],
                            invalidate_cache: &["list_notes"],
                        },
                        unauthenticated: ::core::option::Option::Some(::skyloom::__private::GrantsEntry {
                            needs: ::skyloom::__private::Needs::All(&[]),
                            routes: &[],
                            invalidate_cache: &[],
                        }),
                        roles: &[
                            ::skyloom::__private::RuledRoleEntry {
                                name: "staff",
                                claim: "cognito:groups",
                                match_type: ::skyloom::__private::MatchType::Contains,
                                value: "staff",
                                grants: ::skyloom::__private::GrantsEntry {
                                    needs: ::skyloom::__private::Needs::All(
                                        &[
                                            <Scan<
                                                Note,
                                            > as ::skyloom::__private::identity::Allowed>::ALLOWED,
                                        ],
                                    ),
                                    routes: &[],
                                    invalidate_cache: &[],
                                },
                            },
                        ],
                        classic_flow: false,
                        ambiguous_role_resolution: ::skyloom::__private::AmbiguousRoleResolution::Deny,
                    };
                };
            "#]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            derive(quote! {
                #[identity_pool(
                    provider = [Shopper],
                    authenticated(allow = "all", paths = [list]),
                    role(name = "staff"),
                    role(group = "staff", claim = "sub", equals = "a"),
                )]
                pub struct Visitors { sub: String }
            }),
            expect![[r#"
                `IdentityPool` is derived for a struct without fields: `struct Visitors;`
                `provider` is no option of `#[identity_pool(…)]`: did you mean `providers`?
                `paths` is no option of `authenticated(…)`: there are `allow`, `routes`, `invalidate_cache`
                `allow` is a list of types: write `allow = [Own<Read<Note>>]`
                a role has one rule: write `group = "staff"`, or a claim and what it has to be, `claim = "tenant", equals = "acme"` (or `contains`, `starts_with`, `not_equal`)
                a role has a name: write `role(name = "staff", group = "staff", allow = [Scan<Note>])`
                a role has one rule: write `group = "staff"`, or a claim and what it has to be, `claim = "tenant", equals = "acme"` (or `contains`, `starts_with`, `not_equal`)
                nobody can sign in: name the user pools, `providers = [Shopper]`
                nobody can sign in: name the user pools, `providers = [Shopper]`"#]],
        );
        check_errors(
            derive(quote! {
                #[identity_pool(providers = [Shopper], ambiguous_role_resolution = "refuse")]
                struct Visitors;
            }),
            expect![[r#"
                `refuse` is no value of `ambiguous_role_resolution`: there are `deny`, `authenticated-role`
                no token is told from another: add a rule, `role(name = "staff", group = "staff", allow = [Scan<Note>])`"#]],
        );
        check_errors(
            derive(quote! {
                #[identity_pool(
                    providers = [Shopper],
                    role(name = "staff", group = "staff", allow = [Scan<Note>]),
                    classic_flow,
                )]
                struct Visitors;
            }),
            expect![
                "with `classic_flow` whoever signs in may name any role of the pool to STS, which knows no groups and claims: leave it out, or the roles by rule"
            ],
        );
        check_errors(
            derive(quote! { struct Visitors; }),
            expect![
                "the pool lets nobody in: name the user pools whose users it takes, `#[identity_pool(providers = [Shopper], …)]`, or say what guests may do, `unauthenticated(…)`"
            ],
        );
    }
}
