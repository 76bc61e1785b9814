//! With the events of AWS's documentation.

use expect_test::{Expect, expect};
use serde_json::json;

use super::*;
use crate::user_pool::{
    AuthChallenge, AuthStep, CustomMessageReply, FinalStatus, IdTokenReply, MigratedUser, PreSignUpReply, TokensReply,
};

fn event(source: &str, request: Value) -> Vec<u8> {
    let event = json!({
        "version": "1", "triggerSource": source, "region": "eu-west-1", "userPoolId": "eu-west-1_Ab3dEf9hI", "userName": "ann",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "client"},
        "request": request, "response": {},
    });
    event.to_string().into_bytes()
}

/// The `response` of the answer, or the error that Cognito gets.
fn answered(answer: impl Future<Output = Result<Value, Error>> + Send) -> String {
    let payload = event("PreSignUp_SignUp", json!({"userAttributes": {}}));
    let call = open(&payload).unwrap();
    match conclude(&call, answer).now_or_never().unwrap() {
        Ok(answer) => {
            let answer = serde_json::to_value(&answer).unwrap();
            let asked: Value = serde_json::from_slice(&payload).unwrap();
            assert_eq!((&answer["request"], &answer["version"]), (&asked["request"], &asked["version"]));
            answer["response"].to_string()
        }
        Err(error) => error.to_string(),
    }
}

fn check<R, A: PoolReply<R> + Send>(given: A, expected: Expect) {
    expected.assert_eq(&answered(async { reply::<R, A>(given) }));
}

#[test]
fn each_answer_is_the_response_that_cognito_documents() {
    let confirmed = PreSignUpReply { auto_confirm_user: true, auto_verify_email: true, ..Default::default() };
    check::<on::PreSignUp, _>(
        confirmed,
        expect![[r#"{"autoConfirmUser":true,"autoVerifyEmail":true,"autoVerifyPhone":false}"#]],
    );
    check::<on::PreSignUp, _>(
        (),
        expect![[r#"{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false}"#]],
    );
    check::<on::PostConfirmation, _>((), expect!["{}"]);
    let message = CustomMessageReply { email_message: Some("{####}".into()), ..Default::default() };
    check::<on::CustomMessage, _>(
        message,
        expect![[r#"{"emailMessage":"{####}","emailSubject":null,"smsMessage":null}"#]],
    );
    let user = MigratedUser::new(FinalStatus::Confirmed).attribute("email", "ann@example.com");
    check::<on::MigrateUser, _>(
        Some(user),
        expect![[
            r#"{"finalUserStatus":"CONFIRMED","messageAction":"SUPPRESS","userAttributes":{"email":"ann@example.com"}}"#
        ]],
    );
    check::<on::MigrateUser, _>(None::<MigratedUser>, expect!["{}"]);
    check::<on::DefineAuthChallenge, _>(
        AuthStep::CustomChallenge,
        expect![[r#"{"challengeName":"CUSTOM_CHALLENGE","failAuthentication":false,"issueTokens":false}"#]],
    );
    check::<on::DefineAuthChallenge, _>(
        AuthStep::IssueTokens,
        expect![[r#"{"challengeName":null,"failAuthentication":false,"issueTokens":true}"#]],
    );
    check::<on::CreateAuthChallenge, _>(
        AuthChallenge::new().public("question", "1+1").private("answer", "2").named("SUM"),
        expect![[
            r#"{"challengeMetadata":"SUM","privateChallengeParameters":{"answer":"2"},"publicChallengeParameters":{"question":"1+1"}}"#
        ]],
    );
    check::<on::VerifyAuthChallengeResponse, _>(true, expect![[r#"{"answerCorrect":true}"#]]);
}

#[test]
fn the_answer_about_tokens_says_which_event_it_answers() {
    check::<on::PreTokenGeneration, _>(
        IdTokenReply::new().claim("tenant", "blue").suppress("email").groups(["staff"]),
        expect![[
            r#"{"claimsOverrideDetails":{"claimsToAddOrOverride":{"tenant":"blue"},"claimsToSuppress":["email"],"groupOverrideDetails":{"groupsToOverride":["staff"]}}}"#
        ]],
    );
    check::<on::PreTokenGeneration, _>(
        TokensReply::new().id_claim("tenant", "blue").access_claim("level", 3).add_scope("a/b").suppress_scope("c/d"),
        expect![[
            r#"{"claimsAndScopeOverrideDetails":{"accessTokenGeneration":{"claimsToAddOrOverride":{"level":3},"scopesToAdd":["a/b"],"scopesToSuppress":["c/d"]},"idTokenGeneration":{"claimsToAddOrOverride":{"tenant":"blue"}}}}"#
        ]],
    );
    assert_eq!(version::<Result<IdTokenReply, Error>>(), PoolEventVersion::V1);
    assert_eq!(version::<Result<TokensReply, Error>>(), PoolEventVersion::V2);
}

#[test]
fn the_client_learns_a_refusal_and_no_inner_workings() {
    let refused = |error: Error| answered(async { Err(error) });
    assert_eq!(refused(Error::forbidden("you are not invited")), "Refused: you are not invited");
    assert_eq!(refused(Error::internal("password=hunter2")), "Refused: internal error");
    assert_eq!(answered(async { panic!("password=hunter2") }), "Panic: internal error");
}

#[test]
fn what_is_no_question_of_a_pool_is_named() {
    let refused = |payload: &str| open(payload.as_bytes()).unwrap_err().error_message;
    expect!["the event is no question of a user pool: it has no `triggerSource`"].assert_eq(&refused("{}"));
    assert!(refused("[]").starts_with("the event is no question of a user pool: invalid type"));
}

#[derive(Debug, PartialEq, Deserialize)]
struct Shopper {
    sub: String,
    email_verified: bool,
    #[serde(rename = "cognito:username")]
    name: String,
}

/// The event as a handler of that pool takes it.
fn taken<R: DeserializeOwned + 'static>(source: &str, request: Value) -> crate::user_pool::PoolEvent<Shopper, R> {
    let payload = event(source, request);
    let call = open(&payload).unwrap();
    let header = call.header().unwrap();
    crate::user_pool::PoolEvent::of(header, call.request().unwrap())
}

#[test]
fn a_handler_reads_the_user_and_what_is_asked() {
    let request = json!({
        "userAttributes": {"sub": "1", "email_verified": "true", "cognito:user_status": "CONFIRMED"},
        "privateChallengeParameters": {"secret": "11122233"}, "challengeAnswer": "123xxxx",
        "clientMetadata": {"key": "value"}, "userNotFound": false,
    });
    let event = taken::<on::VerifyAuthChallengeResponse>("VerifyAuthChallengeResponse_Authentication", request);
    assert_eq!((event.username(), event.client_id()), ("ann", "client"));
    assert_eq!(
        (event.trigger_source(), event.user_pool_id()),
        ("VerifyAuthChallengeResponse_Authentication", "eu-west-1_Ab3dEf9hI")
    );
    assert_eq!(event.attribute("cognito:user_status"), Some("CONFIRMED"));
    assert_eq!(event.client_metadata()["key"], "value");
    assert_eq!((&*event.challenge_answer, &*event.private_challenge_parameters["secret"]), ("123xxxx", "11122233"));
    assert_eq!(event.user().unwrap(), Shopper { sub: "1".into(), email_verified: true, name: "ann".into() });
    assert!(!format!("{event:?}").contains("11122233"));
}

#[test]
fn what_cognito_leaves_out_or_sends_as_null_is_empty() {
    let event = taken::<on::PreSignUp>("PreSignUp_SignUp", json!({"userAttributes": {}, "validationData": null}));
    assert!(event.validation_data.is_empty() && event.client_metadata().is_empty());
    let missing = event.user().unwrap_err().chain();
    assert!(missing.contains("`sub`"), "{missing}");
    let groups = json!({"userAttributes": {}, "groupConfiguration": {"groupsToOverride": null, "iamRolesToOverride": ["r"], "preferredRole": null}});
    let event = taken::<on::PreTokenGeneration>("TokenGeneration_RefreshTokens", groups);
    assert_eq!(event.group_configuration.iam_roles_to_override, ["r"]);
}

#[test]
fn a_password_is_in_no_debug_output() {
    let event = taken::<on::MigrateUser>("UserMigration_Authentication", json!({"password": "hunter2"}));
    assert_eq!(event.password, "hunter2");
    assert!(!format!("{event:?}").contains("hunter2"));
}
