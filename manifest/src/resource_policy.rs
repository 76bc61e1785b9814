//! Who may call an API at all, before its routes are asked.

use serde_json::{Value, json};

use crate::{Api, Auth, HttpMethod, Manifest, ResourcePolicy};

impl Manifest {
    /// The resource policy of an API, if it has one. `execute-api:/` in it stands for the API, as API Gateway takes it.
    pub fn resource_policy(&self, api: &Api) -> Option<Value> {
        let ResourcePolicy { allow_ips, deny_ips } = api.rest()?.policy.as_ref()?;
        let open = self.open_methods(api);
        let allow = (!open.is_empty()).then(|| statement("Allow", json!(open)));
        let denials = [deny("NotIpAddress", allow_ips), deny("IpAddress", deny_ips)];
        let statements: Vec<_> = allow.into_iter().chain(denials.into_iter().flatten()).collect();
        Some(json!({"Version": "2012-10-17", "Statement": statements}))
    }

    /// The methods of a REST API that a policy of it may allow everybody, with a function or without: those where no other policy
    /// decides, neither one of who signs nor an authorizer's. To both API Gateway adds what the API's policy allows: were everybody let
    /// in there too, a caller of this account would need no policy of their own, and an authorizer could hold nobody back.
    ///
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html>
    pub fn open_methods(&self, api: &Api) -> Vec<String> {
        let of_functions = self.routes(&api.name).map(|it| (it.method, it.path, it.auth));
        let others = self.integrations_of(&api.name).map(|it| (it.method, &*it.path, &it.auth));
        let open = of_functions.chain(others).filter(|(_, _, auth)| is_open(auth));
        let mut open: Vec<_> =
            open.map(|(method, path, _)| format!("execute-api:/*/{}", arn_pattern(method, path))).collect();
        open.extend(api.cors.as_ref().map(|_| "execute-api:/*/OPTIONS/*".to_owned()));
        open.sort();
        open.dedup();
        open
    }
}

/// Whether no other policy than the API's has a say in who calls.
pub(crate) const fn is_open(auth: &Auth) -> bool {
    match auth {
        Auth::Public | Auth::ApiKey | Auth::UserPool { .. } => true,
        Auth::Iam | Auth::Authorizer { .. } => false,
    }
}

/// `GET/orders/*`: a route as an ARN of `execute-api` has it in a policy, where each parameter is any text, and an ARN's `*` goes
/// beyond slashes.
pub(crate) fn arn_pattern(method: HttpMethod, path: &str) -> String {
    let method = if method == HttpMethod::Any { "*" } else { method.as_str() };
    let segment = |segment: &str| if segment.starts_with(['{', '$']) { "*".to_owned() } else { segment.to_owned() };
    let path: Vec<_> = path.trim_start_matches('/').split('/').map(segment).collect();
    format!("{method}/{}", path.join("/"))
}

fn deny(operator: &str, ips: &[String]) -> Option<Value> {
    let mut statement = statement("Deny", "execute-api:/*".into());
    statement["Condition"] = json!({operator: {"aws:SourceIp": ips}});
    (!ips.is_empty()).then_some(statement)
}

fn statement(effect: &str, resource: Value) -> Value {
    json!({"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": resource})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    /// A REST API that a network may call, with a route of each kind.
    fn desk(policy: &Value, routes: &[(&str, &str, Value)], cors: bool) -> Manifest {
        let source = json!({"file": "src/lib.rs", "line": 1});
        let function = |(index, (method, path, auth)): (usize, &(&str, &str, Value))| {
            let trigger = json!({"http": {"api": "Desk", "method": method, "path": path, "auth": auth}});
            json!({"name": format!("f{index}"), "source": source, "trigger": trigger, "memory": 256, "timeout": 10, "permissions": []})
        };
        let functions: Vec<_> = routes.iter().enumerate().map(function).collect();
        let mut manifest = json!({
            "version": 1, "application": "desk", "functions": functions, "tables": [], "user-pools": [],
            "apis": [{"name": "Desk", "default": true, "kind": {"rest": {"endpoint": "regional", "policy": policy}}}],
            "integrations": [{
                "name": "Jobs", "source": source, "api": "Desk", "method": "POST", "path": "/jobs/{kind}",
                "auth": "public", "target": {"http": {"url": "https://example.org"}},
            }],
        });
        if cors {
            manifest["apis"][0]["cors"] = json!({"origins": ["https://a.example"], "methods": ["GET"], "headers": []});
        }
        serde_json::from_value(manifest).unwrap()
    }

    #[test]
    fn only_where_no_other_policy_decides_everybody_is_let_in() {
        let routes = [
            ("GET", "/", json!("public")),
            ("ANY", "/keyed/{rest+}", json!("api-key")),
            ("GET", "/orders", json!({"user-pool": {"pool": "Shopper"}})),
            ("GET", "/signed", json!("iam")),
            ("GET", "/partner", json!({"authorizer": {"function": "partner"}})),
        ];
        let manifest = desk(&json!({"allow-ips": ["203.0.113.0/24"], "deny-ips": ["203.0.113.7"]}), &routes, true);
        let policy = manifest.resource_policy(&manifest.apis[0]).unwrap();
        expect![[r#"
            Allow ["execute-api:/*/*/keyed/*","execute-api:/*/GET/","execute-api:/*/GET/orders","execute-api:/*/OPTIONS/*","execute-api:/*/POST/jobs/*"] null
            Deny "execute-api:/*" {"NotIpAddress":{"aws:SourceIp":["203.0.113.0/24"]}}
            Deny "execute-api:/*" {"IpAddress":{"aws:SourceIp":["203.0.113.7"]}}"#]]
        .assert_eq(&shown(&policy));
    }

    #[test]
    fn an_api_that_is_open_to_nobody_allows_nothing() {
        let mut manifest = desk(&json!({"deny-ips": ["203.0.113.7"]}), &[("GET", "/", json!("iam"))], false);
        manifest.integrations.clear();
        let policy = manifest.resource_policy(&manifest.apis[0]).unwrap();
        expect![[r#"Deny "execute-api:/*" {"IpAddress":{"aws:SourceIp":["203.0.113.7"]}}"#]].assert_eq(&shown(&policy));
    }

    fn shown(policy: &Value) -> String {
        let statements = policy["Statement"].as_array().unwrap();
        let line = |it: &Value| format!("{} {} {}", it["Effect"].as_str().unwrap(), it["Resource"], it["Condition"]);
        statements.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}
