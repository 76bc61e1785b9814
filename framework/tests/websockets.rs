//! An application with WebSocket APIs, in the local runner.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use skyloom::{
    Api, BearerToken, Change, Connection, ConnectionContext, Context, Error, Iam, Json, Public, Query, Read, Scan,
    Sender, StatusCode, Subprotocol, Table, Unauthorized, Write, handler,
};
use skyloom_local::Local;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
struct Guest {
    #[partition_key]
    connection: String,
    name: String,
}

#[derive(Serialize, Deserialize)]
struct Member {
    name: String,
    level: u8,
}

#[handler(authorizer)]
async fn member(token: BearerToken) -> Result<Member, Unauthorized> {
    match token.as_str() {
        "broken" => Err(Error::internal("the list of members is gone").into()),
        name if name.len() < 3 => Err(Unauthorized::new()),
        name => Ok(Member { name: name.into(), level: 7 }),
    }
}

#[derive(Deserialize)]
struct Entry {
    room: Option<String>,
}

#[handler(websocket = "$connect", api = Chat, auth = Member)]
async fn connect(
    member: Member,
    context: ConnectionContext,
    entry: Option<Query<Entry>>,
    guests: Write<Guest>,
) -> Result<(), Error> {
    if entry.and_then(|Query(entry)| entry.room).as_deref() == Some("closed") {
        return Err(Error::new(StatusCode::LOCKED, "this room is closed"));
    }
    if member.name == "panics" {
        panic!("at the door");
    }
    guests.put(&Guest { connection: context.connection_id().into(), name: member.name }).await?;
    Ok(())
}

#[handler(websocket = "$disconnect", api = Chat)]
async fn disconnect(context: ConnectionContext, guests: Write<Guest>) -> Result<(), Error> {
    tracing_of(&context);
    guests.delete(context.connection_id()).await?;
    Ok(())
}

fn tracing_of(context: &ConnectionContext) {
    let ended = context.disconnected().expect("it has ended");
    skyloom::tracing::info!(code = ended.code, reason = %ended.reason, "a guest has left");
}

#[derive(Deserialize)]
struct Line {
    text: String,
}

/// Goes to everybody.
#[handler(websocket = "say", api = Chat)]
async fn say(member: Member, Json(line): Json<Line>, guests: Scan<Guest>, chat: Sender<Chat>) -> Result<(), Error> {
    let guests = guests.page().await?;
    let ids = guests.items.iter().map(|guest| guest.connection.as_str());
    chat.send_to_all(ids, &json!({"from": member.name, "text": line.text})).await?;
    Ok(())
}

#[handler(websocket = "who", api = Chat)]
async fn who(member: Member, context: ConnectionContext) -> Json<Value> {
    let since = context.time().duration_since(context.connected_at()).expect("time goes on");
    Json(json!({"name": member.name, "level": member.level, "since": since.as_secs(), "route": context.route_key()}))
}

#[handler(websocket = "leave", api = Chat)]
async fn leave(connection: Connection) -> Result<(), Error> {
    connection.send_text("bye").await?;
    connection.close().await?;
    assert!(connection.send_text("too late").await.is_err_and(|error| error.is_gone()));
    Ok(())
}

#[handler(websocket = "fail", api = Chat)]
async fn fail() -> Result<String, Error> {
    Err(Error::not_found("no such thing"))
}

#[handler(websocket = "panic", api = Chat)]
async fn panics() {
    panic!("at work");
}

#[derive(Deserialize)]
struct Poked {
    id: String,
}

/// Sends to whatever connection a client names.
#[handler(websocket = "poke", api = Chat)]
async fn poke(Json(poked): Json<Poked>, chat: Sender<Chat>) -> Result<String, Error> {
    let sent = [chat.send_text(&poked.id, "poked").await, chat.close(&poked.id).await];
    Ok(format!("{} {:?}", chat.is_open(&poked.id).await?, sent.map(|sent| sent.is_err_and(|error| error.is_gone()))))
}

/// What no other route takes.
#[handler(websocket = "$default", api = Chat)]
async fn otherwise(text: String) -> String {
    format!("? {text}")
}

/// Greets from a stream, where no connection is at hand.
#[handler(stream = Guest)]
async fn greet(change: Change<Guest>, chat: Sender<Chat>) -> Result<(), Error> {
    let Some(guest) = change.into_new() else { return Ok(()) };
    match chat.send_text(&guest.connection, &format!("hello {}", guest.name)).await {
        Err(error) if !error.is_gone() => Err(error.into()),
        _ => Ok(()),
    }
}

/// Everybody may connect, and there is no `$default`.
#[derive(Api)]
#[api(websocket, route_selection = "$request.body.header.kind")]
struct Open;

#[handler(websocket = "$connect", api = Open, auth = Public)]
async fn connect_to_open(context: ConnectionContext, open: Sender<Open>) -> Result<(), Error> {
    let early = open.send_text(context.connection_id(), "too early").await;
    assert!(early.is_err_and(|error| error.is_gone()));
    assert!(!open.is_open(context.connection_id()).await?);
    Ok(())
}

#[handler(websocket = "5", api = Open)]
async fn five(body: skyloom::Bytes, context: Context) -> String {
    format!("{} {}", body.len(), context.request_id().len())
}

#[handler(websocket = "sleep", api = Open)]
async fn sleep() {
    tokio::time::sleep(Duration::from_secs(40)).await;
}

/// Of another API's handler.
#[handler(invoke)]
async fn count(guests: Read<Guest>, Json(id): Json<String>) -> Result<Json<bool>, Error> {
    Ok(Json(guests.get(&id).await?.is_some()))
}

/// Whoever signs may connect, to speak one of two subprotocols.
#[derive(Api)]
#[api(websocket, throttle(rate = 1, burst = 3), variables(lane = "slow"))]
struct Desk;

#[handler(websocket = "$connect", api = Desk, auth = Iam)]
async fn connect_to_desk(iam: Iam, context: ConnectionContext) -> Result<Option<Subprotocol>, Error> {
    if context.subprotocols().any(|offered| offered == "desk.v0") {
        return Err(Error::new(StatusCode::BAD_REQUEST, "desk.v0 is not spoken any more"));
    }
    assert!(iam.arn.starts_with("arn:aws:"), "{}", iam.arn);
    Ok(context.choose_subprotocol(&["desk.v1", "desk.v2"]))
}

#[handler(websocket = "lane", api = Desk)]
async fn lane(iam: Iam, context: ConnectionContext) -> String {
    format!("{} {}", context.stage_variable("lane").unwrap_or_default(), iam.account)
}

#[handler(websocket = "rare", api = Desk, throttle(rate = 1, burst = 1))]
async fn rare() -> &'static str {
    "rare"
}

fn desk(app: &Local) -> skyloom_local::Connect {
    app.connect::<Desk>().signed_by(&app.owner_credentials())
}

#[skyloom_local::test]
async fn the_handler_chooses_a_subprotocol_that_the_client_offers(app: Local) {
    let chosen = async |offered: &[&str]| desk(&app).subprotocols(offered).await.subprotocol().map(str::to_owned);
    assert_eq!(chosen(&["chat", "desk.v2", "desk.v1"]).await.as_deref(), Some("desk.v2"));
    assert_eq!(chosen(&["chat"]).await, None);
    assert_eq!(desk(&app).await.subprotocol(), None);
    app.advance(Duration::from_secs(3)).await;
    assert_eq!(desk(&app).subprotocols(&["desk.v0"]).refused().await.status(), 400);
}

#[skyloom_local::test]
async fn who_signed_and_the_stages_variables_come_with_every_message(app: Local) {
    assert_eq!(app.connect::<Desk>().refused().await.status(), 403);
    let mut socket = desk(&app).await;
    socket.send_json(&json!({"action": "lane"})).await;
    assert_eq!(socket.next_text().as_deref(), Some("slow 000000000000"));
}

#[skyloom_local::test]
async fn what_is_too_much_is_refused_route_by_route(app: Local) {
    let mut sockets = [desk(&app).await, desk(&app).await, desk(&app).await];
    let refused = desk(&app).refused().await;
    assert_eq!(
        (refused.status().as_u16(), refused.header("x-amzn-errortype")),
        (429, Some("TooManyRequestsException"))
    );
    let socket = &mut sockets[0];
    let mut answers = Vec::new();
    for action in ["rare", "rare", "lane"] {
        socket.send_json(&json!({ "action": action })).await;
        answers.push(socket.next_text().expect("each is answered"));
    }
    let refusal: Value = serde_json::from_str(&answers[1]).expect("it is JSON");
    assert_eq!(
        (&*answers[0], &refusal["message"], &*answers[2]),
        ("rare", &json!("Too Many Requests"), "slow 000000000000")
    );
    assert_eq!(refusal["connectionId"], socket.id());
    assert_eq!(app.invocations("rare"), 1);
    app.advance(Duration::from_secs(1)).await;
    socket.send_json(&json!({"action": "rare"})).await;
    assert_eq!(socket.next_text().as_deref(), Some("rare"));
    desk(&app).await;
}

#[skyloom_local::test]
async fn what_one_says_all_get(app: Local) {
    let mut ann = app.connect::<Chat>().bearer("ann").await;
    let mut bob = app.connect::<Chat>().bearer("bob").await;
    ann.send_json(&json!({"action": "say", "text": "good morning"})).await;
    for socket in [&mut ann, &mut bob] {
        assert_eq!(socket.received::<Value>(), json!({"from": "ann", "text": "good morning"}));
        assert_eq!(socket.next_text(), None);
    }
}

#[skyloom_local::test]
async fn the_connections_of_another_api_are_out_of_reach(app: Local) {
    let mut ann = app.connect::<Chat>().bearer("ann").await;
    let mut other = app.connect::<Open>().await;
    ann.send_json(&json!({"action": "poke", "id": other.id()})).await;
    assert_eq!(ann.next_text().as_deref(), Some("false [true, true]"));
    assert_eq!((other.next_text(), other.closed()), (None, None));
}

#[skyloom_local::test]
async fn a_handler_knows_who_has_connected_all_along(app: Local) {
    let mut ann = app.connect::<Chat>().bearer("ann").await;
    app.advance(Duration::from_secs(90)).await;
    assert_eq!(ann.next_text().as_deref(), Some("hello ann"));
    ann.send_json(&json!({"action": "who"})).await;
    assert_eq!(ann.received::<Value>(), json!({"name": "ann", "level": 7, "since": 90, "route": "who"}));
}

#[skyloom_local::test]
async fn who_is_not_let_in_is_told_by_the_status(app: Local) {
    let refused = async |connect: skyloom_local::Connect| connect.refused().await.status().as_u16();
    assert_eq!(refused(app.connect::<Chat>()).await, 401);
    assert_eq!(refused(app.connect::<Chat>().bearer("xy")).await, 403);
    assert_eq!(refused(app.connect::<Chat>().bearer("broken")).await, 500);
    assert_eq!(app.invocations("connect"), 0);
    assert_eq!(refused(app.connect::<Chat>().bearer("ann").query("room", "closed")).await, 423);
    assert_eq!(refused(app.connect::<Chat>().bearer("panics")).await, 502);
    assert_eq!(app.invocations("disconnect"), 0);
}

#[skyloom_local::test]
async fn a_message_goes_where_it_says_or_to_the_default_route(app: Local) {
    let mut ann = app.connect::<Chat>().bearer("ann").await;
    for text in [r#"{"action": "sing"}"#, "no JSON", r#"{"action": "$connect"}"#, r#"{"action": ["say"]}"#, "{}"] {
        ann.send_text(text).await;
        assert_eq!(ann.next_text(), Some(format!("? {text}")));
    }
    assert_eq!(app.invocations("connect"), 1);
}

#[skyloom_local::test]
async fn a_message_that_no_route_takes_is_forbidden(app: Local) {
    let mut socket = app.connect::<Open>().await;
    socket.send_json(&json!({"header": {"kind": 5}})).await;
    assert_eq!(socket.next_text().as_deref(), Some("21 36"));
    socket.send_json(&json!({"header": {"kind": "six"}})).await;
    let refusal: Value = socket.received();
    assert_eq!((&refusal["message"], &refusal["connectionId"]), (&json!("Forbidden"), &json!(socket.id())));
    assert_eq!(socket.closed(), None);
}

#[skyloom_local::test]
async fn an_error_of_a_route_that_replies_is_its_reply(app: Local) {
    let mut ann = app.connect::<Chat>().bearer("ann").await;
    ann.send_json(&json!({"action": "fail"})).await;
    assert_eq!(ann.received::<Value>()["detail"], "no such thing");
    ann.send_json(&json!({"action": "say"})).await; // there is no text, and the route replies nothing
    assert_eq!(ann.next_text(), None);
    ann.send_json(&json!({"action": "panic"})).await;
    assert_eq!(ann.received::<Value>()["message"], "Internal server error");
}

#[skyloom_local::test]
async fn the_api_does_not_wait_for_long(app: Local) {
    let mut socket = app.connect::<Open>().await;
    socket.send_json(&json!({"header": {"kind": "sleep"}})).await;
    assert_eq!(socket.received::<Value>()["message"], "Endpoint request timed out");
}

#[skyloom_local::test]
async fn a_connection_that_ends_is_told_of_once(app: Local) {
    let ann = app.connect::<Chat>().bearer("ann").await;
    let id = ann.id().to_owned();
    ann.close_with(4001, "enough").await;
    assert!(app.table::<Guest>().get(&id).await.is_none());
    let mut bob = app.connect::<Chat>().bearer("bob").await;
    bob.send_json(&json!({"action": "leave"})).await;
    assert_eq!(bob.next_text().as_deref(), Some("bye"));
    assert_eq!(bob.closed().map(|closed| closed.code), Some(1000));
    bob.close().await;
    assert_eq!(app.invocations("disconnect"), 2);
    let logs = app.logs("disconnect").join("\n");
    assert!(logs.contains("4001") && logs.contains("enough"), "{logs}");
}

#[skyloom_local::test]
async fn a_connection_ends_after_ten_silent_minutes_and_after_two_hours(app: Local) {
    let (mut silent, mut busy) = (app.connect::<Open>().await, app.connect::<Chat>().bearer("bob").await);
    for _ in 0..17 {
        app.advance(Duration::from_secs(7 * 60)).await;
        busy.send_text("still here").await;
    }
    assert_eq!(silent.closed().map(|closed| closed.code), Some(1001));
    assert_eq!(busy.closed(), None);
    app.advance(Duration::from_secs(60)).await;
    assert_eq!(busy.closed().map(|closed| closed.code), Some(1001));
    assert_eq!(app.invocations("disconnect"), 1);
}

#[skyloom_local::test]
async fn what_api_gateway_does_not_take_ends_the_connection(app: Local) {
    let (mut long, mut binary) = (app.connect::<Open>().await, app.connect::<Open>().await);
    long.send_text(&"x".repeat(128 * 1024 + 1)).await;
    assert_eq!(long.closed().map(|closed| closed.code), Some(1009));
    binary.send_bytes(&[0]).await;
    assert_eq!(binary.closed().map(|closed| closed.code), Some(1003));
    assert_eq!(long.next_text(), None);
}

#[skyloom_local::test]
async fn a_policy_names_the_api_and_what_is_done_to_its_connections(app: Local) {
    let permissions = &app.manifest().function("greet").expect("it is there").permissions;
    let resources: Vec<_> = permissions.iter().map(|it| serde_json::to_value(it).expect("it is JSON")).collect();
    let connections = |method: &str| {
        json!({"resource": {"connections": {"api": "Chat", "method": method}},
            "actions": ["execute-api:ManageConnections"]})
    };
    for method in ["GET", "POST", "DELETE"] {
        assert!(resources.contains(&connections(method)), "{resources:?}");
    }
    app.revoke("say", "execute-api:ManageConnections");
    let mut ann = app.connect::<Chat>().bearer("ann").await;
    ann.send_json(&json!({"action": "say", "text": "x"})).await;
    assert_eq!(ann.next_text(), None);
    let logs = app.logs("say").join("\n");
    assert!(logs.contains("AccessDeniedException"), "{logs}");
}

#[skyloom_local::test]
async fn a_websocket_api_takes_no_requests(app: Local) {
    app.api::<Chat>().get("/").send().await.expect(426);
}

#[skyloom_local::test]
async fn a_tests_client_keeps_all_that_it_is_sent(app: Local) {
    let mut ann = app.connect::<Chat>().bearer("ann").await;
    let text = "x".repeat(20_000);
    for _ in 0..100 {
        ann.send_json(&json!({"action": "say", "text": text})).await; // 2 MB, and a real client has room for one
    }
    assert_eq!(std::iter::from_fn(|| ann.next_text()).count(), 100);
}
