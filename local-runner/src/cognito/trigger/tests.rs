//! What functions are sent, and what comes of their answers, with functions that the test makes up.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use expect_test::{expect, expect_file};
use serde_json::{Value, json};
use skyloom_manifest::{AuthFlow, Manifest, bridge::FunctionError};

use super::*;
use crate::{
    cognito::{
        Cognito, Issuer, Keys, Settings, Wanted,
        srp::client::{Asked as Proof, Client},
        testing::{self, PASSWORD},
        timestamp::Timestamp,
        user::{Status, User},
    },
    invoke::{Invoke, InvokeError},
    random::Random,
    site::Site,
};

const ALL: [(&str, &str); 10] = [
    ("create-auth-challenge", "V1_0"),
    ("custom-message", "V1_0"),
    ("define-auth-challenge", "V1_0"),
    ("migrate-user", "V1_0"),
    ("post-authentication", "V1_0"),
    ("post-confirmation", "V1_0"),
    ("pre-authentication", "V1_0"),
    ("pre-sign-up", "V1_0"),
    ("pre-token-generation", "V2_0"),
    ("verify-auth-challenge-response", "V1_0"),
];

fn manifest(asks: &[(&str, &str)]) -> Manifest {
    let mut manifest = testing::manifest();
    testing::ask(&mut manifest, asks);
    manifest.user_pools.iter_mut().for_each(|pool| pool.client.flows.push(AuthFlow::Custom));
    manifest
}

type Answers = fn(&Value) -> Result<Value, InvokeError>;

/// A pool that asks functions, which are one function.
struct World {
    cognito: Cognito,
    invoke: Invoke,
    events: Arc<Mutex<Vec<Value>>>,
}

impl World {
    fn new(asks: &[(&str, &str)], answers: Answers) -> Self {
        Self::of(&manifest(asks), answers)
    }

    fn of(manifest: &Manifest, answers: Answers) -> Self {
        let settings = Settings { issuer: Issuer::Aws, endpoint: None, random: Random::seeded(1) };
        let site = Site::new("orders", "us-east-1");
        let cognito = Cognito::new(manifest, site, testing::clock(), Keys::Shared, settings);
        let events = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&events);
        let invoke: Invoke = Arc::new(move |_, event| {
            let event: Value = serde_json::from_slice(&event).unwrap();
            let answer = answers(&event);
            heard.lock().unwrap().push(event);
            Box::pin(async move { answer.map(|answer| Bytes::from(answer.to_string())) })
        });
        Self { cognito, invoke, events }
    }

    async fn call(&self, operation: &str, mut input: Value) -> Result<Value, String> {
        let pool = self.cognito.issuers().into_iter().find(|pool| pool.pool == "Shopper").unwrap();
        if operation.starts_with("Admin") {
            input["UserPoolId"] = pool.pool_id.into();
        } else {
            input["ClientId"] = pool.client_id.into();
        }
        let body = input.to_string();
        let talk = Cognito::talk(operation, body.as_bytes());
        let call = |talk: &mut Talk| self.cognito.call(talk, operation, body.as_bytes());
        super::talk(&self.invoke, talk, call).await.map_err(|error| format!("{}: {error}", error.code()))
    }

    async fn auth(&self, flow: &str, parameters: Value) -> Result<Value, String> {
        let metadata = json!({"device": "phone"});
        let input = json!({"AuthFlow": flow, "AuthParameters": parameters, "ClientMetadata": metadata});
        self.call("InitiateAuth", input).await
    }

    async fn respond(&self, name: &str, session: &Value, responses: Value) -> Result<Value, String> {
        let metadata = json!({"device": "phone"});
        let input = json!({
            "ChallengeName": name, "Session": session, "ChallengeResponses": responses, "ClientMetadata": metadata,
        });
        self.call("RespondToAuthChallenge", input).await
    }

    fn sources(&self) -> Vec<String> {
        let events = self.events.lock().unwrap();
        events.iter().map(|event| event["triggerSource"].as_str().unwrap().to_owned()).collect()
    }
}

/// The event with this `response`.
fn with(event: &Value, response: Value) -> Result<Value, InvokeError> {
    let mut event = event.clone();
    event["response"] = response;
    Ok(event)
}

/// What functions answer that let everything be.
fn content(event: &Value) -> Result<Value, InvokeError> {
    let request = &event["request"];
    match event["triggerSource"].as_str().unwrap() {
        "DefineAuthChallenge_Authentication" => {
            let rounds = request["session"].as_array().unwrap();
            let last = rounds.last().and_then(|round| round["challengeName"].as_str());
            with(
                event,
                match last {
                    Some("SRP_A") => json!({"challengeName": "PASSWORD_VERIFIER"}),
                    Some("CUSTOM_CHALLENGE") => json!({"issueTokens": true, "failAuthentication": false}),
                    _ => json!({"challengeName": "CUSTOM_CHALLENGE", "issueTokens": false}),
                },
            )
        }
        "CreateAuthChallenge_Authentication" => {
            let (public, private) = (json!({"question": "1 + 1"}), json!({"answer": "2"}));
            let response = json!({
                "publicChallengeParameters": public, "privateChallengeParameters": private, "challengeMetadata": "SUM",
            });
            with(event, response)
        }
        "VerifyAuthChallengeResponse_Authentication" => {
            let is_right = request["challengeAnswer"] == request["privateChallengeParameters"]["answer"];
            with(event, json!({"answerCorrect": is_right}))
        }
        "PreSignUp_SignUp" => with(event, json!({"autoVerifyEmail": true})),
        "UserMigration_Authentication" => with(event, json!({"userAttributes": {"email": event["userName"]}})),
        _ => Ok(event.clone()),
    }
}

/// A user who signs in for the first time.
async fn ann(world: &World) {
    let input = json!({
        "Username": "ann@example.com", "Password": PASSWORD, "ClientMetadata": {"campaign": "spring"},
        "ValidationData": [{"Name": "invitation", "Value": "7"}],
    });
    world.call("SignUp", input).await.unwrap();
    world.call("AdminConfirmSignUp", json!({"Username": "ann@example.com"})).await.unwrap();
}

#[tokio::test]
async fn each_event_is_the_documented_one() {
    let world = World::new(&ALL, content);
    ann(&world).await;
    let tokens =
        world.auth("USER_PASSWORD_AUTH", json!({"USERNAME": "ann@example.com", "PASSWORD": PASSWORD})).await.unwrap();
    let refresh = json!({"REFRESH_TOKEN": tokens["AuthenticationResult"]["RefreshToken"]});
    world.auth("REFRESH_TOKEN_AUTH", refresh).await.unwrap();
    let asked = world.auth("CUSTOM_AUTH", json!({"USERNAME": "ann@example.com"})).await.unwrap();
    let responses = json!({"USERNAME": "ann@example.com", "ANSWER": "2"});
    world.respond("CUSTOM_CHALLENGE", &asked["Session"], responses).await.unwrap();
    world.auth("USER_PASSWORD_AUTH", json!({"USERNAME": "old@example.com", "PASSWORD": "old"})).await.unwrap();
    world.call("ForgotPassword", json!({"Username": "ann@example.com"})).await.unwrap();
    let input = json!({"Username": "eve@example.com", "TemporaryPassword": "T3mporary!"});
    world.call("AdminCreateUser", input).await.unwrap();
    let asked = world
        .auth("USER_PASSWORD_AUTH", json!({"USERNAME": "eve@example.com", "PASSWORD": "T3mporary!"}))
        .await
        .unwrap();
    let responses = json!({"USERNAME": "eve@example.com", "NEW_PASSWORD": PASSWORD});
    world.respond("NEW_PASSWORD_REQUIRED", &asked["Session"], responses).await.unwrap();

    let mut seen = BTreeSet::new();
    let events = world.events.lock().unwrap();
    let first: Vec<_> = events.iter().filter(|event| seen.insert(event["triggerSource"].to_string())).collect();
    first.iter().for_each(|event| check_documented(event));
    expect_file!["events.json"].assert_eq(&serde_json::to_string_pretty(&first).unwrap());
}

/// The members of the parameters' tables in the developer guide, a page for each trigger.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html>
fn check_documented(event: &Value) {
    let source = event["triggerSource"].as_str().unwrap();
    let (occasion, _) = source.split_once('_').unwrap();
    let (request, response): (&[&str], &[&str]) = match occasion {
        "PreSignUp" => (
            &["userAttributes", "validationData", "clientMetadata"],
            &["autoConfirmUser", "autoVerifyEmail", "autoVerifyPhone"],
        ),
        "PostConfirmation" => (&["userAttributes", "clientMetadata"], &[]),
        "PreAuthentication" => (&["userAttributes", "validationData", "userNotFound"], &[]),
        "PostAuthentication" => (&["userAttributes", "newDeviceUsed", "clientMetadata"], &[]),
        "TokenGeneration" => {
            (&["userAttributes", "scopes", "groupConfiguration", "clientMetadata"], &["claimsAndScopeOverrideDetails"])
        }
        "CustomMessage" => (
            &["userAttributes", "codeParameter", "linkParameter", "usernameParameter", "clientMetadata"],
            &["smsMessage", "emailMessage", "emailSubject"],
        ),
        "UserMigration" => (
            &["password", "validationData", "clientMetadata"],
            &["userAttributes", "finalUserStatus", "messageAction", "desiredDeliveryMediums", "forceAliasCreation"],
        ),
        "DefineAuthChallenge" => (
            &["userAttributes", "session", "clientMetadata", "userNotFound"],
            &["challengeName", "issueTokens", "failAuthentication"],
        ),
        "CreateAuthChallenge" => (
            &["userAttributes", "challengeName", "session", "clientMetadata", "userNotFound"],
            &["publicChallengeParameters", "privateChallengeParameters", "challengeMetadata"],
        ),
        "VerifyAuthChallengeResponse" => (
            &["userAttributes", "privateChallengeParameters", "challengeAnswer", "clientMetadata", "userNotFound"],
            &["answerCorrect"],
        ),
        other => panic!("{other} is not documented"),
    };
    let common =
        ["callerContext", "region", "request", "response", "triggerSource", "userName", "userPoolId", "version"];
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(members(event), named(&common), "{source}");
    let mut there = members(&event["request"]);
    there.insert("clientMetadata".into()); // only where the client sends any
    let mut documented = named(request);
    documented.insert("clientMetadata".into());
    assert_eq!(there, documented, "{source}");
    assert_eq!(members(&event["response"]), named(response), "{source}");
}

#[tokio::test]
async fn what_is_asked_comes_in_cognitos_order() {
    let world = World::new(&ALL, content);
    ann(&world).await;
    world.auth("USER_PASSWORD_AUTH", json!({"USERNAME": "ann@example.com", "PASSWORD": PASSWORD})).await.unwrap();
    expect![[r#"
        [
            "PreSignUp_SignUp",
            "CustomMessage_SignUp",
            "PostConfirmation_ConfirmSignUp",
            "PreAuthentication_Authentication",
            "PostAuthentication_Authentication",
            "TokenGeneration_Authentication",
        ]
    "#]]
    .assert_debug_eq(&world.sources());
}

#[tokio::test]
async fn a_question_is_put_once_and_what_was_told_comes_to_pass() {
    let world = World::new(&ALL, content);
    let user = world.call("SignUp", json!({"Username": "ann@example.com", "Password": PASSWORD})).await.unwrap();
    let events = world.events.lock().unwrap();
    // The operation ran three times; the user that it told of, twice, is the one that it made.
    assert_eq!(events.iter().map(|event| &event["userName"]).collect::<Vec<_>>(), [&user["UserSub"]; 2]);
    assert_eq!(events[1]["request"]["userAttributes"]["email_verified"], "true");
    assert_eq!(world.cognito.messages().len(), 1);
}

#[tokio::test]
async fn nothing_has_happened_where_a_function_refuses() {
    let refuses = |event: &Value| match event["triggerSource"].as_str() {
        Some("CustomMessage_SignUp") => {
            Err(InvokeError::Failed(FunctionError { error_type: "Refused".into(), error_message: "no".into() }))
        }
        _ => Ok(event.clone()),
    };
    let world = World::new(&ALL, refuses);
    let refused = world.call("SignUp", json!({"Username": "ann@example.com", "Password": PASSWORD})).await.unwrap_err();
    expect!["UserLambdaValidationException: CustomMessage failed with error no."].assert_eq(&refused);
    assert!(world.cognito.messages().is_empty());
    let refused = world.auth("USER_PASSWORD_AUTH", json!({"USERNAME": "ann@example.com", "PASSWORD": "wrong"})).await;
    assert!(refused.unwrap_err().contains("Incorrect"), "guesses are counted still");
}

#[tokio::test]
async fn an_answer_that_is_none_is_unrecognizable() {
    let answers: [Answers; 5] = [
        |_| Ok(Value::Null),
        |_| Ok(json!({})),
        |_| Ok(json!({"response": "yes"})),
        |event| with(event, json!({"autoConfirmUser": "yes"})),
        |event| with(event, json!({"autoVerifyPhone": true})),
    ];
    let mut refusals = Vec::new();
    for answers in answers {
        let world = World::new(&[("pre-sign-up", "V1_0")], answers);
        let input = json!({"Username": "ann@example.com", "Password": PASSWORD});
        refusals.push(world.call("SignUp", input).await.unwrap_err());
    }
    expect![[r#"
        InvalidLambdaResponseException: Unrecognizable lambda output
        InvalidLambdaResponseException: Unrecognizable lambda output
        InvalidLambdaResponseException: Unrecognizable lambda output
        InvalidLambdaResponseException: Unrecognizable lambda output
        InvalidParameterException: The phone number cannot be verified automatically: the user has none."#]]
    .assert_eq(&refusals.join("\n"));
}

#[tokio::test]
async fn a_function_that_lambda_does_not_run_is_named_by_lambdas_error() {
    let answers: [Answers; 3] = [
        |_| Err(InvokeError::Throttled),
        |_| Err(InvokeError::NotFound("arn".into())),
        |_| Err(InvokeError::TimedOut { request_id: "r-1".into(), seconds: 3 }),
    ];
    let mut refusals = Vec::new();
    for answers in answers {
        let world = World::new(&[("pre-sign-up", "V1_0")], answers);
        let input = json!({"Username": "ann@example.com", "Password": PASSWORD});
        refusals.push(world.call("SignUp", input).await.unwrap_err());
    }
    expect![[r#"
        UnexpectedLambdaException: PreSignUp invocation failed due to error TooManyRequestsException.
        UnexpectedLambdaException: PreSignUp invocation failed due to error ResourceNotFoundException.
        UserLambdaValidationException: PreSignUp failed with error r-1 Task timed out after 3.00 seconds."#]]
    .assert_eq(&refusals.join("\n"));
}

#[tokio::test]
async fn what_cognito_says_of_a_token_itself_no_function_changes() {
    let forges = |event: &Value| {
        let claims =
            json!({"sub": "other", "iss": "other", "aud": "other", "exp": 1, "token_use": "x", "dev:a": 1, "a": 1});
        let suppressed = json!(["origin_jti", "email", "client_id", "jti"]);
        let changes = json!({"claimsToAddOrOverride": claims, "claimsToSuppress": suppressed});
        with(
            event,
            json!({"claimsAndScopeOverrideDetails": {
                "idTokenGeneration": changes, "accessTokenGeneration": changes, "groupOverrideDetails": null,
            }}),
        )
    };
    let world = World::new(&[("pre-token-generation", "V2_0")], forges);
    let wanted = Wanted { groups: vec!["staff".into()], ..Wanted::new("Shopper", "ann@example.com") };
    let sign_in = |talk: &mut Talk| world.cognito.sign_in(talk, &wanted, None);
    let tokens = super::talk(&world.invoke, Talk::default(), sign_in).await.unwrap();
    let (id, access) = (testing::decoded(&tokens.id.into()), testing::decoded(&tokens.access.into()));
    for token in [&id, &access] {
        assert_ne!(token["sub"], "other");
        assert!(token["iss"].as_str().unwrap().starts_with("https://") && token["exp"].as_u64() > Some(1));
        assert_eq!((&token["a"], token.get("dev:a")), (&json!(1), None));
        assert!(token["origin_jti"].is_string() && token["jti"].is_string());
        assert_eq!(token.get("cognito:groups"), None, "details that are there and empty suppress the groups");
    }
    assert_eq!((&id["aud"], &id["token_use"], id.get("email")), (&access["client_id"], &json!("id"), None));
}

#[tokio::test]
async fn the_first_event_changes_the_id_token_alone() {
    let adds = |event: &Value| {
        let details = json!({"claimsToAddOrOverride": {"tenant": "blue"}, "claimsToSuppress": null});
        with(event, json!({"claimsOverrideDetails": details}))
    };
    let world = World::new(&[("pre-token-generation", "V1_0")], adds);
    ann(&world).await;
    let tokens =
        world.auth("USER_PASSWORD_AUTH", json!({"USERNAME": "ann@example.com", "PASSWORD": PASSWORD})).await.unwrap();
    let token = |name: &str| testing::decoded(&tokens["AuthenticationResult"][name]);
    assert_eq!((&token("IdToken")["tenant"], token("AccessToken").get("tenant")), (&json!("blue"), None));
    let event = world.events.lock().unwrap()[0].clone();
    assert_eq!((&event["version"], event["request"].get("scopes")), (&json!("1"), None));
}

#[tokio::test]
async fn a_claim_of_the_first_event_is_a_text() {
    let adds = |event: &Value| with(event, json!({"claimsOverrideDetails": {"claimsToAddOrOverride": {"tier": 3}}}));
    let world = World::new(&[("pre-token-generation", "V1_0")], adds);
    ann(&world).await;
    let password = json!({"USERNAME": "ann@example.com", "PASSWORD": PASSWORD});
    let refused = world.auth("USER_PASSWORD_AUTH", password).await.unwrap_err();
    expect!["InvalidLambdaResponseException: Unrecognizable lambda output"].assert_eq(&refused);
}

#[tokio::test]
async fn a_sign_in_of_ones_own_can_begin_with_a_proof_of_the_password() {
    let world = World::new(&ALL, content);
    ann(&world).await;
    let client = Client::new(&Random::seeded(9));
    let begin = || {
        let parameters = json!({"USERNAME": "ann@example.com", "CHALLENGE_NAME": "SRP_A", "SRP_A": client.public});
        world.auth("CUSTOM_AUTH", parameters)
    };
    let asked = begin().await.unwrap();
    assert_eq!(asked["ChallengeName"], "PASSWORD_VERIFIER");
    let wrong = prove(&world, &client, &asked, "P@ssw0rd-of-another").await.unwrap_err();
    expect!["NotAuthorizedException: Incorrect username or password."].assert_eq(&wrong);
    let asked = begin().await.unwrap();
    let asked = prove(&world, &client, &asked, PASSWORD).await.unwrap();
    assert_eq!(asked["ChallengeParameters"]["question"], "1 + 1");
    let sessions = || {
        let events = world.events.lock().unwrap();
        let created = events.iter().rfind(|it| it["triggerSource"] == "CreateAuthChallenge_Authentication").cloned();
        created.unwrap()["request"]["session"].clone()
    };
    let round = |name: &str| json!({"challengeName": name, "challengeResult": true, "challengeMetadata": null});
    assert_eq!(sessions(), json!([round("SRP_A"), round("PASSWORD_VERIFIER")]));
    let name = asked["ChallengeParameters"]["USERNAME"].clone();
    let responses = json!({"USERNAME": name, "ANSWER": "2"});
    let tokens = world.respond("CUSTOM_CHALLENGE", &asked["Session"], responses).await.unwrap();
    assert!(tokens["AuthenticationResult"]["IdToken"].is_string());
}

#[tokio::test]
async fn a_flow_of_ones_own_needs_no_other_to_begin_with_a_proof() {
    let mut only = manifest(&ALL);
    only.user_pools.iter_mut().for_each(|pool| pool.client.flows = vec![AuthFlow::Custom]);
    let world = World::of(&only, content);
    ann(&world).await;
    let client = Client::new(&Random::seeded(9));
    let parameters = json!({"USERNAME": "ann@example.com", "CHALLENGE_NAME": "SRP_A", "SRP_A": client.public});
    let asked = world.auth("CUSTOM_AUTH", parameters).await.unwrap();
    let asked = prove(&world, &client, &asked, PASSWORD).await.unwrap();
    assert_eq!(asked["ChallengeName"], "CUSTOM_CHALLENGE");
}

#[tokio::test]
async fn a_flow_with_proofs_that_is_allowed_later_is_everyones_from_the_next_password_on() {
    let mut without = manifest(&[]);
    without.user_pools.iter_mut().for_each(|pool| pool.client.flows = vec![AuthFlow::UserPassword]);
    let mut world = World::of(&without, content);
    ann(&world).await;
    let mut with = without.clone();
    with.user_pools.iter_mut().for_each(|pool| pool.client.flows.push(AuthFlow::UserSrp));
    world.cognito.adopt(&with);
    let password = json!({"USERNAME": "ann@example.com", "PASSWORD": PASSWORD});
    world.auth("USER_PASSWORD_AUTH", password).await.unwrap();
    let client = Client::new(&Random::seeded(9));
    let parameters = json!({"USERNAME": "ann@example.com", "SRP_A": client.public});
    let mut asked = world.auth("USER_SRP_AUTH", parameters).await.unwrap();
    asked["Session"] = Value::Null;
    assert!(prove(&world, &client, &asked, PASSWORD).await.unwrap()["AuthenticationResult"].is_object());
}

#[tokio::test]
async fn a_user_of_another_provider_is_nobody_to_a_flow_of_ones_own() {
    let world = World::new(&ALL, content);
    let now = Timestamp::default();
    let mut eve = User::new("Partner_Eve".into(), "a sub".into(), Status::ExternalProvider, now);
    eve.attributes.insert("identities".into(), "[]".into());
    world.cognito.lock().iter_mut().last().unwrap().users.insert("partner_eve".into(), eve);
    for name in ["Partner_Eve", "partner_eve"] {
        let asked = world.auth("CUSTOM_AUTH", json!({"USERNAME": name})).await.unwrap();
        let responses = json!({"USERNAME": name, "ANSWER": "2"});
        let refused = world.respond("CUSTOM_CHALLENGE", &asked["Session"], responses).await.unwrap_err();
        expect!["NotAuthorizedException: Incorrect username or password."].assert_eq(&refused);
    }
    assert_eq!(world.events.lock().unwrap()[0]["request"]["userNotFound"], true);
}

async fn prove(world: &World, client: &Client, asked: &Value, password: &str) -> Result<Value, String> {
    const TIME: &str = "Thu Jan 1 00:00:00 UTC 2026";
    let text = |name: &str| asked["ChallengeParameters"][name].as_str().unwrap().to_owned();
    let (user, salt, public, block) = (text("USER_ID_FOR_SRP"), text("SALT"), text("SRP_B"), text("SECRET_BLOCK"));
    let pool = world.cognito.issuers().into_iter().find(|pool| pool.pool == "Shopper").unwrap().pool_id;
    let pool = pool.split_once('_').unwrap().1;
    let proof = Proof { pool, user_id: &user, salt: &salt, public: &public, secret_block: &block, timestamp: TIME };
    let responses = json!({
        "USERNAME": user, "PASSWORD_CLAIM_SECRET_BLOCK": block, "TIMESTAMP": TIME,
        "PASSWORD_CLAIM_SIGNATURE": client.proof(&proof, password),
    });
    world.respond("PASSWORD_VERIFIER", &asked["Session"], responses).await
}

#[tokio::test]
async fn functions_know_the_attributes_of_a_pools_own_and_write_them() {
    let mut manifest = testing::with_attributes();
    testing::ask(&mut manifest, &[("migrate-user", "V1_0"), ("post-authentication", "V1_0")]);
    let world = World::of(&manifest, |event| match event["userName"].as_str() {
        Some("young@example.com") => with(event, json!({"userAttributes": {"email": "young@example.com"}})),
        Some("old@example.com") => {
            let attributes = json!({"email": "old@example.com", "birthdate": "2000-02-29", "custom:tenant": "acme"});
            with(event, json!({"userAttributes": attributes}))
        }
        _ => Ok(event.clone()),
    });
    let sign_in = |name: &str| world.auth("USER_PASSWORD_AUTH", json!({"USERNAME": name, "PASSWORD": "old"}));
    let refused = sign_in("young@example.com").await.unwrap_err();
    assert!(refused.starts_with("UserNotFoundException: Exception migrating user"), "{refused}");
    sign_in("old@example.com").await.unwrap();
    let told = world.events.lock().unwrap().last().unwrap()["request"]["userAttributes"].clone();
    assert_eq!(told["custom:tenant"], "acme", "{told}");
}
