use serde::Serialize;

use super::context::Context;

/// What a REST API wants to hear from an authorizer: a policy, and what to tell the functions of the caller.
///
/// The policy is on all methods of the stage, not on the one that was asked for: API Gateway remembers it for the token and
/// applies it to whatever the token is used on next. An authorizer says who the caller is; which routes want such a caller is
/// said by their `auth`.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyAnswer {
    principal_id: String,
    policy_document: Document,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Context>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    version: &'static str,
    statement: [Statement; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    action: &'static str,
    effect: &'static str,
    resource: String,
}

impl PolicyAnswer {
    pub(super) fn allow(method_arn: &str, context: Context) -> Self {
        let principal_id = context.id().unwrap_or("caller").to_owned();
        Self { principal_id, policy_document: Document::of("Allow", method_arn), context: Some(context) }
    }

    pub(super) fn deny(method_arn: &str) -> Self {
        Self { principal_id: "nobody".into(), policy_document: Document::of("Deny", method_arn), context: None }
    }
}

impl Document {
    fn of(effect: &'static str, method_arn: &str) -> Self {
        let statement = Statement { action: "execute-api:Invoke", effect, resource: all_methods(method_arn) };
        Self { version: "2012-10-17", statement: [statement] }
    }
}

/// `arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/GET/orders` → `…:abcdef123/prod/*/*`, and of a WebSocket API, whose
/// routes have no method, `…:abcdef123/prod/$connect` → `…:abcdef123/prod/*`
fn all_methods(method_arn: &str) -> String {
    let parts: Vec<&str> = method_arn.splitn(3, '/').collect();
    let stage = parts.iter().take(2).copied().collect::<Vec<_>>().join("/");
    let has_method = parts.get(2).is_some_and(|route| route.contains('/'));
    if has_method { format!("{stage}/*/*") } else { format!("{stage}/*") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_on_all_methods_of_the_stage() {
        let api = "arn:aws:execute-api:us-east-1:123456789012:abcdef123";
        assert_eq!(all_methods(&format!("{api}/prod/GET/orders/7")), format!("{api}/prod/*/*"));
        assert_eq!(all_methods(&format!("{api}/prod/GET/")), format!("{api}/prod/*/*"));
        assert_eq!(all_methods(&format!("{api}/prod/$connect")), format!("{api}/prod/*"));
    }
}
