//! What a handler of a WebSocket API may take and return.

use serde::{Deserialize, Serialize};
use skyloom::*;

#[derive(Api)]
#[api(websocket, route_selection = "$request.body.type")]
struct Chat;

#[derive(Serialize, Deserialize)]
struct Member {
    name: String,
}

#[handler(authorizer)]
async fn member(token: BearerToken) -> Result<Member, Unauthorized> {
    Ok(Member { name: token.as_str().into() })
}

#[derive(Deserialize)]
struct Entry {
    room: String,
}

#[handler(websocket = "$connect", api = Chat, auth = Member, timeout = "5s", memory = 512)]
async fn connect(
    member: Member,
    Query(entry): Query<Entry>,
    context: ConnectionContext,
) -> Result<Option<Subprotocol>, Error> {
    drop((member.name, entry.room));
    Ok(context.choose_subprotocol(&["chat.v2", "chat.v1"]))
}

#[handler(websocket = "$disconnect", api = Chat)]
async fn disconnect(context: ConnectionContext) {
    drop(context.disconnected().map(|ended| (ended.code, ended.reason.clone())));
}

#[handler(websocket = "$default", api = Chat)]
async fn otherwise(text: String) -> String {
    text
}

#[handler(websocket = "say", api = Chat, throttle(rate = 10, burst = 20))]
async fn say(
    member: Option<Member>,
    connection: Connection,
    message: Result<Json<Member>, Rejection>,
    others: Sender<Chat>,
    context: Context,
) -> Result<Json<Member>, Error> {
    connection.send(&context.request_id()).await?;
    let gone = others.send_to_all([connection.id(), "another"], &"hello").await?;
    for id in &gone {
        others.close(id).await?;
    }
    drop(member);
    Ok(message?)
}

#[handler(schedule = "rate(1 hour)")]
async fn remind(chat: Sender<Chat>) -> Result<(), Error> {
    if chat.is_open("one").await? {
        chat.send_text("one", "still there?").await?;
    }
    Ok(())
}

#[derive(Api)]
#[api(websocket, throttle(rate = 100, burst = 50), variables(lane = "slow"))]
struct Desk;

#[handler(websocket = "$connect", api = Desk, auth = Iam)]
async fn connect_to_desk(caller: Iam) {
    drop(caller.arn);
}

#[handler(websocket = "me", api = Desk)]
async fn me(caller: Iam, context: ConnectionContext) -> String {
    format!("{} {:?}", caller.arn, context.stage_variable("lane"))
}
