//! AWS on one machine, as far as a Skyloom application needs it: the gateway, Lambda, DynamoDB, Cognito and IAM.
//!
//! Each emulator is a module that knows neither the others nor a socket; the runner joins them. In a test they run in
//! process on virtual time; [`server`] puts the same behind sockets.

mod access;
mod account;
mod aws;
mod browser;
mod clock;
mod codedeploy;
mod cognito;
mod cognito_identity;
mod dynamodb;
mod event_log;
mod event_source;
mod fault;
#[cfg(test)]
mod fuzz;
mod gateway;
mod iam;
mod identities;
mod integrations;
mod invoke;
mod lambda;
mod local;
mod outbox;
mod policy;
mod random;
mod runner;
mod schedule;
mod secrets_manager;
pub mod server;
mod signed;
mod site;
mod streamed_body;
mod sts;
mod upstream;

pub use bytes::Bytes;
pub use http;
pub use skyloom_macros::local_test as test;

pub use self::codedeploy::HookStatus;
pub use self::local::{
    Closed, Connect, Credentials, Forged, Local, LocalApi, LocalSocket, Reply, Request, SignIn, Token, User,
};

/// What expansions of the macros call. Not part of the promise: any version may change it.
#[doc(hidden)]
pub mod __private {
    pub use crate::{
        fault::Rates,
        local::{Outcome, run, run_seeds},
    };
}
