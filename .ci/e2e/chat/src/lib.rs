//! An application behind a WebSocket API.

use serde::{Deserialize, Serialize};
use skyloom::{
    Api, BearerToken, Connection, ConnectionContext, Error, Iam, Json, Scan, Sender, StatusCode, Subprotocol, Table,
    Unauthorized, Write, handler,
};

/// What members talk on.
#[derive(Api)]
#[api(websocket)]
pub struct Chat;

/// Who is there.
#[derive(Table, Serialize, Deserialize)]
pub struct Guest {
    /// The connection's id.
    #[partition_key]
    pub connection: String,
    /// The member's name.
    pub name: String,
}

/// Who may be there.
#[derive(Serialize, Deserialize)]
pub struct Member {
    /// The name.
    pub name: String,
}

#[handler(authorizer)]
async fn member(token: BearerToken) -> Result<Member, Unauthorized> {
    let name = token.as_str().strip_prefix("secret-of-").ok_or(Unauthorized::new())?;
    Ok(Member { name: name.into() })
}

#[handler(websocket = "$connect", api = Chat, auth = Member)]
async fn connect(
    member: Member,
    context: ConnectionContext,
    guests: Write<Guest>,
) -> Result<Option<Subprotocol>, Error> {
    if context.query("room") == Some("closed") {
        return Err(Error::new(StatusCode::LOCKED, "this room is closed"));
    }
    guests.put(&Guest { connection: context.connection_id().into(), name: member.name }).await?;
    Ok(context.choose_subprotocol(&["chat.v2", "chat.v1"]))
}

#[handler(websocket = "$disconnect", api = Chat)]
async fn disconnect(context: ConnectionContext, guests: Write<Guest>) -> Result<(), Error> {
    let ended = context.disconnected().map(|ended| format!("{} {:?}", ended.code, ended.reason));
    skyloom::tracing::info!("{} has left: {}", context.connection_id(), ended.unwrap_or_default());
    guests.delete(context.connection_id()).await?;
    Ok(())
}

/// What is said.
#[derive(Serialize, Deserialize)]
pub struct Line {
    /// To all.
    pub text: String,
}

#[handler(websocket = "say", api = Chat)]
async fn say(Json(line): Json<Line>, guests: Scan<Guest>, chat: Sender<Chat>) -> Result<(), Error> {
    let guests = guests.page().await?;
    chat.send_to_all(guests.items.into_iter().map(|guest| guest.connection), &line).await?;
    Ok(())
}

#[handler(websocket = "echo", api = Chat)]
async fn echo(text: String) -> String {
    text
}

#[handler(websocket = "long", api = Chat)]
async fn long() -> String {
    "x".repeat(100_000)
}

#[handler(websocket = "rare", api = Chat, throttle(rate = 1, burst = 1))]
async fn rare() -> &'static str {
    "rare"
}

#[handler(websocket = "leave", api = Chat)]
async fn leave(connection: Connection) -> Result<(), Error> {
    connection.send_text("bye").await?;
    Ok(connection.close().await?)
}

#[handler(websocket = "fail", api = Chat)]
async fn fail() {
    panic!("on purpose")
}

/// What callers who sign talk on.
#[derive(Api)]
#[api(websocket, route_selection = "$request.body.header.kind", variables(lane = "slow"))]
pub struct Desk;

#[handler(websocket = "$connect", api = Desk, auth = Iam)]
async fn connect_to_desk() {}

#[handler(websocket = "me", api = Desk)]
async fn me(caller: Iam, context: ConnectionContext) -> String {
    format!("{} {}", caller.arn, context.stage_variable("lane").unwrap_or_default())
}
