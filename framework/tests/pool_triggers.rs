//! Functions that a user pool asks: what each of them changes, and how each refuses.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use expect_test::{Expect, expect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use skyloom::{
    Error, Json, Read, Table, UserPool, Write, handler,
    user_pool::{
        AuthChallenge, AuthStep, CreateAuthChallenge, CustomMessage, CustomMessageReply, DefineAuthChallenge,
        FinalStatus, IdTokenReply, MigrateUser, MigratedUser, PostAuthentication, PostConfirmation, PreAuthentication,
        PreSignUp, PreSignUpReply, PreTokenGeneration, TokensReply, VerifyAuthChallengeResponse,
    },
};
use skyloom_local::Local;

const PASSWORD: &str = "P@ssw0rd";

#[derive(Debug, UserPool, Deserialize)]
#[user_pool(sign_in = "email", self_sign_up, groups = ["buyers", "staff"])]
struct Shopper {
    sub: String,
    email: String,
    #[serde(default)]
    tenant: String,
}

/// Users who have no password worth the name.
#[derive(Debug, UserPool, Deserialize)]
#[user_pool(sign_in = "username", self_sign_up)]
struct Member {
    #[expect(dead_code, reason = "a claim that no handler here reads")]
    sub: String,
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Invitation {
    #[partition_key]
    email: String,
}

/// What a function was told of a user.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Told {
    #[partition_key]
    source: String,
    #[sort_key]
    email: String,
    sub: String,
    note: String,
}

#[handler(user_pool = Shopper, on = "pre-sign-up")]
async fn invited_only(event: PreSignUp<Shopper>, invited: Read<Invitation>) -> Result<PreSignUpReply, Error> {
    let email = event.attribute("email").unwrap_or_default();
    match event.validation_data.get("mood").map(String::as_str) {
        Some("broken") => return Err(Error::internal("password=hunter2")),
        Some("panic") => panic!("password=hunter2"),
        Some("slow") => tokio::time::sleep(Duration::from_secs(3_600)).await,
        Some("banned") => return Err(Error::forbidden("you are banned")),
        _ => {}
    }
    let is_invited = invited.get(email).await?.is_some();
    Ok(PreSignUpReply { auto_confirm_user: is_invited, auto_verify_email: is_invited, ..PreSignUpReply::default() })
}

#[handler(user_pool = Shopper, on = "post-confirmation")]
async fn welcome(event: PostConfirmation<Shopper>, told: Write<Told>) -> Result<(), Error> {
    let Shopper { sub, email, .. } = event.user()?;
    if email.starts_with("unwelcome") {
        return Err(Error::conflict("no room"));
    }
    let note = event.attribute("cognito:user_status").unwrap_or_default().to_owned();
    Ok(told.put(&Told { source: event.trigger_source().into(), email, sub, note }).await?)
}

#[handler(user_pool = Shopper, on = "pre-authentication")]
async fn let_in(event: PreAuthentication<Shopper>) -> Result<(), Error> {
    match event.validation_data.get("from").map(String::as_str) {
        Some("the moon") => Err(Error::forbidden(format!("not from there (unknown: {})", event.user_not_found))),
        _ => Ok(()),
    }
}

#[handler(user_pool = Shopper, on = "post-authentication")]
async fn note_sign_in(event: PostAuthentication<Shopper>, told: Write<Told>) -> Result<(), Error> {
    let Shopper { sub, email, .. } = event.user()?;
    if email.starts_with("late") {
        return Err(Error::forbidden("the shop is closed"));
    }
    Ok(told.put(&Told { source: event.trigger_source().into(), email, sub, note: String::new() }).await?)
}

#[handler(user_pool = Shopper, on = "pre-token-generation")]
async fn claims(event: PreTokenGeneration<Shopper>) -> Result<TokensReply, Error> {
    let reply = TokensReply::new()
        .id_claim("tenant", "blue")
        .id_claim("sub", "somebody else")
        .access_claim("limits", json!({"orders": event.scopes.len()}))
        .access_claim("client_id", "another")
        .suppress_id("email_verified")
        .add_scope("orders/read")
        .id_claim("source", event.trigger_source());
    Ok(match event.attribute("email") {
        Some(email) if email.starts_with("boss") => reply.groups(["staff"]),
        _ => reply,
    })
}

#[handler(user_pool = Shopper, on = "custom-message")]
async fn words(event: CustomMessage<Shopper>) -> CustomMessageReply {
    let code = &event.code_parameter;
    let text = match (event.trigger_source(), event.username_parameter.as_deref()) {
        ("CustomMessage_SignUp", _) if event.attribute("email") == Some("codeless@example.com") => "Hi".to_owned(),
        ("CustomMessage_SignUp", _) => format!("Welcome! {code}"),
        (_, Some(username)) => format!("{username}, your password is {code}"),
        _ => return CustomMessageReply::default(),
    };
    CustomMessageReply { email_subject: Some("Shop".into()), email_message: Some(text), ..Default::default() }
}

#[handler(user_pool = Shopper, on = "migrate-user")]
async fn take_over(event: MigrateUser<Shopper>) -> Result<Option<MigratedUser>, Error> {
    let user =
        |status| MigratedUser::new(status).attribute("email", event.username()).attribute("email_verified", "true");
    match (event.trigger_source(), event.username(), event.password.as_str()) {
        ("UserMigration_Authentication", "old@example.com", "weak") => Ok(Some(user(FinalStatus::Confirmed))),
        ("UserMigration_ForgotPassword", "old@example.com", _) => Ok(Some(user(FinalStatus::ResetRequired))),
        (_, "old@example.com", _) => Err(Error::forbidden("wrong password")),
        _ => Ok(None),
    }
}

/// Three attempts, after the password where the client begins with that.
#[handler(user_pool = Member, on = "define-auth-challenge")]
async fn next_step(event: DefineAuthChallenge<Member>) -> AuthStep {
    match event.session.as_slice() {
        _ if event.username() == "outcast" => AuthStep::FailAuthentication,
        [only] if only.challenge_name == "SRP_A" => AuthStep::PasswordVerifier,
        [.., last] if last.challenge_name == "CUSTOM_CHALLENGE" && last.challenge_result => AuthStep::IssueTokens,
        all if all.iter().filter(|it| it.challenge_name == "CUSTOM_CHALLENGE").count() == 3 => {
            AuthStep::FailAuthentication
        }
        _ => AuthStep::CustomChallenge,
    }
}

#[handler(user_pool = Member, on = "create-auth-challenge")]
async fn riddle(event: CreateAuthChallenge<Member>) -> AuthChallenge {
    let number = event.session.iter().filter(|it| it.challenge_metadata.is_some()).count() + 1;
    let question = format!("{number} + {number}");
    AuthChallenge::new().public("question", question).private("answer", (2 * number).to_string()).named("SUM")
}

#[handler(user_pool = Member, on = "verify-auth-challenge-response")]
async fn judge(event: VerifyAuthChallengeResponse<Member>) -> bool {
    event.private_challenge_parameters.get("answer") == Some(&event.challenge_answer)
}

#[handler(user_pool = Member, on = "pre-token-generation")]
async fn id_claims(event: PreTokenGeneration<Member>) -> IdTokenReply {
    assert!(event.scopes.is_empty(), "the first event does not tell of scopes");
    IdTokenReply::new().claim("source", event.trigger_source())
}

#[handler(GET "/tenant", auth = Shopper)]
async fn tenant(shopper: Shopper) -> Json<String> {
    Json(format!("{} {} {}", shopper.tenant, shopper.email, shopper.sub.len()))
}

async fn sign_up(app: &Local, email: &str, mood: &str) -> Result<Value, String> {
    let validation = json!([{"Name": "mood", "Value": mood}]);
    let input = json!({"Username": email, "Password": PASSWORD, "ValidationData": validation});
    app.cognito::<Shopper>("SignUp", input).await
}

async fn sign_in(app: &Local, email: &str, password: &str, from: &str) -> Result<Value, String> {
    let parameters = json!({"USERNAME": email, "PASSWORD": password});
    let input =
        json!({"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters, "ClientMetadata": {"from": from}});
    Ok(app.cognito::<Shopper>("InitiateAuth", input).await?["AuthenticationResult"].take())
}

async fn invite(app: &Local, email: &str) {
    app.table::<Invitation>().put(&Invitation { email: email.into() }).await;
}

/// Signs up, and needs no code.
async fn invited(app: &Local, email: &str) {
    invite(app, email).await;
    assert_eq!(sign_up(app, email, "").await.expect("who is invited signs up")["UserConfirmed"], true);
}

fn decoded(token: &Value) -> Value {
    let payload = token.as_str().and_then(|token| token.split('.').nth(1)).expect("a token");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64")).expect("claims")
}

fn refused(result: Result<Value, String>, expected: Expect) {
    expected.assert_eq(&result.expect_err("a refusal"));
}

#[skyloom_local::test]
async fn who_is_invited_signs_up_without_a_code(app: Local) {
    invite(&app, "ann@example.com").await;
    let answer = sign_up(&app, "ann@example.com", "").await.unwrap();
    assert_eq!((&answer["UserConfirmed"], answer.get("CodeDeliveryDetails")), (&json!(true), None));
    assert!(app.messages().is_empty());
    let user = app.cognito::<Shopper>("AdminGetUser", json!({"Username": "ann@example.com"})).await.unwrap();
    assert!(user["UserAttributes"].as_array().unwrap().contains(&json!({"Name": "email_verified", "Value": "true"})));
    let told = app.table::<Told>().get(("PostConfirmation_ConfirmSignUp", "ann@example.com")).await.unwrap();
    assert_eq!((told.sub, told.note), (answer["UserSub"].as_str().unwrap().to_owned(), "CONFIRMED".to_owned()));
    assert!(sign_in(&app, "ann@example.com", PASSWORD, "").await.is_ok());
}

#[skyloom_local::test]
async fn who_is_not_gets_one_and_is_told_of_when_it_came_back(app: Local) {
    assert_eq!(sign_up(&app, "bob@example.com", "").await.unwrap()["UserConfirmed"], false);
    assert!(app.table::<Told>().get(("PostConfirmation_ConfirmSignUp", "bob@example.com")).await.is_none());
    let code = code(&app);
    let input = json!({"Username": "bob@example.com", "ConfirmationCode": code});
    app.cognito::<Shopper>("ConfirmSignUp", input).await.unwrap();
    assert!(app.table::<Told>().get(("PostConfirmation_ConfirmSignUp", "bob@example.com")).await.is_some());
}

/// The last word of the last message.
fn code(app: &Local) -> String {
    let last = app.messages().pop().expect("a message");
    last.split_whitespace().next_back().expect("a word").to_owned()
}

#[skyloom_local::test]
async fn a_refused_sign_up_is_none_and_tells_no_inner_workings(app: Local) {
    refused(
        sign_up(&app, "ann@example.com", "banned").await,
        expect!["UserLambdaValidationException: PreSignUp failed with error you are banned."],
    );
    refused(
        sign_up(&app, "ann@example.com", "broken").await,
        expect!["UserLambdaValidationException: PreSignUp failed with error internal error."],
    );
    refused(
        sign_up(&app, "ann@example.com", "panic").await,
        expect!["UserLambdaValidationException: PreSignUp failed with error internal error."],
    );
    assert!(app.logs("invited_only").concat().contains("hunter2"));
    let missing = app.cognito::<Shopper>("AdminGetUser", json!({"Username": "ann@example.com"})).await;
    refused(missing, expect!["UserNotFoundException: User does not exist."]);
}

#[skyloom_local::test]
async fn cognito_waits_five_seconds_three_times(app: Local) {
    let before = app.now();
    refused(
        sign_up(&app, "ann@example.com", "slow").await,
        expect![
            "UnexpectedLambdaException: PreSignUp invocation failed due to error Socket timeout while invoking Lambda function."
        ],
    );
    assert_eq!((app.now().duration_since(before).unwrap().as_secs(), app.invocations("invited_only")), (15, 3));
}

#[skyloom_local::test]
async fn a_confirmation_stays_where_the_function_after_it_fails(app: Local) {
    invite(&app, "unwelcome@example.com").await;
    refused(
        sign_up(&app, "unwelcome@example.com", "").await,
        expect!["UserLambdaValidationException: PostConfirmation failed with error no room."],
    );
    assert!(sign_in(&app, "unwelcome@example.com", PASSWORD, "").await.is_ok());
}

#[skyloom_local::test]
async fn a_function_stands_before_each_sign_in_and_one_behind_it(app: Local) {
    invited(&app, "ann@example.com").await;
    refused(
        sign_in(&app, "ann@example.com", PASSWORD, "the moon").await,
        expect!["UserLambdaValidationException: PreAuthentication failed with error not from there (unknown: false)."],
    );
    refused(
        sign_in(&app, "nobody@example.com", PASSWORD, "the moon").await,
        expect!["UserLambdaValidationException: PreAuthentication failed with error not from there (unknown: true)."],
    );
    refused(
        sign_in(&app, "ann@example.com", "wrong", "").await,
        expect!["NotAuthorizedException: Incorrect username or password."],
    );
    let told = || app.table::<Told>();
    assert!(told().get(("PostAuthentication_Authentication", "ann@example.com")).await.is_none());
    sign_in(&app, "ann@example.com", PASSWORD, "").await.unwrap();
    assert!(told().get(("PostAuthentication_Authentication", "ann@example.com")).await.is_some());
    invited(&app, "late@example.com").await;
    refused(
        sign_in(&app, "late@example.com", PASSWORD, "").await,
        expect!["UserLambdaValidationException: PostAuthentication failed with error the shop is closed."],
    );
}

#[skyloom_local::test]
async fn tokens_have_the_functions_claims_scopes_and_groups(app: Local) {
    invited(&app, "boss@example.com").await;
    let tokens = sign_in(&app, "boss@example.com", PASSWORD, "").await.unwrap();
    let (id, access) = (decoded(&tokens["IdToken"]), decoded(&tokens["AccessToken"]));
    assert_eq!((&id["tenant"], &id["source"]), (&json!("blue"), &json!("TokenGeneration_Authentication")));
    assert_eq!((&id["sub"], id.get("email_verified")), (&access["sub"], None));
    assert_eq!((&id["cognito:groups"], &access["cognito:groups"]), (&json!(["staff"]), &json!(["staff"])));
    assert_eq!(access["scope"], "aws.cognito.signin.user.admin orders/read");
    assert_eq!((&access["limits"], &access["client_id"]), (&json!({"orders": 1}), &id["aud"]));
    let parameters = json!({"REFRESH_TOKEN": tokens["RefreshToken"]});
    let input = json!({"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters});
    let again = app.cognito::<Shopper>("InitiateAuth", input).await.unwrap();
    let again = decoded(&again["AuthenticationResult"]["IdToken"]);
    assert_eq!(again["source"], "TokenGeneration_RefreshTokens");
}

#[skyloom_local::test]
async fn a_test_signs_in_with_the_same_claims(app: Local) {
    let ann = app.sign_in::<Shopper>("ann@example.com").await;
    let text: String = app.get("/tenant").bearer(&ann).send().await.expect(200).json();
    assert_eq!(text, "blue ann@example.com 36");
    let red = app.sign_in::<Shopper>("ann@example.com").claim("tenant", "red").await;
    let text: String = app.get("/tenant").bearer(&red).send().await.expect(200).json();
    assert_eq!(text, "red ann@example.com 36");
}

#[skyloom_local::test]
async fn a_message_has_the_functions_words_and_the_code(app: Local) {
    sign_up(&app, "bob@example.com", "").await.unwrap();
    let message = app.messages().pop().unwrap();
    let digits = message.strip_prefix("Shopper: to bob@example.com: Shop: Welcome! ").unwrap();
    assert!(digits.len() == 6 && digits.bytes().all(|it| it.is_ascii_digit()), "{message}");
    let input = json!({"Username": "eve@example.com", "TemporaryPassword": "T3mporary!"});
    let user = app.cognito::<Shopper>("AdminCreateUser", input).await.unwrap();
    let name = user["User"]["Username"].as_str().unwrap();
    let expected = format!("Shopper: to eve@example.com: Shop: {name}, your password is T3mporary!");
    assert_eq!(app.messages().pop().unwrap(), expected);
    app.cognito::<Shopper>("ResendConfirmationCode", json!({"Username": "bob@example.com"})).await.unwrap();
    assert!(app.messages().pop().unwrap().contains("the code that confirms the sign-up is"));
}

#[skyloom_local::test]
async fn a_message_without_the_code_is_not_sent(app: Local) {
    refused(
        sign_up(&app, "codeless@example.com", "").await,
        expect!["InvalidLambdaResponseException: Unrecognizable lambda output"],
    );
    assert!(app.messages().is_empty());
}

#[skyloom_local::test]
async fn a_user_of_another_directory_is_taken_over_with_the_password(app: Local) {
    refused(
        sign_in(&app, "old@example.com", "guess", "").await,
        expect!["UserNotFoundException: Exception migrating user in app client boihlypf8cdk4cciwvbutmc96a"],
    );
    refused(
        sign_in(&app, "nobody@example.com", "guess", "").await,
        expect!["NotAuthorizedException: Incorrect username or password."],
    );
    // The password does not keep to the pool's policy, and is taken all the same.
    let tokens = sign_in(&app, "old@example.com", "weak", "").await.unwrap();
    assert_eq!(decoded(&tokens["IdToken"])["email"], "old@example.com");
    let asked = app.invocations("take_over");
    assert!(sign_in(&app, "old@example.com", "weak", "").await.is_ok());
    assert_eq!(app.invocations("take_over"), asked, "the second time, the pool knows the user");
}

#[skyloom_local::test]
async fn a_user_of_another_directory_can_have_forgotten_the_password(app: Local) {
    app.cognito::<Shopper>("ForgotPassword", json!({"Username": "old@example.com"})).await.unwrap();
    let input = json!({"Username": "old@example.com", "ConfirmationCode": code(&app), "Password": PASSWORD});
    app.cognito::<Shopper>("ConfirmForgotPassword", input).await.unwrap();
    assert!(sign_in(&app, "old@example.com", PASSWORD, "").await.is_ok());
    let told = app.table::<Told>().get(("PostConfirmation_ConfirmForgotPassword", "old@example.com")).await;
    assert!(told.is_some());
}

#[path = "pool_triggers/custom_auth.rs"]
mod custom_auth;
