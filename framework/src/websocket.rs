//! What happens on the connections of a WebSocket API, and how something is sent on them.

mod body;
mod connection;
mod context;
mod event;
mod reply;
mod sender;
mod subprotocol;

use std::marker::PhantomData;

use skyloom_manifest::bridge::{ApiType, FunctionError};

pub use self::{
    connection::Connection,
    context::{ConnectionContext, Disconnected},
    event::{SocketEvent, open},
    reply::{ConnectReply, SocketReply, connected, outcome, reply},
    sender::{SendError, Sender},
    subprotocol::Subprotocol,
};
use crate::{Error, Principal, Rejection, Scope, Trigger, auth::PrincipalKind, reply::Answer};

/// Marks what happens on connections of the API `A`.
#[derive(Debug)]
pub struct WebSocket<A>(PhantomData<fn() -> A>);

// That `A` is no such API is said once, where `api` names it, and not again for each argument.
impl<A: 'static> Trigger for WebSocket<A> {
    type Event<'a> = SocketEvent<'a>;
}

/// An API that says who may connect: its `$connect` handler makes it one.
#[diagnostic::on_unimplemented(
    message = "nothing says who may connect to `{Self}`",
    label = "has no `$connect` handler",
    note = "add one: `#[handler(websocket = \"$connect\", api = {Self}, auth = Public)]`, with whom you mean as `auth`"
)]
pub trait Connects: ApiType + 'static {
    /// Who may connect.
    type Principal;
}

/// The name of an API, if it is a WebSocket API.
#[track_caller]
pub const fn api<A: ApiType>() -> &'static str {
    assert!(A::IS_WEBSOCKET, "this is no WebSocket API: write `#[api(websocket)]`, or name another one");
    A::NAME
}

/// The name of an API whose routes are told who has connected.
#[track_caller]
pub const fn connected_api<A: Connects>() -> &'static str {
    api::<A>()
}

/// Does not compile for an API that takes no requests. It is told so by the expansion, which alone names the type: one that is no API
/// is an error once.
#[track_caller]
pub const fn assert_requests(is_websocket: bool) {
    assert!(
        !is_websocket,
        "this is a WebSocket API, which takes no requests: write `websocket = \"…\"` in place of the method and the path, or name \
         another API"
    );
}

/// Who may connect, if a WebSocket API can know them.
#[track_caller]
pub const fn principal<P: Principal>() -> PrincipalKind {
    match P::KIND {
        PrincipalKind::Public | PrincipalKind::Iam | PrincipalKind::Authorizer(_) => P::KIND,
        PrincipalKind::ApiKey => {
            panic!("API keys are of REST APIs: write the principal of a `#[handler(authorizer)]`, `Iam` or `Public`")
        }
        PrincipalKind::UserPool(_) => panic!(
            "a WebSocket API knows no user pools: write a `#[handler(authorizer)]`, and its principal here, or `Iam` or `Public`"
        ),
    }
}

/// Answers for a handler whose arguments could not be had.
pub fn reject(rejection: Rejection, scope: &Scope) -> Result<Answer, FunctionError> {
    reply::failure(Error::from(rejection), scope)
}
