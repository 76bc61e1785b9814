//! What Cognito asks of the users of a pool, and what a handler answers.
//!
//! `#[handler(user_pool = Shopper, on = "pre-sign-up")]` takes a [`PreSignUp<Shopper>`](PreSignUp) and returns a [`PreSignUpReply`]:
//!
//! ```
//! # use serde::{Deserialize, Serialize};
//! use skyloom::{Error, Read, Table, UserPool, handler, user_pool::{PreSignUp, PreSignUpReply}};
//!
//! # #[derive(UserPool, Deserialize)]
//! # #[user_pool(self_sign_up)]
//! # struct Shopper { sub: String }
//! # #[derive(Table, Serialize, Deserialize)]
//! # struct Invitation { #[partition_key] email: String }
//! /// Who was invited signs up without a code; nobody else does.
//! #[handler(user_pool = Shopper, on = "pre-sign-up")]
//! async fn invited_only(event: PreSignUp<Shopper>, invited: Read<Invitation>) -> Result<PreSignUpReply, Error> {
//!     let email = event.attribute("email").unwrap_or_default();
//!     match invited.get(email).await? {
//!         Some(_) => Ok(PreSignUpReply { auto_confirm_user: true, auto_verify_email: true, ..PreSignUpReply::default() }),
//!         None => Err(Error::forbidden("you are not invited")),
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! | `on` | takes | returns |
//! |---|---|---|
//! | `pre-sign-up` | [`PreSignUp`] | nothing, or [`PreSignUpReply`] |
//! | `post-confirmation` | [`PostConfirmation`] | nothing |
//! | `pre-authentication` | [`PreAuthentication`] | nothing |
//! | `post-authentication` | [`PostAuthentication`] | nothing |
//! | `pre-token-generation` | [`PreTokenGeneration`] | [`IdTokenReply`], or [`TokensReply`] for the access token too |
//! | `custom-message` | [`CustomMessage`] | [`CustomMessageReply`] |
//! | `migrate-user` | [`MigrateUser`] | `Option<MigratedUser>` |
//! | `define-auth-challenge` | [`DefineAuthChallenge`] | [`AuthStep`] |
//! | `create-auth-challenge` | [`CreateAuthChallenge`] | [`AuthChallenge`] |
//! | `verify-auth-challenge-response` | [`VerifyAuthChallengeResponse`] | `bool` |
//!
//! or a `Result` of that and an error. The client that wanted something of Cognito is refused then, as a
//! `UserLambdaValidationException`, and told the sentence that [`Error::forbidden`](crate::Error::forbidden) and its like were made
//! with. What made an [internal](crate::Error::internal) error is in the log only.
//!
//! Cognito waits five seconds and asks three times.

pub(crate) mod call;
mod challenge;
mod event;
mod message;
mod migrate;
pub mod on;
mod reply;
mod sign_up;
mod tokens;

pub use self::{
    call::{OfPool, PoolCall},
    challenge::{AuthChallenge, AuthStep, ChallengeResult},
    event::PoolEvent,
    message::CustomMessageReply,
    migrate::{FinalStatus, MigratedUser},
    reply::PoolReply,
    sign_up::PreSignUpReply,
    tokens::{IdTokenReply, TokensReply},
};

/// Somebody signs up, or an administrator makes a user.
pub type PreSignUp<P> = PoolEvent<P, on::PreSignUp>;
/// A user was confirmed, or has a new password in place of a forgotten one. An error is told to the client, but nothing is undone.
pub type PostConfirmation<P> = PoolEvent<P, on::PostConfirmation>;
/// A user wants to sign in.
pub type PreAuthentication<P> = PoolEvent<P, on::PreAuthentication>;
/// A user has proven who they are, and gets tokens next.
pub type PostAuthentication<P> = PoolEvent<P, on::PostAuthentication>;
/// Tokens are made, for a sign-in or a refresh token.
pub type PreTokenGeneration<P> = PoolEvent<P, on::PreTokenGeneration>;
/// A message is sent to a user.
pub type CustomMessage<P> = PoolEvent<P, on::CustomMessage>;
/// Somebody signs in, or has forgotten a password, who is not in the pool.
pub type MigrateUser<P> = PoolEvent<P, on::MigrateUser>;
/// What comes next in a sign-in of `CUSTOM_AUTH`: at its start, and after each answer.
pub type DefineAuthChallenge<P> = PoolEvent<P, on::DefineAuthChallenge>;
/// What a user is asked in a sign-in of `CUSTOM_AUTH`.
pub type CreateAuthChallenge<P> = PoolEvent<P, on::CreateAuthChallenge>;
/// Whether a user's answer is right.
pub type VerifyAuthChallengeResponse<P> = PoolEvent<P, on::VerifyAuthChallengeResponse>;
