#![deny(warnings, missing_docs, missing_debug_implementations)]
//! Handlers that a user pool asks, one for each occasion.

use serde::Deserialize;
use skyloom::{Context, Error, UserPool, handler, user_pool::*};

/// Shoppers sign in here.
#[derive(Debug, UserPool, Deserialize)]
pub struct Shopper {
    /// The user's id.
    pub sub: String,
}

#[handler(user_pool = Shopper, on = "pre-sign-up", memory = 512, provisioned_concurrency = 1)]
async fn check(event: PreSignUp<Shopper>, _: Context) -> Result<PreSignUpReply, Error> {
    let auto_confirm_user = event.validation_data.contains_key("invitation");
    Ok(PreSignUpReply { auto_confirm_user, ..PreSignUpReply::default() })
}

#[handler(user_pool = Shopper, on = "post-confirmation", timeout = "5s")]
async fn greet(event: PostConfirmation<Shopper>) -> Result<(), Error> {
    event.user().map(|shopper| assert!(!shopper.sub.is_empty()))
}

#[handler(user_pool = Shopper, on = "pre-authentication")]
async fn before(_: PreAuthentication<Shopper>) {}

#[handler(user_pool = Shopper, on = "post-authentication")]
async fn after() {}

#[handler(user_pool = Shopper, on = "pre-token-generation")]
async fn claims(event: PreTokenGeneration<Shopper>) -> TokensReply {
    TokensReply::new().id_claim("name", event.username()).add_scope("orders/read")
}

#[handler(user_pool = Shopper, on = "custom-message")]
async fn words(event: CustomMessage<Shopper>) -> CustomMessageReply {
    CustomMessageReply { email_message: Some(event.code_parameter.clone()), ..CustomMessageReply::default() }
}

#[handler(user_pool = Shopper, on = "migrate-user")]
async fn take_over(event: MigrateUser<Shopper>) -> Option<MigratedUser> {
    (event.password == "old").then(|| MigratedUser::new(FinalStatus::Confirmed))
}

#[handler(user_pool = Shopper, on = "define-auth-challenge")]
async fn define(event: DefineAuthChallenge<Shopper>) -> AuthStep {
    if event.session.is_empty() { AuthStep::CustomChallenge } else { AuthStep::IssueTokens }
}

#[handler(user_pool = Shopper, on = "create-auth-challenge")]
async fn create(_: CreateAuthChallenge<Shopper>) -> Result<AuthChallenge, Error> {
    Ok(AuthChallenge::new().public("question", "1 + 1").private("answer", "2").named("sum"))
}

#[handler(user_pool = Shopper, on = "verify-auth-challenge-response")]
async fn judge(event: VerifyAuthChallengeResponse<Shopper>) -> bool {
    event.private_challenge_parameters.get("answer") == Some(&event.challenge_answer)
}
