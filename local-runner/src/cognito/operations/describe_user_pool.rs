use serde::Deserialize;
use serde_json::{Value, json};

use super::schema_attributes::schema_attributes;
use crate::cognito::{
    Context,
    error::Error,
    pool::{Pool, Pools},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
}

pub(super) fn describe_user_pool(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Value, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    Ok(json!({ "UserPool": describe(pool) }))
}

fn describe(pool: &Pool) -> Value {
    let mut description = json!({
        "Id": pool.id,
        "Name": pool.physical_name,
        "Arn": pool.arn,
        "CreationDate": pool.created.fractional(),
        "LastModifiedDate": pool.created.fractional(),
        "EstimatedNumberOfUsers": pool.users.len(),
        "MfaConfiguration": configuration(pool),
        "LambdaConfig": pool.triggers.lambda_config(),
        "DeletionProtection": "INACTIVE",
        "UsernameConfiguration": { "CaseSensitive": false },
        "AutoVerifiedAttributes": [pool.verified().attribute()],
        "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": !pool.self_sign_up, "UnusedAccountValidityDays": pool.password.temporary_days },
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": pool.password.min_length,
                "RequireUppercase": pool.password.uppercase,
                "RequireLowercase": pool.password.lowercase,
                "RequireNumbers": pool.password.numbers,
                "RequireSymbols": pool.password.symbols,
                "TemporaryPasswordValidityDays": pool.password.temporary_days,
            },
        },
    });
    description["SchemaAttributes"] = schema_attributes(&pool.schema);
    if let Some(devices) = pool.devices {
        description["DeviceConfiguration"] = json!({
            "ChallengeRequiredOnNewDevice": devices.challenge_required_on_new_device,
            "DeviceOnlyRememberedOnUserPrompt": devices.only_remembered_on_user_prompt,
        });
    }
    if let Some(prefix) = &pool.oauth.declared.domain {
        description["Domain"] = json!(prefix);
    }
    if let Some(contact) = pool.contact() {
        description["UsernameAttributes"] = json!([contact.attribute()]);
    }
    description
}

/// `MfaConfiguration`
pub(super) fn configuration(pool: &Pool) -> &'static str {
    match &pool.mfa {
        None => "OFF",
        Some(mfa) if mfa.required => "ON",
        Some(_) => "OPTIONAL",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::{Fixture, ask, manifest};

    #[test]
    fn a_pool_is_described_as_the_template_makes_it() {
        let mut cognito = Fixture::new();
        let input = json!({ "UserPoolId": cognito.pool("Employee") });
        let mut described: Value = serde_json::from_str(&cognito.call("DescribeUserPool", input)).unwrap();
        assert!(described["UserPool"].as_object_mut().unwrap().remove("SchemaAttributes").is_some());
        expect![[r#"{"UserPool":{"AdminCreateUserConfig":{"AllowAdminCreateUserOnly":true,"UnusedAccountValidityDays":7},"Arn":"arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_hvBIIKlwF","AutoVerifiedAttributes":["phone_number"],"CreationDate":1767225600.0,"DeletionProtection":"INACTIVE","EstimatedNumberOfUsers":0,"Id":"us-east-1_hvBIIKlwF","LambdaConfig":{},"LastModifiedDate":1767225600.0,"MfaConfiguration":"OFF","Name":"orders-Employee","Policies":{"PasswordPolicy":{"MinimumLength":8,"RequireLowercase":true,"RequireNumbers":true,"RequireSymbols":true,"RequireUppercase":true,"TemporaryPasswordValidityDays":7}},"UsernameAttributes":["phone_number"],"UsernameConfiguration":{"CaseSensitive":false}}}"#]].assert_eq(&described.to_string());
    }

    #[test]
    fn a_pool_names_its_domain_and_the_functions_that_it_asks() {
        let mut manifest = manifest();
        ask(&mut manifest, &[("migrate-user", "V1_0"), ("pre-token-generation", "V2_0")]);
        manifest.user_pools[2].oauth.domain = Some("acme".into());
        let mut cognito = Fixture::of(&manifest);
        let described = cognito.call("DescribeUserPool", json!({ "UserPoolId": cognito.pool("Shopper") }));
        let described: Value = serde_json::from_str(&described).unwrap();
        assert_eq!(described["UserPool"]["Domain"], "acme");
        expect![[r#"
            {
              "PreTokenGeneration": "arn:aws:lambda:us-east-1:000000000000:function:orders-pre-token-generation",
              "PreTokenGenerationConfig": {
                "LambdaArn": "arn:aws:lambda:us-east-1:000000000000:function:orders-pre-token-generation",
                "LambdaVersion": "V2_0"
              },
              "UserMigration": "arn:aws:lambda:us-east-1:000000000000:function:orders-migrate-user"
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&described["UserPool"]["LambdaConfig"]).unwrap());
        let listed: Value = serde_json::from_str(&cognito.call("ListUserPools", json!({ "MaxResults": 60 }))).unwrap();
        assert_eq!(listed["UserPools"][2]["LambdaConfig"], described["UserPool"]["LambdaConfig"]);
        assert_eq!(listed["UserPools"][1]["LambdaConfig"], json!({}));
    }
}
