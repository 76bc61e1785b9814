//! How the crew gets in: with an address of the house, and with two factors.

use serde_json::{Value, json};
use skyloom_local::Local;
use venue::people::Crew;

const SECRET: &str = "JBSWY3DPEHPK3PXP";

async fn hire(app: &Local, email: &str) -> Result<Value, String> {
    let attributes = json!([{"Name": "email", "Value": email}]);
    app.cognito::<Crew>("AdminCreateUser", json!({"Username": email, "UserAttributes": attributes})).await
}

#[skyloom_local::test(venue)]
async fn the_crew_has_addresses_of_the_house(app: Local) {
    hire(&app, "bo@blue-hall.example").await.expect("it is the house's address");
    let refused = hire(&app, "bo@example.com").await.expect_err("it is somebody else's");
    let sentence =
        "UserLambdaValidationException: PreSignUp failed with error the crew's addresses end in @blue-hall.example.";
    assert_eq!(refused, sentence);
}

#[skyloom_local::test(venue)]
async fn nobody_hires_themselves(app: Local) {
    let account = json!({"Username": "bo@blue-hall.example", "Password": "Correct-horse-1"});
    let refused = app.cognito::<Crew>("SignUp", account).await.expect_err("an administrator makes the crew's accounts");
    assert_eq!(refused, "NotAuthorizedException: SignUp is not permitted for this user pool");
}

#[skyloom_local::test(venue)]
async fn a_password_alone_signs_nobody_in(app: Local) {
    let bo = json!({"username": "bo@blue-hall.example", "password": "Correct-horse-1", "totp_secret": SECRET});
    app.import_users(&json!({"Crew": [bo]})).expect("he is one of the crew");
    let password = json!({"USERNAME": "bo@blue-hall.example", "PASSWORD": "Correct-horse-1"});
    let asked = json!({"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": password});
    let challenge = app.cognito::<Crew>("InitiateAuth", asked).await.expect("the password is right");
    assert_eq!(challenge["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    assert_eq!(challenge["AuthenticationResult"], Value::Null);

    let code = json!({"USERNAME": "bo@blue-hall.example", "SOFTWARE_TOKEN_MFA_CODE": "000000"});
    let answer =
        json!({"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": challenge["Session"], "ChallengeResponses": code});
    let refused = app.cognito::<Crew>("RespondToAuthChallenge", answer).await.expect_err("the code is wrong");
    assert!(refused.starts_with("CodeMismatchException"), "{refused}");
}
