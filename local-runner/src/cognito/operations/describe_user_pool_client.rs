use serde::Deserialize;
use serde_json::{Value, json};
use skyloom_manifest::{OAuthClient, OAuthFlow, UserPoolClient};

use crate::cognito::{
    Context,
    client::Client,
    error::Error,
    pool::{Pool, Pools},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    client_id: String,
}

pub(super) fn describe_user_pool_client(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Value, Error> {
    let pool = pools.by_id_and_client(&input.user_pool_id, &input.client_id)?;
    let client = pool.client_with_id(&input.client_id).ok_or(Error::ClientNotFound(input.client_id))?;
    Ok(json!({ "UserPoolClient": describe(pool, &client) }))
}

fn describe(pool: &Pool, client: &Client) -> Value {
    let mut description = json!({
        "UserPoolId": pool.id,
        "ClientId": client.id,
        "ClientName": pool.physical_name_of(client),
        "CreationDate": pool.created.fractional(),
        "LastModifiedDate": pool.created.fractional(),
        "ExplicitAuthFlows": client.settings.explicit_flows(),
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": true,
        "AllowedOAuthFlowsUserPoolClient": client.oauth.is_some(),
        "AuthSessionValidity": 3,
    });
    if let Some(secret) = client.secret() {
        description["ClientSecret"] = secret.into();
    }
    if let Some(grace) = client.settings.rotation {
        description["RefreshTokenRotation"] = json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": grace });
    }
    if let Some((read, write)) = &pool.schema.of_clients {
        description["ReadAttributes"] = json!(read);
        description["WriteAttributes"] = json!(write);
    }
    if let Some(oauth) = &client.oauth {
        add_oauth(&mut description, pool, oauth);
    }
    add_lives(&mut description, &client.settings);
    description
}

/// What it may ask the sign-in page for; a machine asks it for nothing.
fn add_oauth(description: &mut Value, pool: &Pool, oauth: &OAuthClient) {
    let flows: Vec<_> = oauth.flows.iter().map(|flow| flow.as_cognito()).collect();
    description["AllowedOAuthFlows"] = json!(flows);
    description["AllowedOAuthScopes"] = json!(oauth.scopes);
    for (name, urls) in [("CallbackURLs", &oauth.callbacks), ("LogoutURLs", &oauth.logouts)] {
        if !urls.is_empty() {
            description[name] = json!(urls);
        }
    }
    if !oauth.flows.contains(&OAuthFlow::ClientCredentials) {
        let others = pool.oauth.declared.identity_providers.iter().map(|provider| provider.name.as_str());
        let providers: Vec<_> = std::iter::once("COGNITO").chain(others).collect();
        description["SupportedIdentityProviders"] = json!(providers);
    }
}

fn add_lives(description: &mut Value, client: &UserPoolClient) {
    let (units, [access, id, refresh]) = in_units([client.access_token, client.id_token, client.refresh_token]);
    description["AccessTokenValidity"] = access.into();
    description["IdTokenValidity"] = id.into();
    description["RefreshTokenValidity"] = refresh.into();
    description["TokenValidityUnits"] = units;
}

/// As the template has them: in seconds, unless they are Cognito's own.
fn in_units(lives: [u32; 3]) -> (Value, [u32; 3]) {
    let own = [UserPoolClient::TOKEN, UserPoolClient::TOKEN, UserPoolClient::REFRESH_TOKEN];
    if lives == own {
        let units = json!({ "AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days" });
        return (units, [own[0] / 60, own[1] / 60, own[2] / 86_400]);
    }
    (json!({ "AccessToken": "seconds", "IdToken": "seconds", "RefreshToken": "seconds" }), lives)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::Fixture;

    #[test]
    fn a_client_is_described_only_with_its_own_pool() {
        let mut cognito = Fixture::new();
        let mut input = json!({ "UserPoolId": cognito.pool("Shopper"), "ClientId": cognito.client("Shopper") });
        expect![[r#"{"UserPoolClient":{"AccessTokenValidity":60,"AllowedOAuthFlowsUserPoolClient":false,"AuthSessionValidity":3,"ClientId":"6q2poroz1jnzne40vzj26p5jtw","ClientName":"orders-Shopper","CreationDate":1767225600.0,"EnableTokenRevocation":true,"ExplicitAuthFlows":["ALLOW_ADMIN_USER_PASSWORD_AUTH","ALLOW_REFRESH_TOKEN_AUTH","ALLOW_USER_PASSWORD_AUTH","ALLOW_USER_SRP_AUTH"],"IdTokenValidity":60,"LastModifiedDate":1767225600.0,"PreventUserExistenceErrors":"ENABLED","RefreshTokenValidity":30,"TokenValidityUnits":{"AccessToken":"minutes","IdToken":"minutes","RefreshToken":"days"},"UserPoolId":"us-east-1_RjhHZltqo"}}"#]].assert_eq(&cognito.call("DescribeUserPoolClient", input.clone()));
        input["UserPoolId"] = cognito.pool("Member").into();
        expect!["ResourceNotFoundException: User pool client 6q2poroz1jnzne40vzj26p5jtw does not exist."]
            .assert_eq(&cognito.call("DescribeUserPoolClient", input));
    }
}
