//! Who may call an API at all, and how that goes with who is let in by its routes.

use skyloom_manifest::{
    Integration, ResourcePolicy as Declared, RestApi as Rest, SourceLocation, Target, Throttle, Trigger,
};

use super::*;
use crate::gateway::tests::with_trigger;

/// Of the caller's network; every request of a [`Bench`] comes from there.
const HERE: &str = "203.0.113.0/24";
const ELSEWHERE: &str = "198.51.100.0/24";

fn guarded(allow_ips: &[&str], deny_ips: &[&str]) -> Api {
    let texts = |ips: &[&str]| ips.iter().map(|ip| (*ip).to_owned()).collect();
    let policy = Some(Declared { allow_ips: texts(allow_ips), deny_ips: texts(deny_ips) });
    Api { kind: ApiKind::Rest(Rest { policy, ..Rest::default() }), ..rest_api() }
}

/// An authorizer whose token is the policy's statements.
fn gate() -> Function {
    with_trigger("gate", Trigger::Authorizer { principal: "Partner".into(), cache: 0, options: Box::default() })
}

fn answered(_: &str, question: &Value) -> Result<String, InvokeError> {
    let Some(token) = question["authorizationToken"].as_str() else { return Ok("{}".into()) };
    let statements: Value = serde_json::from_str(token).unwrap();
    Ok(json!({"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement": statements}}).to_string())
}

fn bench(api: Api, routes: &[(&str, Auth)]) -> Bench {
    let functions = routes.iter().map(|(route, auth)| function(route, route, auth.clone()));
    Bench::of_api(api, functions.chain([gate()]).collect(), vec![], Box::new(answered))
}

fn by_gate() -> Auth {
    Auth::Authorizer { function: "gate".into() }
}

fn statement(effect: &str) -> Value {
    json!({"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*"})
}

async fn get(bench: &Bench, path: &str, statements: &Value) -> (u16, String) {
    let response = bench.send(Request::get(path).header("authorization", statements.to_string()), b"").await;
    (response.status().as_u16(), String::from_utf8_lossy(response.body()).into_owned())
}

/// The rows of AWS's table A. A policy says yes to a guarded method only where the pattern of an open one is on it as well.
#[tokio::test(start_paused = true)]
async fn an_authorizer_and_the_policy_of_the_api_decide_together() {
    let routes = [("GET /a/{id}", Auth::Public), ("GET /a/{id}/b", by_gate()), ("GET /c", by_gate())];
    let (open, closed) = (bench(guarded(&[HERE], &[]), &routes), bench(guarded(&[], &[HERE]), &routes));
    let (allow, deny, neither) = (json!([statement("Allow")]), json!([statement("Deny")]), json!([]));
    for (authorizer, path, api, expected) in [
        (&allow, "/a/1/b", &open, "200"),
        (&allow, "/c", &open, "200"),
        (&allow, "/c", &closed, "a resource-based policy"),
        (&neither, "/a/1/b", &open, "200"),
        (&neither, "/c", &open, "no identity-based policy allows"),
        (&neither, "/c", &closed, "a resource-based policy"),
        (&deny, "/a/1/b", &open, "an explicit deny in an identity-based policy"),
        (&deny, "/c", &open, "an explicit deny in an identity-based policy"),
        (&deny, "/c", &closed, "a resource-based policy"),
    ] {
        let (status, said) = get(api, path, authorizer).await;
        let is_expected = if expected == "200" { status == 200 } else { status == 403 && said.contains(expected) };
        assert!(is_expected, "{authorizer} {path}: {status} {said}");
    }
    assert_eq!(closed.calls(), [], "what is denied anyway is not asked about");
}

#[tokio::test(start_paused = true)]
async fn where_no_other_policy_decides_the_one_of_the_api_lets_in() {
    for (api, expected) in [(guarded(&[HERE], &[]), 200), (guarded(&[ELSEWHERE], &[]), 403)] {
        let bench = bench(api, &[("GET /a/{id}", Auth::Public), ("GET /keyed", Auth::ApiKey)]);
        assert_eq!(bench.send(Request::get("/a/1"), b"").await.status(), expected);
        let keyed = Request::get("/keyed").header("x-api-key", bench.api.api_key());
        assert_eq!(bench.send(keyed, b"").await.status(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_route_without_a_function_is_open_as_others_are() {
    for (api, expected) in [(guarded(&[HERE], &[]), 204), (guarded(&[ELSEWHERE], &[]), 403)] {
        let bench = direct(api);
        assert_eq!(
            bench.handle(Request::get("/health/7").body(Bytes::new()).unwrap(), here()).await.status(),
            expected
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_route_without_a_function_takes_what_the_api_says() {
    let bench = direct(Api { throttle: Some(Throttle { rate: 1, burst: 2 }), ..rest_api() });
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let request = Request::get("/health/7").body(Bytes::new()).unwrap();
        statuses.push(bench.handle(request, here()).await.status().as_u16());
    }
    assert_eq!(statuses, [204, 204, 429]);
}

fn here() -> IpAddr {
    IpAddr::from([203, 0, 113, 7])
}

/// An API with one route, which answers by itself.
fn direct(api: Api) -> RestApi {
    let health = Integration {
        name: "Health".into(),
        description: None,
        source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
        api: api.name.clone(),
        method: skyloom_manifest::HttpMethod::Get,
        path: "/health/{part}".into(),
        auth: Auth::Public,
        target: Target::Answer { status: 204, headers: std::collections::BTreeMap::new(), body: None },
    };
    let manifest = Manifest { apis: vec![api], integrations: vec![health], ..manifest(vec![]) };
    let api = &manifest.apis[0];
    let settings = (api, api.rest().unwrap(), Settings::of(&Site::new("orders", "us-east-1"), api));
    let invoke: Invoke = Arc::new(|_, _| Box::pin(std::future::pending()));
    RestApi::new(&manifest, settings, (Clock::starting_at(UNIX_EPOCH), Random::seeded(1)), invoke, vec![])
}

fn with_cors(api: Api) -> Api {
    Api { cors: Some(Cors { origins: vec!["https://a.example".into()], ..Cors::default() }), ..api }
}

async fn preflight(bench: &Bench, path: &str) -> u16 {
    let request = Request::options(path).header("origin", "https://a.example");
    bench.send(request, b"").await.status().as_u16()
}

#[tokio::test(start_paused = true)]
async fn a_preflight_asks_the_policy_of_the_api_as_any_request() {
    for (api, expected) in [(guarded(&[HERE], &[]), 204), (guarded(&[ELSEWHERE], &[]), 403), (rest_api(), 204)] {
        let bench = bench(with_cors(api), &[("GET /a", Auth::Iam)]);
        assert_eq!(preflight(&bench, "/a").await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn the_preflights_of_each_path_take_what_the_api_says() {
    let api = with_cors(Api { throttle: Some(Throttle { rate: 1, burst: 1 }), ..rest_api() });
    let bench = bench(api, &[("GET /a", Auth::Public), ("GET /b", Auth::Public)]);
    let statuses = [preflight(&bench, "/a").await, preflight(&bench, "/b").await, preflight(&bench, "/a").await];
    assert_eq!(statuses, [204, 204, 429]);
    assert_eq!(bench.send(Request::get("/a"), b"").await.status(), 200, "its requests have a bucket of their own");
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_an_authorizer_may_have_conditions_on_the_request() {
    let bench = bench(rest_api(), &[("GET /c", by_gate())]);
    let with = |effect: &str, operator: &str, key: &str, value: &str| {
        let mut statement = statement(effect);
        statement["Condition"] = json!({operator: {key: value}});
        json!([statement, statement_unless_allowed(effect)])
    };
    for (statements, expected) in [
        (with("Deny", "IpAddress", "aws:SourceIp", HERE), 403),
        (with("Deny", "IpAddress", "aws:SourceIp", ELSEWHERE), 200),
        (with("Allow", "DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z"), 200),
        (with("Allow", "DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"), 403),
        (with("Allow", "StringLike", "aws:UserAgent", "curl*"), 403),
    ] {
        assert_eq!(get(&bench, "/c", &statements).await.0, expected, "{statements}");
    }
}

/// Beside a denial everything is allowed; beside an allowance there is nothing more.
fn statement_unless_allowed(effect: &str) -> Value {
    let mut statement = statement("Allow");
    if effect == "Allow" {
        statement["Resource"] = "arn:aws:execute-api:::nothing".into();
    }
    statement
}
