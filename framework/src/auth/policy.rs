use serde::Serialize;

use super::context::Context;

/// What an authorizer returns for a caller who may call some routes and not others.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{BearerToken, Policy, Unauthorized, handler};
/// # #[derive(Serialize, Deserialize)]
/// # struct Partner { name: String }
/// #[handler(authorizer, cache = "5m")]
/// async fn partner(token: BearerToken) -> Result<Policy<Partner>, Unauthorized> {
///     let partner = Partner { name: token.as_str().into() };
///     Ok(Policy::of(partner).allow("GET", "/feed").allow("*", "/orders/*").deny("DELETE", "/orders/*"))
/// }
/// # fn main() {}
/// ```
///
/// API Gateway remembers the policy, not the decision: while it is reused it decides on every route that asks this authorizer, so it
/// has to name all that the caller may call and not just the one that was asked for.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-policy-language-overview.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy<P> {
    principal: P,
    allowed: Vec<String>,
    denied: Vec<String>,
}

impl<P> Policy<P> {
    /// A caller who may call nothing yet: what the policy does not allow, it denies.
    pub const fn of(principal: P) -> Self {
        Self { principal, allowed: Vec::new(), denied: Vec::new() }
    }

    /// Lets the caller call these routes. `*` as the method is any; in a path it stands for any text, slashes too.
    #[must_use]
    pub fn allow(mut self, method: &str, path: &str) -> Self {
        self.allowed.push(route(method, path));
        self
    }

    /// Holds the caller back from these routes, whatever else lets them through.
    #[must_use]
    pub fn deny(mut self, method: &str, path: &str) -> Self {
        self.denied.push(route(method, path));
        self
    }

    pub(super) const fn principal(&self) -> &P {
        &self.principal
    }
}

/// `GET/orders/*`, as the ARN of a route ends.
fn route(method: &str, path: &str) -> String {
    format!("{method}/{}", path.trim_start_matches('/'))
}

/// What API Gateway hears from an authorizer that answers with a policy: a REST API always, an HTTP API if it was told so.
///
/// Where the authorizer says nothing of routes, the policy is on all methods of the stage, not on the one that was asked for: API
/// Gateway remembers it for the token and applies it to whatever the token is used on next.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html>
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyAnswer<C> {
    principal_id: String,
    policy_document: Document,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<C>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    version: &'static str,
    statement: Vec<Statement>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    action: &'static str,
    effect: &'static str,
    #[serde(flatten)]
    resource: Resource,
}

/// These, or all but these.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
enum Resource {
    Resource(Vec<String>),
    NotResource(Vec<String>),
}

impl<C> PolicyAnswer<C> {
    /// `ids` are what names the caller, `context` what the functions are told.
    pub(super) fn allow(arn: &str, ids: &Context, context: C) -> Self {
        let document = Document::of([Statement::allow(arn, &[all_routes(arn)])]);
        Self { principal_id: id(ids), policy_document: document, context: Some(context) }
    }

    pub(super) fn of<P>(arn: &str, policy: &Policy<P>, ids: &Context, context: C) -> Self {
        let document = Document::of_policy(arn, policy);
        Self { principal_id: id(ids), policy_document: document, context: Some(context) }
    }

    pub(super) fn deny(arn: &str) -> Self {
        let document = Document::of([Statement::deny(arn, &[all_routes(arn)])]);
        Self { principal_id: "nobody".into(), policy_document: document, context: None }
    }
}

fn id(ids: &Context) -> String {
    ids.id().unwrap_or("caller").to_owned()
}

impl Document {
    fn of(statements: impl IntoIterator<Item = Statement>) -> Self {
        Self { version: "2012-10-17", statement: statements.into_iter().collect() }
    }

    /// What is not allowed is denied: to what an authorizer passes over, the API's resource policy would let everybody in whom it
    /// allows.
    fn of_policy<P>(arn: &str, policy: &Policy<P>) -> Self {
        let Policy { allowed, denied, .. } = policy;
        if allowed.is_empty() {
            return Self::of([Statement::deny(arn, &[all_routes(arn)])]);
        }
        let denied = (!denied.is_empty()).then(|| Statement::deny(arn, denied));
        Self::of([Statement::allow(arn, allowed)].into_iter().chain(denied).chain([Statement::deny_but(arn, allowed)]))
    }
}

impl Statement {
    fn allow(arn: &str, routes: &[String]) -> Self {
        Self::new("Allow", Resource::Resource(arns(arn, routes)))
    }

    fn deny(arn: &str, routes: &[String]) -> Self {
        Self::new("Deny", Resource::Resource(arns(arn, routes)))
    }

    fn deny_but(arn: &str, routes: &[String]) -> Self {
        Self::new("Deny", Resource::NotResource(arns(arn, routes)))
    }

    const fn new(effect: &'static str, resource: Resource) -> Self {
        Self { action: "execute-api:Invoke", effect, resource }
    }
}

fn arns(arn: &str, routes: &[String]) -> Vec<String> {
    let stage = stage(arn);
    routes.iter().map(|route| format!("{stage}/{route}")).collect()
}

/// All routes of a stage: a method and a path each, or, of a WebSocket API, whose ARNs end with `/$connect`, a key.
fn all_routes(arn: &str) -> String {
    let has_method = arn.splitn(3, '/').nth(2).is_some_and(|route| route.contains('/'));
    if has_method { "*/*" } else { "*" }.to_owned()
}

/// `arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/GET/orders` → `…:abcdef123/prod`
fn stage(arn: &str) -> String {
    arn.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::auth::context;

    const ARN: &str = "arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/GET/orders/7";

    #[derive(Serialize)]
    struct Partner {
        name: String,
    }

    fn answered(policy: &Policy<Partner>) -> serde_json::Value {
        let context = context::write(policy.principal()).unwrap();
        let document = serde_json::to_value(PolicyAnswer::of(ARN, policy, &context, ())).unwrap();
        document["policyDocument"]["Statement"].clone()
    }

    fn partner() -> Policy<Partner> {
        Policy::of(Partner { name: "books".into() })
    }

    #[test]
    fn a_policy_names_routes_of_the_stage() {
        let api = "arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod";
        let policy = partner().allow("GET", "/feed").allow("*", "orders/*").deny("DELETE", "/");
        let expected = json!([
            {"Action": "execute-api:Invoke", "Effect": "Allow",
                "Resource": [format!("{api}/GET/feed"), format!("{api}/*/orders/*")]},
            {"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": [format!("{api}/DELETE/")]},
            {"Action": "execute-api:Invoke", "Effect": "Deny",
                "NotResource": [format!("{api}/GET/feed"), format!("{api}/*/orders/*")]},
        ]);
        assert_eq!(answered(&policy), expected);
    }

    #[test]
    fn a_policy_that_says_nothing_denies_everything() {
        let resource = "arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/*/*";
        let expected = json!([{"Action": "execute-api:Invoke", "Effect": "Deny", "Resource": [resource]}]);
        assert_eq!(answered(&partner()), expected);
        assert_eq!(answered(&partner().deny("GET", "/feed")), expected);
    }

    #[test]
    fn without_routes_of_its_own_an_authorizer_lets_in_to_all() {
        let context = context::write(&Partner { name: "books".into() }).unwrap();
        let answer = serde_json::to_value(PolicyAnswer::allow(ARN, &context, ())).unwrap();
        assert_eq!(answer["principalId"], "books");
        let resource = "arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/*/*";
        assert_eq!(answer["policyDocument"]["Statement"][0]["Resource"], json!([resource]));
        assert_eq!(all_routes("arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/$connect"), "*");
    }
}
