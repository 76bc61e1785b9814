#![allow(unused)]

use serde::Deserialize;
use skyloom::{Error, UserPool, handler, user_pool::*};

#[derive(UserPool, Deserialize)]
struct Shopper {
    sub: String,
}

#[handler(user_pool = Shopper, on = "pre-sign-up")]
async fn check(event: PreSignUp<Shopper>) -> Result<AuthStep, Error> {
    Ok(AuthStep::IssueTokens)
}

#[handler(user_pool = Shopper, on = "pre-token-generation")]
async fn claims(event: PreTokenGeneration<Shopper>) -> PreSignUpReply {
    PreSignUpReply::default()
}

#[handler(user_pool = Shopper, on = "verify-auth-challenge-response")]
async fn judge(event: VerifyAuthChallengeResponse<Shopper>) {}

fn main() {}
