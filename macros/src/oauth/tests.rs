use expect_test::expect;
use quote::quote;

use super::derive_client;
use crate::{
    snapshot::{check, check_errors},
    user_pool,
};

#[test]
fn a_client_belongs_to_its_pool_and_registers_what_it_may() {
    check(
        derive_client(quote! {
            #[client(pool = Shopper, flows = ["client-credentials"], scopes = ["orders/read"])]
            pub struct Nightly;
        }),
        expect![[r#"
            impl ::skyloom::__private::bridge::ClientOfPool for Nightly {
                const USER_POOL: &'static str = <Shopper as ::skyloom::__private::bridge::SignsIn>::USER_POOL;
                const CLIENT: &'static str = "Nightly";
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(
                    ::skyloom::__private::USER_POOL_CLIENTS
                )]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::UserPoolClientEntry = ::skyloom::__private::UserPoolClientEntry {
                    name: "Nightly",
                    source: ::skyloom::__private::Source::here(),
                    pool: <Shopper as ::skyloom::__private::bridge::SignsIn>::USER_POOL,
                    client: ::skyloom::__private::OAuthClientEntry {
                        flows: &[::skyloom::__private::OAuthFlow::ClientCredentials],
                        scopes: &["orders/read"],
                        callbacks: &[],
                        logouts: &[],
                        secret: true,
                    },
                };
            };
        "#]],
    );
}

#[test]
fn a_pool_registers_its_domain_its_client_and_its_providers() {
    check(
        user_pool::derive(quote! {
            #[user_pool(domain = "acme", oauth(scopes = ["openid"], callbacks = ["http://localhost:3000/cb"]))]
            #[resource_server(identifier = "orders", scopes = ["read", "write"])]
            #[identity_provider(oidc, name = "Partner", issuer = "https://id.example.com", client_id = "a",
                client_secret = PartnerSecret, attributes(email = "mail"))]
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
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::UserPoolEntry = ::skyloom::__private::UserPoolEntry {
                    name: "Shopper",
                    source: ::skyloom::__private::Source::here(),
                    sign_in: ::skyloom::__private::SignIn::Email,
                    self_sign_up: false,
                    groups: &[],
                    options: ::skyloom::__private::UserPoolOptions::DEFAULT,
                    oauth: ::skyloom::__private::OAuthEntry {
                        domain: ::core::option::Option::Some("acme"),
                        client: ::core::option::Option::Some(::skyloom::__private::OAuthClientEntry {
                            flows: &[::skyloom::__private::OAuthFlow::Code],
                            scopes: &["openid"],
                            callbacks: &["http://localhost:3000/cb"],
                            logouts: &[],
                            secret: false,
                        }),
                        resource_servers: &[
                            ::skyloom::__private::ResourceServerEntry {
                                identifier: "orders",
                                scopes: &["read", "write"],
                            },
                        ],
                        identity_providers: &[
                            ::skyloom::__private::IdentityProviderEntry {
                                name: "Partner",
                                issuer: "https://id.example.com",
                                client_id: "a",
                                client_secret: <PartnerSecret as ::skyloom::SecretValue>::NAME,
                                scopes: &[],
                                attributes: &[("email", "mail")],
                            },
                        ],
                    },
                };
            };
        "#]],
    );
}

#[test]
fn all_that_is_wrong_with_a_client_is_said_at_once() {
    check_errors(
        derive_client(quote! {
            #[client(flows = ["code", "client-credentials", "password"], callbacks = ["http://example.com"], secrets)]
            pub struct Web;
        }),
        expect![[r#"
            `secrets` is no option of `#[client(…)]`: did you mean `secret`?
            a client is one of a user pool: write `#[client(pool = Shopper, …)]`
            `password` is no flow: there are `code`, `implicit`, `client-credentials`
            a client with `client-credentials` is no person's and has no other flow: make two clients
            `http://example.com` is not encrypted: Cognito takes `http` for `localhost` alone; write one like `https://example.com/signed-in`
            a client asks for scopes: write `scopes = ["openid", "email"]`, or those of a resource server"#]],
    );
    check_errors(
        derive_client(quote! {
            #[client(pool = Shopper)]
            pub struct Web<T>(T);
        }),
        expect![[r#"
            `UserPoolClient` stands for one thing in the cloud: the type has no parameters
            a client asks for scopes: write `scopes = ["openid", "email"]`, or those of a resource server
            the sign-in page has to know where to send the browser: write `callbacks = ["http://localhost:3000/signed-in"]`"#]],
    );
}

#[test]
fn all_that_is_wrong_with_a_pools_sign_in_page_is_said_at_once() {
    check_errors(
        user_pool::derive(quote! {
            #[user_pool(oauth(flow = ["code"]))]
            #[resource_server(identifier = "my orders", scopes = ["a/b"])]
            #[resource_server(scopes = ["read"])]
            #[identity_provider(oidc, name = "Google", issuer = "id.example.com", scopes = ["email"])]
            pub struct Shopper { pub sub: String }
        }),
        expect![[r#"
            `flow` is no option of `oauth(…)`: did you mean `flows`?
            a client asks for scopes: write `scopes = ["openid", "email"]`, or those of a resource server
            the sign-in page has to know where to send the browser: write `callbacks = ["http://localhost:3000/signed-in"]`
            `my orders` is no identifier of a resource server: write a name or a URL without spaces, such as `orders`
            `a/b` is no name of a scope: write one without spaces and `/`, such as `read`; the resource server's goes before it
            this lacks `identifier`: write `identifier = "orders", scopes = ["read"]`
            this lacks `client_id`, `client_secret`: write `oidc, name = "Partner", issuer = "https://id.example.com", client_id = "…", client_secret = PartnerSecret`
            `Google` is a kind of provider of its own in Cognito: name it otherwise, `GoogleOidc`
            `id.example.com` is no issuer: write its URL as the provider's `openid-configuration` has it, such as `https://id.example.com`
            without the scope `openid` there is no ID token: add it
            the sign-in page needs an address: write `domain = "acme-orders"`, too"#]],
    );
}
