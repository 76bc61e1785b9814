//! Events that are nearly those of AWS: whatever is in them, a function answers or fails, and never panics.
//!
//! The same few hundred in each run; `PROPTEST_CASES=100000` looks for more.

use proptest::{
    prelude::*,
    sample::Index,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use skyloom::{
    BearerToken, Bytes, Change, Error, Form, Header, Json, Path, Public, Query, RequestContext, Table, Unauthorized,
    UserPool, handler,
};
use skyloom_local::Local;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Anything {
    id: Option<String>,
    #[serde(default)]
    tag: Vec<String>,
    page: Option<i8>,
    total: Option<f64>,
}

#[derive(UserPool, Serialize, Deserialize)]
#[user_pool(groups = ["staff"])]
struct Member {
    sub: String,
    email_verified: Option<bool>,
    exp: Option<u64>,
    #[serde(rename = "cognito:groups", default)]
    groups: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Partner {
    name: String,
    level: u8,
}

#[derive(Debug, Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
struct Order {
    #[partition_key]
    id: String,
    #[sort_key]
    number: u64,
    notes: Option<Vec<String>>,
}

#[handler(POST "/shops/{shop}/files/{file+}", auth = Public)]
async fn arguments(
    Path((shop, file)): Path<(String, String)>,
    Query(query): Query<Anything>,
    Header(header): Header<Anything>,
    request: RequestContext,
    Json(body): Json<Anything>,
) -> String {
    let asked = format!("{} {:?} {:?}", request.path(), request.cookies(), request.time());
    format!("{shop} {file} {query:?} {header:?} {asked} {body:?}")
}

#[handler(POST "/forms", auth = Public)]
async fn form(Form(form): Form<Anything>) -> Json<Anything> {
    Json(form)
}

#[handler(ANY "/bytes", auth = Public)]
async fn bytes(body: Bytes) -> Bytes {
    body
}

#[handler(GET "/me", auth = Member, groups = ["staff"])]
async fn me(member: Member) -> Json<Member> {
    Json(member)
}

#[handler(authorizer)]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    Ok(Partner { name: token.as_str().into(), level: 3 })
}

#[handler(GET "/feed", auth = Partner)]
async fn feed(partner: Partner) -> Json<Partner> {
    Json(partner)
}

#[handler(stream = Order)]
async fn changed(change: Change<Order>) -> Result<(), Error> {
    skyloom::tracing::debug!(?change, "seen");
    Ok(())
}

/// Each function with events that it takes.
fn events() -> Vec<(&'static str, Value)> {
    let recorded = [
        include_str!("events/rest_edge.json"),
        include_str!("events/rest_console.json"),
        include_str!("events/http_format_1.json"),
        include_str!("events/rest_cognito.json"),
        include_str!("events/rest_lambda_authorizer.json"),
        include_str!("events/rest_regional_binary.json"),
    ];
    let recorded = recorded.iter().map(|event| serde_json::from_str::<Value>(event).expect("it is JSON"));
    let of_form = of_http_api("application/x-www-form-urlencoded", "id=x&tag=a&tag=b&total=1.5");
    let of_json = of_http_api("application/json", r#"{"id":"x","total":1.5}"#);
    let requests: Vec<Value> = recorded.chain([of_json, of_form]).collect();
    let behind_routes = ["arguments", "form", "bytes", "me", "feed"];
    let mut events: Vec<_> =
        behind_routes.iter().flat_map(|name| requests.iter().map(|event| (*name, event.clone()))).collect();
    for question in [include_str!("events/authorizer_token.json"), include_str!("events/authorizer_request.json")] {
        events.push(("partner", serde_json::from_str(question).expect("it is JSON")));
    }
    events.extend(["INSERT", "MODIFY", "REMOVE"].map(|kind| ("changed", of_stream(kind))));
    events
}

fn of_http_api(content_type: &str, body: &str) -> Value {
    let mut event = json!({
        "version": "2.0", "routeKey": "POST /shops/{shop}/files/{file+}", "rawPath": "/shops/a/files/b/c",
        "rawQueryString": "tag=a&tag=b&page=2", "cookies": ["a=b"],
        "headers": {"authorization": "Bearer t", "id": "7", "page": "3"},
        "queryStringParameters": {"tag": "a,b", "page": "2"}, "pathParameters": {"shop": "a", "file": "b/c"},
        "requestContext": {
            "accountId": "000000000000", "apiId": "a1b2c3d4e5", "requestId": "r", "routeKey": "x", "stage": "$default",
            "domainName": "a.example", "time": "12/Mar/2020:19:03:58 +0000", "timeEpoch": 1_584_039_838_390_u64,
            "http": {"method": "POST", "path": "/shops/a/files/b/c", "protocol": "HTTP/1.1", "sourceIp": "::1", "userAgent": "x"},
            "authorizer": {
                "jwt": {"claims": {"sub": "ann", "email_verified": "true", "exp": "1787996002", "cognito:groups": "[staff]"}},
                "lambda": {"name": "books inc", "level": 3},
            },
        },
        "body": body, "isBase64Encoded": false,
    });
    event["headers"]["content-type"] = content_type.into();
    event
}

fn of_stream(kind: &str) -> Value {
    let image = json!({"id": {"S": "a"}, "number": {"N": "7"}, "notes": {"L": [{"S": "x"}]}});
    json!({"Records": [{
        "eventID": "e1", "eventVersion": "1.1", "eventName": kind, "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/hostile-Order/stream/2026-01-01T00:00:00.000",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_767_225_600, "SequenceNumber": "100000000000000000001", "SizeBytes": 26,
            "StreamViewType": "NEW_AND_OLD_IMAGES", "Keys": {"id": {"S": "a"}, "number": {"N": "7"}},
            "NewImage": image, "OldImage": image,
        },
    }]})
}

fn leaf() -> impl Strategy<Value = Value> {
    let words = [
        "",
        "%",
        "%zz",
        "%ff",
        "\0",
        "=",
        "&&",
        "/",
        "//",
        "..",
        "{",
        "[",
        "\"",
        "a=b; c",
        "Bearer",
        "-1",
        "1e999",
        "NaN",
        "99999999999999999999",
        "Thu Feb 31 25:61:61 UTC 99999",
        "[a b",
        "\u{1f600}",
        "//8=",
        "é",
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[{"S": 7}]])),
    ]
}

/// Every place in a value.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| pointers(value, &format!("{at}/{}", escaped(name)), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, value)| pointers(value, &format!("{at}/{place}"), found));
        }
        _ => {}
    }
}

fn replace(event: &mut Value, place: &Index, value: Value) {
    let mut places = Vec::new();
    pointers(event, "", &mut places);
    if let Some(old) = event.pointer_mut(place.get::<String>(&places)) {
        *old = value;
    }
}

#[skyloom_local::test]
async fn no_event_makes_a_function_panic(app: Local) {
    let config = Config::default();
    let cases = config.cases;
    let mut luck = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let changes = prop::collection::vec((any::<Index>(), leaf()), 1..4);
    let case = (prop::sample::select(events()), changes);
    for _ in 0..cases {
        let ((function, mut event), changes) = case.new_tree(&mut luck).expect("nothing is filtered").current();
        for (place, value) in changes {
            replace(&mut event, &place, value);
        }
        let answer = app.invoke::<Value>(function, &event).await;
        assert!(!answer.is_err_and(|error| error.contains("panicked")), "`{function}` panics at {event:#}");
    }
}

#[skyloom_local::test]
async fn each_function_takes_the_events_that_were_not_changed(app: Local) {
    for function in ["arguments", "form", "bytes", "me", "feed"] {
        let taken = events().into_iter().filter(|(name, _)| *name == function);
        let mut statuses = Vec::new();
        for (_, event) in taken {
            statuses.push(
                app.invoke::<Value>(function, &event)
                    .await
                    .map_or(0, |answer| answer["statusCode"].as_u64().unwrap_or(0)),
            );
        }
        assert!(statuses.contains(&200), "{function}: {statuses:?}");
    }
    for (function, event) in events().into_iter().filter(|(name, _)| matches!(*name, "partner" | "changed")) {
        app.invoke::<Value>(function, &event).await.expect("it is a right one");
    }
}
