use serde_json::{Value, json};
use skyloom_manifest::bridge::SignsIn;

use super::Local;

/// What users call with the client, and administrators with the pool; every other operation says by a token whom it is about.
const BY_CLIENT: [&str; 9] = [
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "ForgotPassword",
    "GetTokensFromRefreshToken",
    "InitiateAuth",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "SignUp",
];
const BY_BOTH: [&str; 2] = ["AdminInitiateAuth", "AdminRespondToAuthChallenge"];

impl Local {
    /// Calls an operation of Cognito on a pool, as its client or an administrator does, and returns its answer. The `ClientId` and the
    /// `UserPoolId` that the operation needs are filled in.
    ///
    /// ```ignore
    /// let ann = json!({"Username": "ann@example.com", "Password": "P@ssw0rd"});
    /// assert_eq!(app.cognito::<Shopper>("SignUp", ann).await.unwrap()["UserConfirmed"], true);
    /// ```
    ///
    /// # Errors
    /// Cognito's exception: `UsernameExistsException: An account with the given email already exists.`
    ///
    /// # Panics
    /// If the application has no such pool, or the input is no object.
    pub async fn cognito<P: SignsIn>(&self, operation: &str, input: Value) -> Result<Value, String> {
        let pools = self.runner.account().cognito().issuers();
        let pool = pools.into_iter().find(|pool| pool.pool == P::USER_POOL);
        let pool = pool.unwrap_or_else(|| panic!("the application has no user pool `{}`", P::USER_POOL));
        let Value::Object(mut input) = input else { panic!("the input of `{operation}` is an object") };
        let (by_client, by_both) = (BY_CLIENT.contains(&operation), BY_BOTH.contains(&operation));
        if by_client || by_both {
            input.entry("ClientId").or_insert_with(|| json!(pool.client_id));
        }
        let is_of_a_token = ["AccessToken", "Session"].iter().any(|it| input.contains_key(*it));
        if !by_client && !is_of_a_token {
            input.entry("UserPoolId").or_insert_with(|| json!(pool.pool_id));
        }
        self.runner.cognito(operation, &Value::Object(input).to_string()).await
    }
}
