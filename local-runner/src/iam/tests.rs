use std::time::{Duration, UNIX_EPOCH};

use expect_test::expect;
use skyloom_manifest::{
    FORMAT_VERSION, Function, FunctionOptions, Permission, Resource, SourceLocation, StartingPosition, StreamTrigger,
    Trigger,
};

use super::*;

fn function(name: &str, trigger: Trigger, permissions: Vec<(Resource, &str)>) -> Function {
    let permissions = permissions
        .into_iter()
        .map(|(resource, action)| Permission { resource, actions: vec![action.into()], leading_keys: Vec::new() })
        .collect();
    let source = SourceLocation { file: "src/lib.rs".into(), line: 1 };
    Function {
        name: name.into(),
        description: None,
        source,
        trigger,
        memory: 256,
        timeout: 30,
        concurrency: None,
        options: FunctionOptions::default(),
        permissions,
        operation: None,
        streaming: false,
    }
}

fn iam(clock: Option<Clock>) -> Iam {
    let stream = StreamTrigger {
        table: "Order".into(),
        batch_size: 100,
        batch_window: 0,
        starting_position: StartingPosition::TrimHorizon,
        retries: None,
        max_record_age: None,
        bisect: false,
        parallelization: 1,
        tumbling_window: None,
        on_failure: None,
        filters: Vec::new(),
    };
    let table = Resource::Table { table: "Order".into() };
    let index = Resource::Index { table: "Order".into(), index: "ByStatus".into() };
    let parameter =
        Resource::Arn { arn: "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/orders/*".into() };
    let manifest = Manifest {
        version: FORMAT_VERSION,
        application: "orders".into(),
        apis: Vec::new(),
        functions: vec![
            function("list", Trigger::Invoke, vec![(table, "dynamodb:GetItem"), (index, "dynamodb:Query")]),
            function("ship", Trigger::Stream(stream), vec![(parameter, "ssm:GetParameter")]),
        ],
        tables: Vec::new(),
        user_pools: Vec::new(),
        secrets: Vec::new(),
        integrations: Vec::new(),
        identity_pools: Vec::new(),
    };
    Iam::new(&manifest, &Site::new("orders", "us-east-1"), clock, (&Clock::of_machine(), &Random::seeded(1))).unwrap()
}

fn may(iam: &Iam, function: &str, action: &str, resource: &str) -> bool {
    let caller = iam.caller(&iam.credentials(function).unwrap().access_key_id);
    iam.authorize(&caller, &Access::new(action, resource)).is_ok()
}

#[test]
fn a_function_may_do_exactly_what_its_permissions_say() {
    let iam = iam(None);
    let table = "arn:aws:dynamodb:us-east-1:000000000000:table/orders-Order";
    assert!(may(&iam, "list", "dynamodb:GetItem", table));
    assert!(!may(&iam, "list", "dynamodb:PutItem", table));
    assert!(!may(&iam, "list", "dynamodb:Query", table));
    assert!(may(&iam, "list", "dynamodb:Query", &format!("{table}/index/ByStatus")));
    assert!(!may(&iam, "list", "dynamodb:GetRecords", &format!("{table}/stream/2026-01-01T00:00:00.000")));
    assert!(!may(&iam, "list", "dynamodb:ListTables", "*"));
}

#[test]
fn a_stream_handler_may_read_its_stream_and_named_resources_are_filled_in() {
    let iam = iam(None);
    let stream = "arn:aws:dynamodb:us-east-1:000000000000:table/orders-Order/stream/2026-01-01T00:00:00.000";
    assert!(may(&iam, "ship", "dynamodb:GetRecords", stream));
    assert!(!may(&iam, "ship", "dynamodb:GetRecords", &stream.replace("Order", "Shipment")));
    assert!(may(&iam, "ship", "ssm:GetParameter", "arn:aws:ssm:us-east-1:000000000000:parameter/orders/key"));
}

#[test]
fn a_denial_has_amazons_words() {
    let iam = iam(None);
    let caller = iam.caller(&iam.credentials("list").unwrap().access_key_id);
    let denied = iam.authorize(
        &caller,
        &Access::new("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:000000000000:table/orders-Order"),
    );
    expect!["User: arn:aws:sts::000000000000:assumed-role/orders-list/orders-list is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/orders-Order because no identity-based policy allows the dynamodb:PutItem action"]
        .assert_eq(&denied.unwrap_err().to_string());
}

#[test]
fn every_other_key_is_the_owners_who_may_do_everything() {
    let iam = iam(None);
    let request = http::Request::post("http://127.0.0.1:4566/")
        .header("x-amz-date", "20260101T000000Z")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00")
        .body(Bytes::new())
        .unwrap();
    let owner = iam.authenticate(&request, "dynamodb").unwrap();
    assert_eq!((owner.arn().as_str(), owner.user_id().as_str()), ("arn:aws:iam::000000000000:root", "000000000000"));
    assert!(iam.authorize(&owner, &Access::new("dynamodb:DeleteTable", "*")).is_ok());
}

#[test]
fn a_page_of_somebody_else_is_not_the_owner() {
    let iam = iam(None);
    let request = |name: &str, value: &str| {
        http::Request::post("/")
            .header("x-amz-date", "20260101T000000Z")
            .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00")
            .header(name, value)
            .body(Bytes::new())
            .unwrap()
    };
    for (name, value) in [("origin", "https://evil.example"), ("host", "evil.example:4566")] {
        assert_eq!(iam.authenticate(&request(name, value), "dynamodb").unwrap_err(), Refusal::InvalidToken);
    }
    assert!(iam.authenticate(&request("origin", "http://localhost:5173"), "dynamodb").is_ok());
}

#[test]
fn an_api_knows_the_owner_by_a_signature() {
    let now = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    let iam = iam(Some(Clock::starting_at(now)));
    let signed = |key: &str, secret: &str, moment: &str, service: &str| {
        let uri = "/default/@connections/BFaVtfGSIAMCKug%3D".parse().unwrap();
        let mut request = http::Request::post(&uri).header("host", "127.0.0.1:3000").body(Bytes::new()).unwrap();
        let credentials =
            Credentials { access_key_id: key.into(), secret_access_key: secret.into(), session_token: String::new() };
        let headers = request.headers_mut();
        sign(("POST", &uri, &Bytes::new()), headers, &credentials, (moment, "us-east-1", service));
        iam.authenticate_for_api(&request).map(|caller| caller.arn())
    };
    let moment = "20260101T000000Z";
    assert_eq!(signed("local", "local", moment, "execute-api").unwrap(), "arn:aws:iam::000000000000:root");
    assert_eq!(signed("AKIAIOSFODNN7EXAMPLE", "local", moment, "execute-api").unwrap_err(), Refusal::InvalidToken);
    assert_eq!(signed("local", "guessed", moment, "execute-api").unwrap_err(), Refusal::SignatureMismatch);
    for (moment, service) in [("20260101T001000Z", "execute-api"), (moment, "dynamodb")] {
        let refused = signed("local", "local", moment, service).unwrap_err();
        assert!(matches!(refused, Refusal::InvalidSignature(_)), "{refused}");
    }
}

/// Signed by botocore 1.43 with the keys that the seed gives `list`.
fn recorded() -> http::Request<Bytes> {
    let iam = iam(None);
    http::Request::post("http://127.0.0.1:4566/")
        .header("host", "127.0.0.1:4566")
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", "DynamoDB_20120810.ListTables")
        .header("x-amz-date", "20260101T000000Z")
        .header("x-amz-security-token", &iam.credentials("list").unwrap().session_token)
        .header("authorization", RECORDED)
        .body(Bytes::from_static(br#"{"Limit": 3}"#))
        .unwrap()
}

const RECORDED: &str = "AWS4-HMAC-SHA256 Credential=ASIATNK7IS4UZVL24U3Z/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=175f758e9285b3333fc295e15f5fc509190ccda9f766d67ed70c0f145371682d";

#[test]
fn a_functions_signature_is_verified() {
    let iam = iam(None);
    let caller = iam.authenticate(&recorded(), "dynamodb").unwrap();
    assert_eq!(caller.arn(), "arn:aws:sts::000000000000:assumed-role/orders-list/orders-list");
    let mut tampered = recorded();
    *tampered.body_mut() = Bytes::from_static(br#"{"Limit": 4}"#);
    assert_eq!(iam.authenticate(&tampered, "dynamodb").unwrap_err(), Refusal::SignatureMismatch);
    let mut retargeted = recorded();
    retargeted.headers_mut().insert("x-amz-target", "DynamoDB_20120810.DeleteTable".parse().unwrap());
    assert_eq!(iam.authenticate(&retargeted, "dynamodb").unwrap_err(), Refusal::SignatureMismatch);
}

#[test]
fn a_functions_key_without_its_session_is_nobodys() {
    let mut request = recorded();
    request.headers_mut().remove("x-amz-security-token");
    assert_eq!(iam(None).authenticate(&request, "dynamodb").unwrap_err(), Refusal::InvalidToken);
}

#[test]
fn an_old_signature_is_refused_where_clocks_are_the_same() {
    let signed = UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    let at = |time| iam(Some(Clock::starting_at(time))).authenticate(&recorded(), "dynamodb");
    assert!(at(signed).is_ok());
    let refusal = at(signed + Duration::from_secs(3_600)).unwrap_err();
    expect!["Signature expired: 20260101T000000Z is now earlier than 20260101T005500Z (20260101T010000Z - 5 min.)"]
        .assert_eq(&refusal.to_string());
}
