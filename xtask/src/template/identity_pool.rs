//! A Cognito identity pool with its roles, and which caller gets which.

use serde_json::{Map, Value, json};
use skyloom_manifest::{Grants, IdentityPool, Manifest, Route, RuledRole};

use super::{Resources, intrinsic, name, policy, rest};
use crate::stage::Stage;

/// Adds the pool. Like a user pool it outlives the stack: the ids of its identities are keys of their items.
pub(super) fn add(resources: &mut Resources, manifest: &Manifest, pool: &IdentityPool, stage: &Stage) {
    resources.add(name::identity_pool(&pool.name), identity_pool(pool));
    for (role, grants) in pool.all_roles() {
        let statements = statements(manifest, grants, stage);
        resources.add(name::identity_role(&pool.name, role), self::role(pool, role, statements));
    }
    resources.add(name::identity_pool(&pool.name) + "Roles", attachment(pool));
}

fn identity_pool(pool: &IdentityPool) -> Value {
    let provider = |name: &String| {
        json!({
            "ClientId": intrinsic::reference(&name::user_pool_client(name)),
            "ProviderName": intrinsic::attribute(&name::user_pool(name), "ProviderName"),
            "ServerSideTokenCheck": true,
        })
    };
    json!({
        "Type": "AWS::Cognito::IdentityPool",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "AllowUnauthenticatedIdentities": pool.unauthenticated.is_some(),
            "AllowClassicFlow": pool.classic_flow,
            "CognitoIdentityProviders": pool.providers.iter().map(provider).collect::<Vec<_>>(),
        },
    })
}

/// Only this pool gives the role, and only to callers of its kind.
fn role(pool: &IdentityPool, role: &str, statements: Vec<Value>) -> Value {
    let kind = if role == IdentityPool::UNAUTHENTICATED { role } else { IdentityPool::AUTHENTICATED };
    let trust = json!({
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                "cognito-identity.amazonaws.com:aud": intrinsic::reference(&name::identity_pool(&pool.name)),
            },
            "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": kind},
        },
    });
    if statements.is_empty() {
        let document = policy::document(vec![trust]);
        return json!({"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}});
    }
    policy::role(trust, statements)
}

fn statements(manifest: &Manifest, grants: &Grants, stage: &Stage) -> Vec<Value> {
    let permissions = grants.permissions.iter().map(|permission| policy::granted(manifest, permission));
    let routes = grants.routes.iter().filter_map(|name| manifest.function(name).and_then(Route::of));
    let routes: Vec<_> = routes.filter_map(|route| route_arn(manifest, &route, stage)).collect();
    let calls = (!routes.is_empty()).then(|| policy::allow(&["execute-api:Invoke"], json!(routes)));
    permissions.chain(calls).collect()
}

fn route_arn(manifest: &Manifest, route: &Route<'_>, stage: &Stage) -> Option<Value> {
    let api = manifest.api(route.api)?;
    let at = if api.rest().is_some() { rest::stage_name(stage) } else { "$default" };
    let api = name::api(api);
    Some(intrinsic::substitute(format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{api}}}/{at}/{}",
        route.arn_pattern()
    )))
}

fn attachment(pool: &IdentityPool) -> Value {
    let arn = |role: &str| intrinsic::attribute(&name::identity_role(&pool.name, role), "Arn");
    let guests = pool.unauthenticated.as_ref().map(|_| arn(IdentityPool::UNAUTHENTICATED));
    json!({
        "Type": "AWS::Cognito::IdentityPoolRoleAttachment",
        "Properties": {
            "IdentityPoolId": intrinsic::reference(&name::identity_pool(&pool.name)),
            "Roles": {"authenticated": arn(IdentityPool::AUTHENTICATED), "unauthenticated": guests},
            "RoleMappings": (!pool.roles.is_empty()).then(|| mappings(pool)),
        },
    })
}

/// The same rules for the users of each user pool.
fn mappings(pool: &IdentityPool) -> Map<String, Value> {
    let rule = |role: &RuledRole| {
        json!({
            "Claim": role.claim,
            "MatchType": role.match_type.as_str(),
            "Value": role.value,
            "RoleARN": intrinsic::attribute(&name::identity_role(&pool.name, &role.name), "Arn"),
        })
    };
    let rules: Vec<_> = pool.roles.iter().map(rule).collect();
    let mapping = |provider: &String| {
        let (user_pool, client) = (name::user_pool(provider), name::user_pool_client(provider));
        let provider = format!("cognito-idp.${{AWS::Region}}.${{AWS::URLSuffix}}/${{{user_pool}}}:${{{client}}}");
        let mapping = json!({
            "AmbiguousRoleResolution": pool.ambiguous_role_resolution.as_str(),
            "IdentityProvider": intrinsic::substitute(provider),
            "Type": "Rules",
            "RulesConfiguration": {"Rules": rules},
        });
        (user_pool, mapping)
    };
    pool.providers.iter().map(mapping).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use crate::template::{fixture, render::plain_yaml};

    #[test]
    fn a_pool_has_its_roles_their_trust_and_rules() {
        let manifest = fixture::shop_with_identity_pool();
        assert_eq!(manifest.validate(), []);
        let template = fixture::template(&manifest);
        let own = template.resources().filter(|(id, _)| id.starts_with("Visitors"));
        let own: serde_json::Map<_, _> = own.map(|(id, resource)| (id.clone(), resource.clone())).collect();
        expect_file!["identity_pool.yaml"].assert_eq(&plain_yaml(&own.into()).unwrap());
    }
}
