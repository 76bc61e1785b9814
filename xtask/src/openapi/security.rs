use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, Auth, Function, IdentitySource, Manifest, Trigger};

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
            let mut scheme = manifest.function(function).map_or_else(bearer, presented);
            scheme["description"] = description.into();
            Some((function.clone(), scheme))
        }
    }
}

/// The first part of a request by which an authorizer is asked that a client can send on purpose.
fn presented(authorizer: &Function) -> Value {
    let Trigger::Authorizer { options, .. } = &authorizer.trigger else { return bearer() };
    let of_client = options.sources().into_iter().find_map(|source| match source {
        IdentitySource::Header(name) if name.eq_ignore_ascii_case("authorization") => Some(bearer()),
        IdentitySource::Header(name) => Some(json!({"type": "apiKey", "in": "header", "name": name})),
        IdentitySource::Query(name) => Some(json!({"type": "apiKey", "in": "query", "name": name})),
        IdentitySource::StageVariable(_) | IdentitySource::Context(_) => None,
    });
    of_client.unwrap_or_else(bearer)
}

fn bearer() -> Value {
    json!({"type": "http", "scheme": "bearer"})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::fixture;

    #[test]
    fn what_an_authorizer_is_asked_by_is_what_a_client_sends() {
        let manifest = fixture::shop_with_rest_apis();
        let scheme = |function: &str| presented(manifest.function(function).unwrap());
        assert_eq!(scheme("partner"), bearer());
        assert_eq!(scheme("tenant"), json!({"type": "apiKey", "in": "header", "name": "x-token"}));
    }
}
