use serde_json::{Map, Value, json};
use skyloom_manifest::{IdentityPool, RuledRole};

use super::admin::OfPool;
use crate::cognito_identity::{Around, CognitoIdentities, Error, pool::Pool};

/// The roles and rules, as the template has them.
pub(super) fn get_identity_pool_roles(
    pools: &CognitoIdentities,
    around: &dyn Around,
    input: OfPool,
) -> Result<Value, Error> {
    let pool = pools.pool(&input.identity_pool_id)?;
    let arn = |role: &str| format!("arn:aws:iam::{}:role/{}", pools.site.account, pool.role_name(role));
    let mut roles = json!({ "authenticated": arn(IdentityPool::AUTHENTICATED) });
    if pool.has_guests() {
        roles["unauthenticated"] = arn(IdentityPool::UNAUTHENTICATED).into();
    }
    let mut output = json!({ "IdentityPoolId": pool.id, "Roles": roles });
    if !pool.declared.roles.is_empty() {
        output["RoleMappings"] = mappings(&pool, around, arn).into();
    }
    Ok(output)
}

/// The same rules for the users of each user pool.
fn mappings(pool: &Pool, around: &dyn Around, arn: impl Fn(&str) -> String) -> Map<String, Value> {
    let rule = |role: &RuledRole| {
        json!({
            "Claim": role.claim,
            "MatchType": role.match_type.as_str(),
            "Value": role.value,
            "RoleARN": arn(&role.name),
        })
    };
    let rules: Vec<_> = pool.declared.roles.iter().map(rule).collect();
    let mapping = json!({
        "Type": "Rules",
        "AmbiguousRoleResolution": pool.declared.ambiguous_role_resolution.as_str(),
        "RulesConfiguration": { "Rules": rules },
    });
    let names = pool.declared.providers.iter();
    let names = names.filter_map(|name| Some(format!("{}:{}", around.provider(name)?, around.client(name)?)));
    names.map(|name| (name, mapping.clone())).collect()
}
