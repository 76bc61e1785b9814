//! What a user pool has of OAuth 2.0: its domain, its clients, its resource servers and its identity providers.

use serde_json::{Value, json};
use skyloom_manifest::{IdentityProvider, Manifest, OAuthClient, OAuthFlow, ResourceServer, SecretOrigin, UserPool};

use super::{Resources, intrinsic, name, user_pool};

/// Adds all but what the pool's own client has of it.
pub(super) fn add(resources: &mut Resources, manifest: &Manifest, pool: &UserPool) {
    let oauth = &pool.oauth;
    if let Some(domain) = &oauth.domain {
        resources.add(name::user_pool_domain(&pool.name), user_pool_domain(pool, domain));
    }
    for server in &oauth.resource_servers {
        let id = name::user_pool_resource_server(&pool.name, &server.identifier);
        resources.add(id, resource_server(pool, server));
    }
    for provider in &oauth.identity_providers {
        let id = name::user_pool_provider(&pool.name, &provider.name);
        resources.add(id, identity_provider(manifest, pool, provider));
    }
    for client in oauth.clients.iter().filter(|client| client.name != pool.name) {
        resources.add(name::other_user_pool_client(&client.name), other_client(pool, client));
    }
}

/// Adds to the pool's own client what it may ask the sign-in page for.
pub(super) fn complete(client: &mut Value, pool: &UserPool) {
    if let Some(own) = pool.oauth.client(&pool.name) {
        complete_with(client, pool, own);
    }
}

/// The clients whose tokens a route takes.
pub(super) fn audience(pool: &UserPool) -> Vec<Value> {
    let others = pool.oauth.clients.iter().filter(|client| client.name != pool.name);
    let others = others.map(|client| name::other_user_pool_client(&client.name));
    std::iter::once(name::user_pool_client(&pool.name)).chain(others).map(|id| intrinsic::reference(&id)).collect()
}

/// Where the sign-in page is, and the ids of the other clients.
pub(super) fn outputs(pool: &UserPool) -> Vec<(String, Value)> {
    let url = |domain: &String| {
        let url = format!("https://{domain}.auth.${{AWS::Region}}.amazoncognito.com");
        (format!("{}Url", name::user_pool_domain(&pool.name)), intrinsic::substitute(url))
    };
    let others = pool.oauth.clients.iter().filter(|client| client.name != pool.name);
    let ids = others.map(|client| {
        let id = name::other_user_pool_client(&client.name);
        (format!("{id}Id"), intrinsic::reference(&id))
    });
    pool.oauth.domain.iter().map(url).chain(ids).collect()
}

fn user_pool_domain(pool: &UserPool, domain: &str) -> Value {
    json!({
        "Type": "AWS::Cognito::UserPoolDomain",
        "Properties": {"Domain": domain, "UserPoolId": intrinsic::reference(&name::user_pool(&pool.name))},
    })
}

/// A scope is described by its name: only AWS's console shows it.
fn resource_server(pool: &UserPool, server: &ResourceServer) -> Value {
    let scopes: Vec<Value> =
        server.scopes.iter().map(|scope| json!({"ScopeName": scope, "ScopeDescription": scope})).collect();
    json!({
        "Type": "AWS::Cognito::UserPoolResourceServer",
        "Properties": {
            "Identifier": server.identifier,
            "Name": server.identifier,
            "Scopes": scopes,
            "UserPoolId": intrinsic::reference(&name::user_pool(&pool.name)),
        },
    })
}

fn identity_provider(manifest: &Manifest, pool: &UserPool, provider: &IdentityProvider) -> Value {
    let mut attributes = json!({"username": "sub"});
    for (attribute, claim) in &provider.attributes {
        attributes[attribute] = claim.as_str().into();
    }
    json!({
        "Type": "AWS::Cognito::UserPoolIdentityProvider",
        "Properties": {
            "UserPoolId": intrinsic::reference(&name::user_pool(&pool.name)),
            "ProviderName": provider.name,
            "ProviderType": "OIDC",
            "ProviderDetails": {
                "client_id": provider.client_id,
                "client_secret": client_secret(manifest, &provider.client_secret),
                "attributes_request_method": "GET",
                "oidc_issuer": provider.issuer,
                "authorize_scopes": provider.scopes.join(" "),
            },
            "AttributeMapping": attributes,
        },
    })
}

/// CloudFormation fetches the value when it makes the provider; the template has the name alone.
fn client_secret(manifest: &Manifest, secret: &str) -> Value {
    match manifest.secret(secret).map(|secret| &secret.origin) {
        Some(SecretOrigin::Existing { id }) => {
            intrinsic::substitute(format!("{{{{resolve:secretsmanager:{id}:SecretString}}}}"))
        }
        _ => {
            intrinsic::substitute(format!("{{{{resolve:secretsmanager:${{{}}}:SecretString}}}}", name::secret(secret)))
        }
    }
}

/// A client beside the pool's own signs in on the page alone, and a machine not at all. A client of which nothing were said could sign
/// users in with a proof of their password.
fn other_client(pool: &UserPool, client: &OAuthClient) -> Value {
    let mut resource = json!({
        "Type": "AWS::Cognito::UserPoolClient",
        "Properties": {
            "UserPoolId": intrinsic::reference(&name::user_pool(&pool.name)),
            "GenerateSecret": client.secret.then_some(true),
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "PreventUserExistenceErrors": "ENABLED",
        },
    });
    user_pool::add_permissions(&mut resource, pool);
    complete_with(&mut resource, pool, client);
    resource
}

/// Scopes are named as texts, which says nothing of what has to be there before.
fn complete_with(resource: &mut Value, pool: &UserPool, client: &OAuthClient) {
    let flows: Vec<&str> = client.flows.iter().map(|flow| flow.as_cognito()).collect();
    let is_machine = client.flows.contains(&OAuthFlow::ClientCredentials);
    let providers = pool.oauth.identity_providers.iter();
    let providers = providers.map(|it| intrinsic::reference(&name::user_pool_provider(&pool.name, &it.name)));
    let supported: Vec<Value> = std::iter::once(json!("COGNITO")).chain(providers).collect();
    let servers = pool.oauth.resource_servers.iter();
    let named = |server: &&ResourceServer| {
        client.scopes.iter().any(|scope| scope.starts_with(&format!("{}/", server.identifier)))
    };
    let needed: Vec<String> =
        servers.filter(named).map(|it| name::user_pool_resource_server(&pool.name, &it.identifier)).collect();
    let properties = [
        ("AllowedOAuthFlowsUserPoolClient", json!(true)),
        ("AllowedOAuthFlows", json!(flows)),
        ("AllowedOAuthScopes", json!(client.scopes)),
        ("CallbackURLs", json!((!client.callbacks.is_empty()).then_some(&client.callbacks))),
        ("LogoutURLs", json!((!client.logouts.is_empty()).then_some(&client.logouts))),
        ("SupportedIdentityProviders", json!((!is_machine).then_some(supported))),
    ];
    for (name, value) in properties {
        resource["Properties"][name] = value;
    }
    if !needed.is_empty() {
        resource["DependsOn"] = json!(needed);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::super::fixture;

    #[test]
    fn a_pool_with_all_of_it_is_a_domain_clients_servers_and_providers() {
        let template = fixture::template(&fixture::shop_with_sign_in_page());
        let parts = ["Domain", "ResourceServer", "Provider", "Client"];
        let of_pool = template.resources().filter(|(id, _)| parts.iter().any(|part| id.contains(part)));
        let of_pool: serde_json::Map<_, _> = of_pool
            .filter(|(_, resource)| resource["Type"].as_str().is_some_and(|it| it.starts_with("AWS::Cognito")))
            .map(|(id, resource)| (id.clone(), resource.clone()))
            .collect();
        expect![[r#"
            {
              "CourierUserPoolClient": {
                "Properties": {
                  "ExplicitAuthFlows": [
                    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
                    "ALLOW_REFRESH_TOKEN_AUTH",
                    "ALLOW_USER_PASSWORD_AUTH",
                    "ALLOW_USER_SRP_AUTH"
                  ],
                  "PreventUserExistenceErrors": "ENABLED",
                  "UserPoolId": {
                    "Ref": "CourierUserPool"
                  }
                },
                "Type": "AWS::Cognito::UserPoolClient"
              },
              "NightlyUserPoolClient": {
                "DependsOn": [
                  "ShopperUserPoolResourceServerOrders"
                ],
                "Properties": {
                  "AllowedOAuthFlows": [
                    "client_credentials"
                  ],
                  "AllowedOAuthFlowsUserPoolClient": true,
                  "AllowedOAuthScopes": [
                    "orders/read"
                  ],
                  "ExplicitAuthFlows": [
                    "ALLOW_REFRESH_TOKEN_AUTH"
                  ],
                  "GenerateSecret": true,
                  "PreventUserExistenceErrors": "ENABLED",
                  "UserPoolId": {
                    "Ref": "ShopperUserPool"
                  }
                },
                "Type": "AWS::Cognito::UserPoolClient"
              },
              "ShopperUserPoolClient": {
                "Properties": {
                  "AllowedOAuthFlows": [
                    "code"
                  ],
                  "AllowedOAuthFlowsUserPoolClient": true,
                  "AllowedOAuthScopes": [
                    "openid",
                    "email"
                  ],
                  "CallbackURLs": [
                    "http://localhost:3000/signed-in"
                  ],
                  "ExplicitAuthFlows": [
                    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
                    "ALLOW_REFRESH_TOKEN_AUTH",
                    "ALLOW_USER_PASSWORD_AUTH",
                    "ALLOW_USER_SRP_AUTH"
                  ],
                  "LogoutURLs": [
                    "http://localhost:3000/"
                  ],
                  "PreventUserExistenceErrors": "ENABLED",
                  "SupportedIdentityProviders": [
                    "COGNITO",
                    {
                      "Ref": "ShopperUserPoolProviderPartner"
                    }
                  ],
                  "UserPoolId": {
                    "Ref": "ShopperUserPool"
                  }
                },
                "Type": "AWS::Cognito::UserPoolClient"
              },
              "ShopperUserPoolDomain": {
                "Properties": {
                  "Domain": "acme-shop",
                  "UserPoolId": {
                    "Ref": "ShopperUserPool"
                  }
                },
                "Type": "AWS::Cognito::UserPoolDomain"
              },
              "ShopperUserPoolProviderPartner": {
                "Properties": {
                  "AttributeMapping": {
                    "email": "email",
                    "username": "sub"
                  },
                  "ProviderDetails": {
                    "attributes_request_method": "GET",
                    "authorize_scopes": "openid email",
                    "client_id": "shop",
                    "client_secret": "{{resolve:secretsmanager:shop/partner:SecretString}}",
                    "oidc_issuer": "https://id.example.com"
                  },
                  "ProviderName": "Partner",
                  "ProviderType": "OIDC",
                  "UserPoolId": {
                    "Ref": "ShopperUserPool"
                  }
                },
                "Type": "AWS::Cognito::UserPoolIdentityProvider"
              },
              "ShopperUserPoolResourceServerOrders": {
                "Properties": {
                  "Identifier": "orders",
                  "Name": "orders",
                  "Scopes": [
                    {
                      "ScopeDescription": "read",
                      "ScopeName": "read"
                    },
                    {
                      "ScopeDescription": "write",
                      "ScopeName": "write"
                    }
                  ],
                  "UserPoolId": {
                    "Ref": "ShopperUserPool"
                  }
                },
                "Type": "AWS::Cognito::UserPoolResourceServer"
              }
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&of_pool).unwrap());
    }

    #[test]
    fn a_pool_with_all_of_it_is_valid() {
        assert_eq!(fixture::shop_with_sign_in_page().validate(), []);
    }

    #[test]
    fn a_stage_has_a_domain_and_callbacks_of_its_own() {
        let template = fixture::sign_in_page_at_a_stage();
        let resources: std::collections::BTreeMap<_, _> = template.resources().collect();
        let of = |id: &str, property: &str| {
            resources.iter().find(|(it, _)| **it == id).map(|(_, it)| it["Properties"][property].to_string())
        };
        assert_eq!(of("ShopperUserPoolDomain", "Domain").as_deref(), Some("\"acme-shop-prod\""));
        let callbacks = of("ShopperUserPoolClient", "CallbackURLs");
        assert_eq!(callbacks.as_deref(), Some("[\"https://shop.example.com/signed-in\"]"));
    }
}
