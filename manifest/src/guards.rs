//! What stands between a request and its function: limits, answers that are kept, authorizers, and how the API refuses.

mod authorizer;
mod gateway_response;
mod route;

pub use self::{
    authorizer::{AuthorizerOptions, IdentitySource},
    gateway_response::{GatewayResponse, ResponseType},
    route::{Guards, RouteCache},
};

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
