//! Handlers that misbehave, to see that only their own callers notice.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use skyloom::{Bytes, Error, Path, Public, Read, RequestContext, Table, UserPool, Write, handler, tracing};

/// Members sign in here.
#[derive(UserPool, Deserialize)]
#[user_pool(sign_in = "email", self_sign_up)]
pub struct Member {
    /// Who it is.
    pub sub: String,
}

/// Others sign in here.
#[derive(UserPool, Deserialize)]
#[user_pool(sign_in = "email", self_sign_up)]
pub struct Partner {
    /// Who it is.
    pub sub: String,
}

/// A note.
#[derive(Table, Serialize, Deserialize)]
pub struct Note {
    /// Its id.
    #[partition_key]
    pub id: String,
}

#[handler(GET "/version", auth = Public)]
async fn version() -> &'static str {
    "version 1"
}

#[handler(GET "/members", auth = Member)]
async fn members(member: Member) -> String {
    tracing::info!("members ran");
    member.sub
}

#[handler(GET "/partners", auth = Partner)]
async fn partners(partner: Partner) -> String {
    partner.sub
}

#[handler(POST "/echo", auth = Public)]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[handler(GET "/path/{name}", auth = Public)]
async fn path(Path(name): Path<String>) -> String {
    name
}

#[handler(GET "/files/{rest+}", auth = Public)]
async fn files(Path(rest): Path<String>, request: RequestContext) -> String {
    format!("{rest} {}", request.path())
}

#[handler(GET "/panic", auth = Public)]
async fn panics() -> &'static str {
    panic!("on purpose")
}

#[handler(GET "/sleep", auth = Public, timeout = "1s")]
async fn sleeps() {
    tokio::time::sleep(Duration::from_secs(3600)).await;
}

#[handler(GET "/spin", auth = Public, timeout = "1s")]
async fn spins() {
    loop {
        std::hint::spin_loop();
    }
}

#[handler(GET "/exit", auth = Public)]
async fn exits() -> &'static str {
    std::process::exit(3)
}

#[handler(GET "/abort", auth = Public)]
async fn aborts() -> &'static str {
    std::process::abort()
}

#[handler(GET "/huge", auth = Public)]
async fn huge() -> String {
    "x".repeat(7 * 1024 * 1024)
}

/// Its argument lets it read, whatever it tries.
#[handler(POST "/sneak/{id}", auth = Public)]
async fn sneak(Path(id): Path<String>, notes: Read<Note>) -> Result<(), Error> {
    let item = [("id".to_owned(), AttributeValue::S(id))];
    let put = notes.client().put_item().table_name(notes.table_name()).set_item(Some(item.into()));
    put.send().await.map_err(Error::internal)?;
    Ok(())
}

#[handler(POST "/notes/{id}", auth = Public)]
async fn write(Path(id): Path<String>, notes: Write<Note>) -> Result<(), Error> {
    notes.put(&Note { id }).await?;
    Ok(())
}

#[handler(invoke)]
async fn aborts_when_called() {
    std::process::abort()
}
