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
        expect![[r#""#]],
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
        expect![[r#""#]],
    );
}

#[test]
fn all_that_is_wrong_with_a_client_is_said_at_once() {
    check_errors(
        derive_client(quote! {
            #[client(flows = ["code", "client-credentials", "password"], callbacks = ["http://example.com"], secrets)]
            pub struct Web;
        }),
        expect![[r#""#]],
    );
    check_errors(
        derive_client(quote! {
            #[client(pool = Shopper)]
            pub struct Web<T>(T);
        }),
        expect![[r#""#]],
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
        expect![[r#""#]],
    );
}
