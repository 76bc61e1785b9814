//! A Cognito user pool with its client and groups.

mod schema;
mod triggers;

use serde_json::{Map, Value, json};
use skyloom_manifest::{Devices, Manifest, Mfa, PasswordPolicy, SignIn, UserPool, UserPoolClient};

use super::{Resources, intrinsic, name, oauth, policy};
use crate::stage::Stage;
pub(super) use schema::add_permissions;
pub(super) use triggers::permission;

/// Adds the pool. Like a table it outlives the stack: passwords cannot be moved to another one.
pub(super) fn add(resources: &mut Resources, manifest: &Manifest, pool: &UserPool, stage: &Stage) {
    let is_protected = stage.is_protected();
    resources.add(name::user_pool(&pool.name), user_pool(manifest, pool, is_protected));
    resources.add(name::user_pool_client(&pool.name), client(pool));
    oauth::add(resources, manifest, pool);
    for group in &pool.groups {
        resources.add(name::user_pool_group(&pool.name, group), user_group(pool, group));
    }
    if pool.sends_texts() {
        resources.add(name::user_pool_sms_sender(&pool.name), sms_role(pool));
    }
}

fn user_pool(manifest: &Manifest, pool: &UserPool, is_protected: bool) -> Value {
    let (username, verified) = match pool.sign_in {
        SignIn::Email => (Some(["email"]), "email"),
        SignIn::Phone => (Some(["phone_number"]), "phone_number"),
        SignIn::Username => (None, "email"),
    };
    json!({
        "Type": "AWS::Cognito::UserPool",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "UsernameAttributes": username,
            "UsernameConfiguration": {"CaseSensitive": false},
            "AutoVerifiedAttributes": [verified],
            "AccountRecoverySetting": {"RecoveryMechanisms": recovery(pool)},
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": !pool.self_sign_up},
            "Policies": {"PasswordPolicy": password_policy(&pool.password)},
            "MfaConfiguration": pool.mfa.as_ref().map(|mfa| if mfa.required { "ON" } else { "OPTIONAL" }),
            "EnabledMfas": pool.mfa.as_ref().map(methods),
            "DeviceConfiguration": pool.devices.map(device_configuration),
            "EmailConfiguration": pool.mfa.as_ref().and_then(email_configuration),
            "SmsConfiguration": sms_configuration(pool),
            "LambdaConfig": triggers::lambda_config(manifest, pool),
            "Schema": schema::schema(pool),
            "DeletionProtection": is_protected.then_some("ACTIVE"),
        },
    })
}

fn recovery(pool: &UserPool) -> Value {
    let ways = pool.recovery().into_iter().zip(1..);
    ways.map(|(way, priority)| json!({"Name": way.as_str(), "Priority": priority})).collect()
}

fn device_configuration(devices: Devices) -> Value {
    json!({
        "ChallengeRequiredOnNewDevice": devices.challenge_required_on_new_device,
        "DeviceOnlyRememberedOnUserPrompt": devices.only_remembered_on_user_prompt,
    })
}

fn methods(mfa: &Mfa) -> Vec<&'static str> {
    mfa.methods.iter().map(|method| method.as_str()).collect()
}

/// Cognito sends codes for signing in only from an identity of the account's own.
fn email_configuration(mfa: &Mfa) -> Option<Value> {
    let identity = mfa.email_identity.as_ref()?;
    let arn = format!("arn:${{AWS::Partition}}:ses:${{AWS::Region}}:${{AWS::AccountId}}:identity/{identity}");
    let from = if identity.contains('@') { identity.clone() } else { format!("no-reply@{identity}") };
    Some(json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": intrinsic::substitute(&arn), "From": from}))
}

/// Cognito's own default, too, is written out so that it is seen and does not change unnoticed.
fn password_policy(policy: &PasswordPolicy) -> Value {
    json!({
        "MinimumLength": policy.min_length,
        "RequireLowercase": policy.lowercase,
        "RequireUppercase": policy.uppercase,
        "RequireNumbers": policy.numbers,
        "RequireSymbols": policy.symbols,
        "TemporaryPasswordValidityDays": policy.temporary_days,
    })
}

/// A public client unless it says otherwise: a browser or phone cannot keep a secret.
fn client(pool: &UserPool) -> Value {
    let client = &pool.client;
    let rotation = client.rotation.map(|grace| json!({"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}));
    let mut properties = json!({
        "UserPoolId": intrinsic::reference(&name::user_pool(&pool.name)),
        "ExplicitAuthFlows": client.explicit_flows(),
        "PreventUserExistenceErrors": "ENABLED",
        "GenerateSecret": client.secret.then_some(true),
        "RefreshTokenRotation": rotation,
    });
    if let (Some(properties), Some(lives)) = (properties.as_object_mut(), lives(client)) {
        properties.extend(lives);
    }
    let mut client = json!({"Type": "AWS::Cognito::UserPoolClient", "Properties": properties});
    add_permissions(&mut client, pool);
    oauth::complete(&mut client, pool);
    client
}

/// In seconds, if any is another than Cognito's own.
fn lives(client: &UserPoolClient) -> Option<Map<String, Value>> {
    let own = (UserPoolClient::TOKEN, UserPoolClient::TOKEN, UserPoolClient::REFRESH_TOKEN);
    if (client.access_token, client.id_token, client.refresh_token) == own {
        return None;
    }
    let lives = json!({
        "AccessTokenValidity": client.access_token,
        "IdTokenValidity": client.id_token,
        "RefreshTokenValidity": client.refresh_token,
        "TokenValidityUnits": {"AccessToken": "seconds", "IdToken": "seconds", "RefreshToken": "seconds"},
    });
    lives.as_object().cloned()
}

fn user_group(pool: &UserPool, group: &str) -> Value {
    let options = pool.options_of(group);
    json!({
        "Type": "AWS::Cognito::UserPoolGroup",
        "Properties": {
            "GroupName": group,
            "UserPoolId": intrinsic::reference(&name::user_pool(&pool.name)),
            "Precedence": options.and_then(|options| options.precedence),
            "RoleArn": options.and_then(|options| options.role.as_ref()),
        },
    })
}

fn sms_configuration(pool: &UserPool) -> Option<Value> {
    let role = intrinsic::attribute(&name::user_pool_sms_sender(&pool.name), "Arn");
    pool.sends_texts().then(|| json!({"SnsCallerArn": role, "ExternalId": pool.name}))
}

/// Text messages have no ARN. `NotResource` with every topic leaves only them, where `Resource` could only be `*`.
fn sms_role(pool: &UserPool) -> Value {
    let mut cognito = policy::assumed_by_own("cognito-idp.amazonaws.com");
    cognito["Condition"]["StringEquals"]["sts:ExternalId"] = pool.name.as_str().into();
    let send = json!({
        "Effect": "Allow",
        "Action": ["sns:Publish"],
        "NotResource": intrinsic::substitute("arn:${AWS::Partition}:sns:*:*:*"),
    });
    policy::role(cognito, vec![send])
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;
    use serde_json::Value;
    use skyloom_manifest::{Mfa, MfaMethod, SignIn};

    use crate::template::fixture;

    #[test]
    fn all_that_a_user_pool_can_say_has_the_reviewed_template() {
        let mut template = fixture::template(&fixture::shop_with_pool_options());
        let resources = template.value_mut()["Resources"].as_object_mut().unwrap();
        resources.retain(|id, _| id.starts_with("ShopperUserPool"));
        let only: Value = std::mem::take(resources).into();
        *template.value_mut() = only;
        expect_file!["user_pool_options.yaml"].assert_eq(&template.to_yaml().unwrap());
    }

    #[test]
    fn a_second_factor_alone_never_lets_a_password_be_replaced() {
        let mechanisms = |sign_in, required, methods: &[MfaMethod]| {
            let mut pool = fixture::shop().user_pools[0].clone();
            pool.sign_in = sign_in;
            let of = |methods: &[MfaMethod]| Mfa { required, methods: methods.into(), email_identity: None };
            pool.mfa = (!methods.is_empty()).then(|| of(methods));
            let names = super::recovery(&pool).as_array().unwrap().clone();
            names.iter().map(|it| it["Name"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
        };
        use MfaMethod::{Email, Sms, Totp};
        assert_eq!(mechanisms(SignIn::Phone, false, &[]), "verified_phone_number");
        assert_eq!(mechanisms(SignIn::Email, true, &[Totp]), "verified_email");
        assert_eq!(mechanisms(SignIn::Email, true, &[Email]), "verified_email verified_phone_number");
        assert_eq!(mechanisms(SignIn::Phone, false, &[Sms]), "verified_phone_number verified_email");
        assert_eq!(mechanisms(SignIn::Phone, true, &[Totp, Sms]), "verified_email");
        assert_eq!(mechanisms(SignIn::Email, true, &[Sms, Email]), "admin_only");
    }
}
