//! A WebSocket API.

use serde::{Deserialize, Serialize};
use skyloom::{Api, ConnectionContext, Error, Json, Public, Scan, Sender, Table, Write, handler};

/// What people talk on.
#[derive(Api)]
#[api(websocket)]
pub struct Chat;

/// Who is there.
#[derive(Table, Serialize, Deserialize)]
pub struct Guest {
    /// The connection's id.
    #[partition_key]
    pub connection: String,
}

/// What is said.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// To all.
    pub text: String,
}

/// Everybody may come.
#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn enter_chat(context: ConnectionContext, guests: Write<Guest>) -> Result<(), Error> {
    guests.put(&Guest { connection: context.connection_id().into() }).await?;
    Ok(())
}

/// Forgets who has gone.
#[handler(websocket = "$disconnect", api = Chat)]
async fn leave_chat(context: ConnectionContext, guests: Write<Guest>) -> Result<(), Error> {
    guests.delete(context.connection_id()).await?;
    Ok(())
}

/// Sends to everybody what one says.
#[handler(websocket = "say", api = Chat)]
async fn say_in_chat(Json(line): Json<Line>, guests: Scan<Guest>, chat: Sender<Chat>) -> Result<(), Error> {
    let guests = guests.page().await?.items;
    chat.send_to_all(guests.into_iter().map(|guest| guest.connection), &line).await?;
    Ok(())
}

mod tests {
    use std::time::Duration;

    use serde_json::json;
    use skyloom_local::Local;

    use super::{Chat, Guest, Line};

    // ANCHOR: test
    #[skyloom_local::test]
    async fn what_one_says_all_get(app: Local) {
        let mut ann = app.connect::<Chat>().await;
        let mut bob = app.connect::<Chat>().await;
        ann.send_json(&json!({"action": "say", "text": "good morning"})).await;
        assert_eq!(bob.received::<Line>().text, "good morning");
        assert_eq!(ann.received::<Line>().text, "good morning");

        let id = bob.id().to_owned();
        bob.close().await;
        assert!(app.table::<Guest>().get(&id).await.is_none());

        app.advance(Duration::from_secs(10 * 60)).await; // nobody says a word
        assert_eq!(ann.closed().map(|closed| closed.code), Some(1001));
    }
    // ANCHOR_END: test
}
