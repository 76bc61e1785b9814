//! `CUSTOM_AUTH`: a sign-in of the application's own.

use super::*;

async fn begin(app: &Local, name: &str, admin: bool) -> Result<Value, String> {
    let operation = if admin { "AdminInitiateAuth" } else { "InitiateAuth" };
    let input = json!({"AuthFlow": "CUSTOM_AUTH", "AuthParameters": {"USERNAME": name}});
    app.cognito::<Member>(operation, input).await
}

async fn answer(app: &Local, asked: &Value, name: &str, answer: &str) -> Result<Value, String> {
    let responses = json!({"USERNAME": name, "ANSWER": answer});
    let input = json!({
        "ChallengeName": "CUSTOM_CHALLENGE", "Session": asked["Session"], "ChallengeResponses": responses,
    });
    app.cognito::<Member>("RespondToAuthChallenge", input).await
}

async fn member(app: &Local, name: &str) {
    let input = json!({"Username": name, "Password": PASSWORD});
    app.cognito::<Member>("SignUp", input).await.expect("signed up");
    app.cognito::<Member>("AdminConfirmSignUp", json!({"Username": name})).await.expect("confirmed");
}

#[skyloom_local::test]
async fn a_right_answer_gets_tokens(app: Local) {
    member(&app, "ann").await;
    let asked = begin(&app, "ann", false).await.unwrap();
    assert_eq!(asked["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(asked["ChallengeParameters"], json!({"USERNAME": "ann", "question": "1 + 1"}));
    let tokens = answer(&app, &asked, "ann", "2").await.unwrap();
    let id = decoded(&tokens["AuthenticationResult"]["IdToken"]);
    assert_eq!((&id["source"], &id["cognito:username"]), (&json!("TokenGeneration_Authentication"), &json!("ann")));
    refused(
        answer(&app, &asked, "ann", "2").await,
        expect!["NotAuthorizedException: Invalid session for the user, session can only be used once."],
    );
}

#[skyloom_local::test]
async fn a_wrong_answer_gets_the_next_question_as_often_as_the_function_wants(app: Local) {
    member(&app, "ann").await;
    let mut asked = begin(&app, "ann", true).await.unwrap();
    for question in ["2 + 2", "3 + 3"] {
        asked = answer(&app, &asked, "ann", "0").await.unwrap();
        assert_eq!(asked["ChallengeParameters"]["question"], question);
    }
    refused(answer(&app, &asked, "ann", "0").await, expect!["NotAuthorizedException: Incorrect username or password."]);
    let asked = begin(&app, "ann", false).await.unwrap();
    let asked = answer(&app, &asked, "ann", "0").await.unwrap();
    assert!(answer(&app, &asked, "ann", "4").await.unwrap()["AuthenticationResult"].is_object());
}

#[skyloom_local::test]
async fn nobody_learns_whether_there_is_such_a_user(app: Local) {
    let asked = begin(&app, "nobody", false).await.unwrap();
    assert_eq!(asked["ChallengeParameters"]["question"], "1 + 1");
    refused(
        answer(&app, &asked, "nobody", "2").await,
        expect!["NotAuthorizedException: Incorrect username or password."],
    );
    refused(begin(&app, "outcast", false).await, expect!["NotAuthorizedException: Incorrect username or password."]);
}

#[skyloom_local::test]
async fn a_session_is_over_after_three_minutes_and_of_one_user(app: Local) {
    member(&app, "ann").await;
    member(&app, "bob").await;
    let asked = begin(&app, "ann", false).await.unwrap();
    refused(answer(&app, &asked, "bob", "2").await, expect!["NotAuthorizedException: Invalid session for the user."]);
    app.advance(Duration::from_secs(181)).await;
    refused(
        answer(&app, &asked, "ann", "2").await,
        expect!["NotAuthorizedException: Invalid session for the user, session is expired."],
    );
}

#[skyloom_local::test]
async fn a_pool_without_the_functions_has_no_such_sign_in(app: Local) {
    let input = json!({"AuthFlow": "CUSTOM_AUTH", "AuthParameters": {"USERNAME": "ann@example.com"}});
    refused(
        app.cognito::<Shopper>("InitiateAuth", input).await,
        expect!["InvalidParameterException: CUSTOM_AUTH is not enabled for the client."],
    );
}
