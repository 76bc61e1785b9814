use serde_json::{Map, Value, json};
use skyloom_manifest::{Auth, Manifest};

/// Who a route asks for. One scope of several is enough, so each is an alternative.
pub(super) fn requirement(auth: &Auth) -> Value {
    match auth {
        Auth::Public => json!([]),
        Auth::UserPool { pool, scopes, .. } if scopes.is_empty() => json!([{ pool: [] }]),
        Auth::UserPool { pool, scopes, .. } => scopes.iter().map(|scope| json!({ pool: [scope] })).collect(),
        Auth::Authorizer { function } => json!([{ function: [] }]),
    }
}

/// A scheme for each user pool and each authorizer that a route asks for, under its own name.
pub(super) fn schemes(manifest: &Manifest) -> Map<String, Value> {
    let auths = manifest.functions.iter().filter_map(|function| function.trigger.auth());
    auths.filter_map(|auth| scheme(manifest, auth)).collect()
}

fn scheme(manifest: &Manifest, auth: &Auth) -> Option<(String, Value)> {
    match auth {
        Auth::Public => None,
        Auth::UserPool { pool, .. } => Some((
            pool.clone(),
            json!({
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": format!("A token of the Cognito user pool `{pool}`"),
            }),
        )),
        Auth::Authorizer { function } => {
            let known = manifest.function(function).and_then(|it| it.description.clone());
            let description = known.unwrap_or_else(|| format!("A token that the authorizer `{function}` accepts"));
            Some((function.clone(), json!({"type": "http", "scheme": "bearer", "description": description})))
        }
    }
}
