//! What is right compiles, and says nothing of it: each module is an application as a user might write it.

mod application_in_one_file;
mod authorizer;
mod deployments;
mod function;
mod guards;
mod names_of_the_users;
mod rest_api;
mod route;
mod schedule_and_invoke;
mod secret;
mod stream;
mod stream_of_entities;
pub mod table; // for the lints that look at what is public only
mod user_pool_and_api;
mod user_pool_triggers;
mod websocket;
