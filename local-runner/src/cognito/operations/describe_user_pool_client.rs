use serde::Deserialize;
use serde_json::{Value, json};
use skyloom_manifest::UserPoolClient;

use crate::cognito::{
    Context,
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
    Ok(json!({ "UserPoolClient": describe(pool) }))
}

fn describe(pool: &Pool) -> Value {
    let client = &pool.client;
    let mut description = json!({
        "UserPoolId": pool.id,
        "ClientId": pool.client_id,
        "ClientName": pool.physical_name,
        "CreationDate": pool.created.fractional(),
        "LastModifiedDate": pool.created.fractional(),
        "ExplicitAuthFlows": client.explicit_flows(),
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": true,
        "AllowedOAuthFlowsUserPoolClient": false,
        "AuthSessionValidity": 3,
    });
    if let Some(secret) = pool.client_secret() {
        description["ClientSecret"] = secret.into();
    }
    if let Some(grace) = client.rotation {
        description["RefreshTokenRotation"] = json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": grace });
    }
    let lives = [client.access_token, client.id_token, client.refresh_token];
    let (units, [access, id, refresh]) = in_units(lives);
    description["AccessTokenValidity"] = access.into();
    description["IdTokenValidity"] = id.into();
    description["RefreshTokenValidity"] = refresh.into();
    description["TokenValidityUnits"] = units;
    description
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
