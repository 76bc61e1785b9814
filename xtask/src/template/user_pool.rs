//! A Cognito user pool with its client and groups.

use serde_json::{Value, json};
use skyloom_manifest::{Manifest, SignIn, UserPool};

use super::{Resources, intrinsic, name, oauth, policy};
use crate::stage::Stage;

/// Adds the pool. Like a table it outlives the stack: passwords cannot be moved to another one.
pub(super) fn add(resources: &mut Resources, manifest: &Manifest, pool: &UserPool, stage: &Stage) {
    let is_protected = stage.is_protected();
    resources.add(name::user_pool(&pool.name), user_pool(pool, is_protected));
    resources.add(name::user_pool_client(&pool.name), client(pool));
    oauth::add(resources, manifest, pool);
    for group in &pool.groups {
        resources.add(name::user_pool_group(&pool.name, group), user_group(pool, group));
    }
    if pool.sign_in == SignIn::Phone {
        resources.add(name::user_pool_sms_sender(&pool.name), sms_role(pool));
    }
}

fn user_pool(pool: &UserPool, is_protected: bool) -> Value {
    let (username, verified, recovery) = match pool.sign_in {
        SignIn::Email => (Some(["email"]), "email", "verified_email"),
        SignIn::Phone => (Some(["phone_number"]), "phone_number", "verified_phone_number"),
        SignIn::Username => (None, "email", "verified_email"),
    };
    json!({
        "Type": "AWS::Cognito::UserPool",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "UsernameAttributes": username,
            "UsernameConfiguration": {"CaseSensitive": false},
            "AutoVerifiedAttributes": [verified],
            "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": recovery, "Priority": 1}]},
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": !pool.self_sign_up},
            "Policies": {"PasswordPolicy": password_policy()},
            "SmsConfiguration": sms_configuration(pool),
            "DeletionProtection": is_protected.then_some("ACTIVE"),
        },
    })
}

/// Cognito's own default, written out so that it is seen and does not change unnoticed.
fn password_policy() -> Value {
    json!({
        "MinimumLength": 8,
        "RequireLowercase": true,
        "RequireUppercase": true,
        "RequireNumbers": true,
        "RequireSymbols": true,
        "TemporaryPasswordValidityDays": 7,
    })
}

/// A public client: it has no secret, because a browser or phone cannot keep one.
fn client(pool: &UserPool) -> Value {
    let mut client = json!({
        "Type": "AWS::Cognito::UserPoolClient",
        "Properties": {
            "UserPoolId": intrinsic::reference(&name::user_pool(&pool.name)),
            "ExplicitAuthFlows": [
                "ALLOW_ADMIN_USER_PASSWORD_AUTH",
                "ALLOW_REFRESH_TOKEN_AUTH",
                "ALLOW_USER_PASSWORD_AUTH",
                "ALLOW_USER_SRP_AUTH",
            ],
            "PreventUserExistenceErrors": "ENABLED",
        },
    });
    oauth::complete(&mut client, pool);
    client
}

fn user_group(pool: &UserPool, group: &str) -> Value {
    json!({
        "Type": "AWS::Cognito::UserPoolGroup",
        "Properties": {"GroupName": group, "UserPoolId": intrinsic::reference(&name::user_pool(&pool.name))},
    })
}

fn sms_configuration(pool: &UserPool) -> Option<Value> {
    let role = intrinsic::attribute(&name::user_pool_sms_sender(&pool.name), "Arn");
    (pool.sign_in == SignIn::Phone).then(|| json!({"SnsCallerArn": role, "ExternalId": pool.name}))
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
