use std::sync::Mutex;

use expect_test::expect;
use http::Method;
use serde_json::json;

use super::*;
use crate::site::Site;

/// An API whose functions answer as the test says, and what they were told.
struct Tested {
    api: WebSocketApi,
    connections: Connections,
    events: Arc<Mutex<Vec<Value>>>,
}

fn tested(answers: Value) -> Tested {
    asked_by(answers, &json!({}))
}

/// The same with an authorizer that is asked by these.
fn asked_by(answers: Value, options: &Value) -> Tested {
    let function = |name: &str, trigger: Value| {
        json!({"name": name, "source": {"file": "src/lib.rs", "line": 1}, "trigger": trigger, "memory": 256,
            "timeout": 29, "permissions": []})
    };
    let route = |key: &str, auth: Value, replies: bool| {
        function(key, json!({"websocket": {"api": "Chat", "route": key, "auth": auth, "replies": replies}}))
    };
    let manifest: Manifest = serde_json::from_value(json!({
        "version": 1, "application": "chat",
        "apis": [{"name": "Chat", "kind": {"websocket": {"route-selection": "$request.body.action"}}}],
        "functions": [
            function("who", json!({"authorizer": {"principal": "Member", "cache": 0, "options": options}})),
            route("$connect", json!({"authorizer": {"function": "who"}}), false),
            route("$disconnect", Value::Null, false),
            route("chat", Value::Null, true),
        ],
        "tables": [], "user-pools": [],
    }))
    .unwrap();
    let events = Arc::<Mutex<Vec<Value>>>::default();
    let told = Arc::clone(&events);
    let invoke: Invoke = Arc::new(move |name, event| {
        told.lock().unwrap().push(serde_json::from_slice(&event).unwrap());
        let answer = answers[&name].to_string();
        Box::pin(async move { Ok(answer.into()) })
    });
    let api = manifest.api("Chat").unwrap();
    let settings = Settings::of(&Site::of_test("chat"), api);
    let connections = Connections::default();
    let time = (Clock::starting_at(std::time::UNIX_EPOCH + Duration::from_secs(1_767_225_600)), Random::seeded(1));
    let of = (api, api.websocket().unwrap(), settings);
    let api = WebSocketApi::new(&manifest, of, connections.clone(), time, invoke);
    Tested { api, connections, events }
}

impl Tested {
    async fn connect(&self, headers: &[(&str, &str)]) -> Result<Socket, Response<Bytes>> {
        let request = headers.iter().fold(Request::get("/"), |request, (name, value)| request.header(*name, *value));
        self.api.connect(&request.body(Bytes::new()).unwrap(), "127.0.0.1".parse().unwrap()).await
    }

    fn event(&self, number: usize) -> Value {
        self.events.lock().unwrap()[number].clone()
    }
}

const HANDSHAKE: [(&str, &str); 7] = [
    ("authorization", "Bearer ann"),
    ("connection", "Upgrade"),
    ("host", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"),
    ("sec-websocket-extensions", "permessage-deflate; client_max_window_bits"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-websocket-version", "13"),
    ("upgrade", "websocket"),
];

fn allowing(resource: &str) -> Value {
    json!({
        "principalId": "ann",
        "policyDocument": {"Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": resource}]},
        "context": {"level": 7, "name": "ann"},
    })
}

fn answers() -> Value {
    json!({"who": allowing("arn:aws:execute-api:*:*:*/$connect"), "$connect": {"statusCode": 200},
        "$disconnect": {"statusCode": 200}, "chat": {"statusCode": 200, "body": "hello"}})
}

/// The members of an event and the kinds of their values, a line for each.
fn members(value: &Value) -> Vec<String> {
    fn visit(path: &str, value: &Value, found: &mut Vec<String>) {
        let kind = match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| visit(&format!("{path}/{name}"), value, found));
                "object"
            }
            Value::Array(values) => {
                values.iter().for_each(|value| visit(&format!("{path}/-"), value, found));
                "array"
            }
            Value::String(_) => "string",
            Value::Number(_) => "number",
            Value::Bool(_) => "boolean",
            Value::Null => "null",
        };
        found.push(format!("{path} {kind}"));
    }
    let mut found = Vec::new();
    visit("", value, &mut found);
    found
}

/// The members of an event that was recorded on AWS.
fn recorded(name: &str) -> Vec<String> {
    let path = format!("{}/../framework/tests/events/websocket_{name}.json", env!("CARGO_MANIFEST_DIR"));
    members(&serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

/// Those of the context of an authorizer, which the recorded events do not have.
fn without_authorizer(mut event: Value) -> Value {
    assert!(event["requestContext"]["authorizer"].is_object());
    event["requestContext"].as_object_mut().unwrap().remove("authorizer");
    event
}

#[tokio::test]
async fn events_have_the_members_of_recorded_ones() {
    let tested = tested(answers());
    let socket = tested.connect(&HANDSHAKE).await.unwrap();
    tested.api.receive(&socket.id, Incoming::Text(r#"{"action": "chat"}"#.into())).await;
    let ended = tested.connections.hung_up(&socket.id, Closing::NO_STATUS).unwrap();
    tested.api.ended(&ended).await;
    assert_eq!(members(&tested.event(0)), recorded("authorizer"));
    let mut connect = without_authorizer(tested.event(1));
    for headers in ["headers", "multiValueHeaders"] {
        assert!(connect[headers].as_object_mut().unwrap().remove("Authorization").is_some());
    }
    assert_eq!(members(&connect), recorded("connect"));
    assert_eq!(members(&without_authorizer(tested.event(2))), recorded("message"));
    assert_eq!(members(&without_authorizer(tested.event(3))), recorded("disconnect"));
}

#[tokio::test]
async fn what_the_authorizer_says_goes_with_every_event_as_texts() {
    let tested = tested(answers());
    let socket = tested.connect(&HANDSHAKE).await.unwrap();
    tested.api.receive(&socket.id, Incoming::Text(r#"{"action": "chat"}"#.into())).await;
    for number in [1, 2] {
        let authorizer = &tested.event(number)["requestContext"]["authorizer"];
        assert_eq!(*authorizer, json!({"level": "7", "name": "ann", "principalId": "ann", "integrationLatency": 0}));
    }
}

#[tokio::test]
async fn only_a_policy_on_connect_lets_in() {
    for (resource, status) in [
        ("arn:aws:execute-api:*:*:*/$connect", None),
        ("arn:aws:execute-api:us-east-1:000000000000:*/default/*", None),
        ("arn:aws:execute-api:us-east-1:000000000000:*/prod/*", Some(403)),
        ("arn:aws:execute-api:*:*:*/GET/*", Some(403)),
    ] {
        let mut answers = answers();
        answers["who"] = allowing(resource);
        let refused = tested(answers).connect(&HANDSHAKE).await.err().map(|response| response.status().as_u16());
        assert_eq!(refused, status, "{resource}");
    }
}

#[tokio::test]
async fn conditions_of_a_policy_see_who_connects() {
    for (operator, key, value, status) in [
        ("IpAddress", "aws:SourceIp", "127.0.0.1", None),
        ("IpAddress", "aws:SourceIp", "203.0.113.7", Some(403)),
        ("DateLessThan", "aws:CurrentTime", "2026-01-02T00:00:00Z", None),
        ("DateLessThan", "aws:CurrentTime", "2025-01-02T00:00:00Z", Some(403)),
    ] {
        let mut answers = answers();
        answers["who"]["policyDocument"]["Statement"][0]["Condition"] = json!({operator: {key: value}});
        let refused = tested(answers).connect(&HANDSHAKE).await.err().map(|response| response.status().as_u16());
        assert_eq!(refused, status, "{operator} {value}");
    }
}

#[tokio::test]
async fn an_authorizer_is_asked_by_what_a_handshake_has() {
    for (context, status) in [("identity.sourceIp", None), ("connectionId", None), ("identity.userAgent", Some(401))] {
        let tested = asked_by(answers(), &json!({"identity": [{"context": context}]}));
        let refused = tested.connect(&HANDSHAKE).await.err().map(|response| response.status().as_u16());
        assert_eq!(refused, status, "{context}");
    }
}

#[tokio::test]
async fn a_refusal_is_said_in_words() {
    let tested = tested(json!({"who": {"isAuthorized": true}}));
    let show = |response: Response<Bytes>| {
        let kind = response.headers().get("x-amzn-errortype").map(|value| value.to_str().unwrap().to_owned());
        let body = String::from_utf8_lossy(response.body()).into_owned();
        format!("{} {kind:?} {body}", response.status().as_u16())
    };
    expect![[r#"401 Some("UnauthorizedException") {"message": "Unauthorized", "connectionId":"eDglgipvnmLaIZA=", "requestId":"Uy3qv4hynLQ5las="}"#]]
        .assert_eq(&show(tested.connect(&[]).await.unwrap_err()));
    let simple = show(tested.connect(&HANDSHAKE).await.unwrap_err());
    assert!(simple.starts_with("500 "), "{simple}"); // simple responses are of HTTP APIs
}

#[tokio::test(start_paused = true)]
async fn nothing_can_be_sent_before_the_handler_has_answered_or_to_what_is_no_id() {
    let tested = tested(answers());
    let socket = tested.connect(&HANDSHAKE).await.unwrap();
    let manage = |method: Method, id: &str, body: &str| {
        let request =
            Request::builder().method(method).uri(format!("/default/@connections/{}", id.replace('=', "%3D")));
        let request = request.body(()).unwrap();
        let target = target(&request, &tested.connections).unwrap();
        let now = std::time::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
        let response = manage(&tested.connections, &target, &Bytes::from(body.to_owned()), now);
        format!("{} {}", response.status().as_u16(), String::from_utf8_lossy(response.body()))
    };
    assert_eq!(manage(Method::POST, &socket.id, "hello"), "200 ");
    expect![[r#"200 {"connectedAt":"2026-01-01T00:00:00Z","identity":{"sourceIp":"127.0.0.1","userAgent":null},"lastActiveAt":"2026-01-01T00:00:00Z"}"#]]
        .assert_eq(&manage(Method::GET, &socket.id, ""));
    assert_eq!(
        manage(Method::POST, &socket.id, &"x".repeat(MESSAGE_LIMIT + 1)),
        "413 {\"message\":\"Message too long\"}"
    );
    assert_eq!(manage(Method::DELETE, &socket.id, ""), "204 ");
    for method in [Method::POST, Method::GET, Method::DELETE] {
        assert_eq!(manage(method, &socket.id, ""), "410 ");
    }
    assert_eq!(manage(Method::POST, "nobody", ""), r#"400 {"message":"Invalid connectionId: nobody"}"#);
}

#[test]
fn the_management_api_is_found_at_a_host_and_at_a_path() {
    let find = |method: Method, uri: &str, host: &str| {
        let request = Request::builder().method(method).uri(uri).header("host", host).body(()).unwrap();
        target(&request, &Connections::default()).map(|target| target.api_id)
    };
    let aws = "abc.execute-api.us-east-1.amazonaws.com";
    assert_eq!(find(Method::POST, "/default/@connections/x", aws), Some(Some("abc".into())));
    assert_eq!(find(Method::POST, "/abc/default/@connections/x", "127.0.0.1:4566"), Some(Some("abc".into())));
    assert_eq!(find(Method::GET, "/@connections/x", "127.0.0.1:4566"), Some(None));
    assert_eq!(find(Method::PUT, "/default/@connections/x", aws), None);
    assert_eq!(find(Method::POST, "/default/connections/x", aws), None);
}
