//! AWS on one machine, as far as a Skyloom application needs it: the gateway, Lambda, DynamoDB, Cognito and IAM.
//!
//! Each emulator is a module that knows neither the others nor a socket; [`runner`] joins them. In a test they run in
//! process on virtual time; [`server`] puts the same behind sockets.

mod clock;
mod cognito;
mod dynamodb;
mod event_source;
mod gateway;
mod iam;
mod invoke;
mod lambda;
mod schedule;
mod site;
