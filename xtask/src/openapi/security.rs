use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, Auth, Manifest};

/// The schemes of the principals that the framework gives. No type of an application's has such a name: they are two words.
const IAM: &str = "aws-sigv4";
const API_KEY: &str = "api-key";

/// Who a route asks for. One scope of several is enough, so each is an alternative.
pub(super) fn requirement(auth: &Auth) -> Value {
    match auth {
        Auth::Public => json!([]),
        Auth::Iam => json!([{ IAM: [] }]),
        Auth::ApiKey => json!([{ API_KEY: [] }]),
        Auth::UserPool { pool, scopes, .. } if scopes.is_empty() => json!([{ pool: [] }]),
        Auth::UserPool { pool, scopes, .. } => scopes.iter().map(|scope| json!({ pool: [scope] })).collect(),
        Auth::Authorizer { function } => json!([{ function: [] }]),
    }
}

/// A scheme for each user pool and each authorizer that a route asks for, under its own name.
pub(super) fn schemes(manifest: &Manifest, api: &Api) -> Map<String, Value> {
    manifest.auths(&api.name).filter_map(|auth| scheme(manifest, auth)).collect()
}

fn scheme(manifest: &Manifest, auth: &Auth) -> Option<(String, Value)> {
    match auth {
        Auth::Public => None,
        Auth::Iam => Some((
            IAM.into(),
            json!({
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "x-amazon-apigateway-authtype": "awsSigv4",
                "description": "Signature Version 4, with credentials of AWS",
            }),
        )),
        Auth::ApiKey => Some((
            API_KEY.into(),
            json!({"type": "apiKey", "in": "header", "name": "x-api-key", "description": "A key of the API"}),
        )),
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
