//! An application whose users sign in by riddles.

use serde::{Deserialize, Serialize};
use skyloom::{
    Error, Json, Read, Table, UserPool, Write, handler,
    user_pool::{
        AuthChallenge, AuthStep, CreateAuthChallenge, CustomMessage, CustomMessageReply, DefineAuthChallenge,
        PostConfirmation, PreSignUp, PreSignUpReply, PreTokenGeneration, TokensReply, VerifyAuthChallengeResponse,
    },
};

/// Sphinxes let them in.
#[derive(UserPool, Serialize, Deserialize)]
#[user_pool(
    sign_in = "email",
    self_sign_up,
    attribute(name = "team", type = "string", max_length = 20),
    attribute(name = "shoe_size", type = "number", min_value = 15, max_value = 60, writable)
)]
pub struct Traveller {
    /// Who it is.
    pub sub: String,
    /// Where from.
    pub home: String,
    /// Which an administrator says.
    #[serde(rename = "custom:team")]
    pub team: Option<String>,
}

/// Who was confirmed.
#[derive(Table, Serialize, Deserialize)]
pub struct Guest {
    /// The traveller's.
    #[partition_key]
    pub email: String,
}

#[handler(user_pool = Traveller, on = "pre-sign-up")]
async fn at_the_gate(event: PreSignUp<Traveller>) -> Result<PreSignUpReply, Error> {
    match event.attribute("email").unwrap_or_default() {
        email if email.starts_with("thief") => Err(Error::forbidden("no thieves")),
        email => Ok(PreSignUpReply { auto_confirm_user: email.starts_with("known"), ..PreSignUpReply::default() }),
    }
}

#[handler(user_pool = Traveller, on = "post-confirmation")]
async fn write_down(event: PostConfirmation<Traveller>, guests: Write<Guest>) -> Result<(), Error> {
    let email = event.attribute("email").unwrap_or_default().to_owned();
    Ok(guests.put(&Guest { email }).await?)
}

#[handler(user_pool = Traveller, on = "custom-message")]
async fn words(event: CustomMessage<Traveller>) -> CustomMessageReply {
    let text = format!("the sphinx says {}", event.code_parameter);
    CustomMessageReply { email_message: Some(text), ..CustomMessageReply::default() }
}

#[handler(user_pool = Traveller, on = "pre-token-generation")]
async fn home(event: PreTokenGeneration<Traveller>) -> TokensReply {
    let email = event.attribute("email").unwrap_or_default();
    TokensReply::new().id_claim("home", email.split('@').nth(1).unwrap_or_default())
}

#[handler(user_pool = Traveller, on = "define-auth-challenge")]
async fn next_step(event: DefineAuthChallenge<Traveller>) -> AuthStep {
    let riddles = event.session.iter().filter(|round| round.challenge_name == "CUSTOM_CHALLENGE");
    match event.session.last() {
        Some(round) if round.challenge_name == "SRP_A" => AuthStep::PasswordVerifier,
        Some(round) if round.challenge_name == "CUSTOM_CHALLENGE" && round.challenge_result => AuthStep::IssueTokens,
        _ if riddles.count() == 3 => AuthStep::FailAuthentication,
        _ => AuthStep::CustomChallenge,
    }
}

#[handler(user_pool = Traveller, on = "create-auth-challenge")]
async fn riddle(event: CreateAuthChallenge<Traveller>) -> AuthChallenge {
    let legs = if event.session.len() % 2 == 0 { "four" } else { "two" };
    AuthChallenge::new().public("question", format!("What goes on {legs} legs?")).private("answer", "man")
}

#[handler(user_pool = Traveller, on = "verify-auth-challenge-response")]
async fn judge(event: VerifyAuthChallengeResponse<Traveller>) -> bool {
    event.private_challenge_parameters.get("answer") == Some(&event.challenge_answer)
}

#[handler(GET "/me", auth = Traveller)]
async fn me(traveller: Traveller) -> Json<Traveller> {
    Json(traveller)
}

#[handler(GET "/guests", auth = Traveller)]
async fn guests(guests: Read<Guest>) -> Result<Json<bool>, Error> {
    Ok(Json(guests.get("known@example.com").await?.is_some()))
}
