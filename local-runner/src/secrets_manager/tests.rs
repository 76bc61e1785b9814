use std::time::{Duration, UNIX_EPOCH};

use expect_test::{Expect, expect};
use serde_json::json;
use skyloom_manifest::{Secret, SecretOrigin, SourceLocation};

use super::*;

/// Prints what each call answers, in which the time stands still.
fn check(calls: &[(&str, Value)], expected: Expect) {
    let secrets = secrets(1);
    let answers: Vec<String> = calls.iter().map(|(operation, input)| call(&secrets, operation, input)).collect();
    expected.assert_eq(&answers.join("\n"));
}

fn secrets(seed: u64) -> SecretsManager {
    let clock = Clock::starting_at(UNIX_EPOCH + Duration::from_secs(1_767_225_600));
    SecretsManager::new(Site::of_test("orders"), clock, Random::seeded(seed), Vault::default())
}

fn call(secrets: &SecretsManager, operation: &str, input: &Value) -> String {
    let response = secrets.handle(&format!("secretsmanager.{operation}"), input.to_string().as_bytes());
    format!("{} {}", response.status().as_u16(), String::from_utf8_lossy(response.body()))
}

fn declared(name: &str, origin: SecretOrigin) -> Secret {
    let source = SourceLocation { file: "src/lib.rs".into(), line: 1 };
    Secret { name: name.into(), description: None, source, origin }
}

fn manifest(secrets: Vec<Secret>) -> skyloom_manifest::Manifest {
    let manifest =
        json!({"version": 1, "application": "orders", "apis": [], "functions": [], "tables": [], "user-pools": []});
    skyloom_manifest::Manifest { secrets, ..serde_json::from_value(manifest).unwrap() }
}

#[tokio::test(start_paused = true)]
async fn a_value_is_put_in_and_read() {
    check(
        &[
            ("CreateSecret", json!({"Name": "payments/stripe", "ClientRequestToken": "a", "SecretString": "sk_1"})),
            (
                "PutSecretValue",
                json!({"SecretId": "payments/stripe", "ClientRequestToken": "b", "SecretString": "sk_2"}),
            ),
            ("GetSecretValue", json!({"SecretId": "payments/stripe"})),
            ("GetSecretValue", json!({"SecretId": "payments/stripe", "VersionStage": "AWSPREVIOUS"})),
            ("DescribeSecret", json!({"SecretId": "payments/stripe"})),
            ("ListSecrets", json!({})),
        ],
        expect![[r#"
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:payments/stripe-VaG6qv","Name":"payments/stripe","VersionId":"a"}
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:payments/stripe-VaG6qv","Name":"payments/stripe","VersionId":"b","VersionStages":["AWSCURRENT"]}
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:payments/stripe-VaG6qv","CreatedDate":1767225600.0,"Name":"payments/stripe","SecretString":"sk_2","VersionId":"b","VersionStages":["AWSCURRENT"]}
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:payments/stripe-VaG6qv","CreatedDate":1767225600.0,"Name":"payments/stripe","SecretString":"sk_1","VersionId":"a","VersionStages":["AWSPREVIOUS"]}
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:payments/stripe-VaG6qv","CreatedDate":1767225600.0,"LastAccessedDate":1767225600.0,"LastChangedDate":1767225600.0,"Name":"payments/stripe","VersionIdsToStages":{"a":["AWSPREVIOUS"],"b":["AWSCURRENT"]}}
            200 {"SecretList":[{"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:payments/stripe-VaG6qv","CreatedDate":1767225600.0,"LastAccessedDate":1767225600.0,"LastChangedDate":1767225600.0,"Name":"payments/stripe","SecretVersionsToStages":{"a":["AWSPREVIOUS"],"b":["AWSCURRENT"]}}]}"#]],
    );
}

#[tokio::test(start_paused = true)]
async fn a_secret_may_be_empty_at_first() {
    check(
        &[
            ("CreateSecret", json!({"Name": "a", "ClientRequestToken": "a"})),
            ("GetSecretValue", json!({"SecretId": "a"})),
            ("DescribeSecret", json!({"SecretId": "a"})),
            ("PutSecretValue", json!({"SecretId": "a", "ClientRequestToken": "b", "SecretBinary": "Zm9v"})),
            ("GetSecretValue", json!({"SecretId": "a"})),
        ],
        expect![[r#"
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:a-OGrMp9","Name":"a"}
            400 {"Message":"Secrets Manager can't find the specified secret value for staging label: AWSCURRENT","__type":"ResourceNotFoundException"}
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:a-OGrMp9","CreatedDate":1767225600.0,"LastChangedDate":1767225600.0,"Name":"a"}
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:a-OGrMp9","Name":"a","VersionId":"b","VersionStages":["AWSCURRENT"]}
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:a-OGrMp9","CreatedDate":1767225600.0,"Name":"a","SecretBinary":"Zm9v","VersionId":"b","VersionStages":["AWSCURRENT"]}"#]],
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_wrong_is_said_as_secrets_manager_says_it() {
    check(
        &[
            ("GetSecretValue", json!({"SecretId": "a"})),
            ("CreateSecret", json!({"Name": "a", "ClientRequestToken": "1", "SecretString": "x"})),
            ("CreateSecret", json!({"Name": "a", "ClientRequestToken": "2", "SecretString": "y"})),
            ("CreateSecret", json!({"Name": "b c", "ClientRequestToken": "2"})),
            ("CreateSecret", json!({"Name": "b"})),
            ("PutSecretValue", json!({"SecretId": "a", "ClientRequestToken": "1", "SecretString": "y"})),
            ("PutSecretValue", json!({"SecretId": "a", "ClientRequestToken": "3"})),
            ("GetSecretValue", json!({"SecretId": "a", "VersionId": "9"})),
            ("GetSecretValue", json!({"SecretId": "a", "VersionId": "1", "VersionStage": "AWSPREVIOUS"})),
            ("CreateSecret", json!({"Name": "d", "ClientRequestToken": "2", "Tags": []})),
            ("RotateSecret", json!({"SecretId": "a"})),
        ],
        expect![[r#"
            400 {"Message":"Secrets Manager can't find the specified secret.","__type":"ResourceNotFoundException"}
            200 {"ARN":"arn:aws:secretsmanager:us-east-1:000000000000:secret:a-OGrMp9","Name":"a","VersionId":"1"}
            400 {"Message":"The operation failed because the secret a already exists.","__type":"ResourceExistsException"}
            400 {"Message":"Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!","__type":"ValidationException"}
            400 {"Message":"You must provide a ClientRequestToken value. We recommend a UUID-type value.","__type":"InvalidRequestException"}
            400 {"Message":"A resource with the ID you requested already exists.","__type":"ResourceExistsException"}
            400 {"Message":"You must provide either SecretString or SecretBinary.","__type":"InvalidParameterException"}
            400 {"Message":"Secrets Manager can't find the specified secret value for VersionId: 9","__type":"ResourceNotFoundException"}
            400 {"Message":"You provided a VersionStage that is not associated to the provided VersionId.","__type":"InvalidRequestException"}
            400 {"Message":"Tags: this is not emulated","__type":"InvalidParameterException"}
            400 {"Message":"The operation RotateSecret is not emulated","__type":"UnknownOperationException"}"#]],
    );
}

#[tokio::test(start_paused = true)]
async fn pages_of_secrets_follow_each_other() {
    let secrets = secrets(1);
    for name in ["a", "b", "c"] {
        call(&secrets, "CreateSecret", &json!({"Name": name, "ClientRequestToken": name}));
    }
    let page = |token: Option<&str>| {
        let mut input = json!({"MaxResults": 2});
        token.into_iter().for_each(|token| input["NextToken"] = token.into());
        let answer = call(&secrets, "ListSecrets", &input);
        let answer: Value = serde_json::from_str(answer.trim_start_matches("200 ")).unwrap();
        let names: Vec<_> = answer["SecretList"].as_array().unwrap().iter().map(|it| it["Name"].clone()).collect();
        (names, answer["NextToken"].as_str().map(str::to_owned))
    };
    let (first, token) = page(None);
    assert_eq!(first, ["a", "b"]);
    assert_eq!(page(token.as_deref()), (vec!["c".into()], None));
}

#[tokio::test(start_paused = true)]
async fn a_generated_value_follows_from_the_seed_and_an_empty_secret_has_none() {
    let value = |seed| {
        let secrets = secrets(seed);
        let key = declared("Key", SecretOrigin::Generated { length: 40, punctuation: false });
        let stripe = declared("Stripe", SecretOrigin::Empty);
        secrets.adopt(&manifest(vec![key.clone(), stripe.clone()]));
        assert!(secrets.is_set(&key) && !secrets.is_set(&stripe));
        let answer = call(&secrets, "GetSecretValue", &json!({"SecretId": secrets.id(&key)}));
        let answer: Value = serde_json::from_str(answer.trim_start_matches("200 ")).unwrap();
        answer["SecretString"].as_str().unwrap().to_owned()
    };
    assert_eq!(value(1), value(1));
    assert_ne!(value(1), value(2));
    assert!(value(1).len() == 40 && value(1).bytes().all(|byte| byte.is_ascii_alphanumeric()));
}

#[tokio::test(start_paused = true)]
async fn a_new_version_of_the_application_keeps_the_values() {
    let secrets = secrets(1);
    let arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:shared/key-a1B2c3";
    let key = declared("Key", SecretOrigin::Existing { id: arn.into() });
    secrets.adopt(&manifest(vec![key.clone()]));
    secrets.set(&key, "one".into());
    secrets.adopt(&manifest(vec![key.clone()]));
    assert!(call(&secrets, "GetSecretValue", &json!({"SecretId": arn})).contains(r#""SecretString":"one""#));
    assert!(call(&secrets, "GetSecretValue", &json!({"SecretId": "shared/key"})).contains(arn));
    assert_eq!(secrets.id(&key), arn);
}
