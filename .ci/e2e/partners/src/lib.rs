//! An application behind a REST API.

use std::time::Duration;

use futures_util::stream;
use serde::{Deserialize, Serialize};
use skyloom::{
    Api, ApiKey, BearerToken, Bytes, Error, Json, Path, Public, Read, RequestContext, Streamed, Table, Unauthorized,
    UserPool, handler,
};

/// What other companies call.
#[derive(Api)]
#[api(rest, binary_media_types = ["*/*"], cors(origins = ["https://a.example", "https://b.example"], methods = ["*"]))]
pub struct Partners;

/// Members sign in here.
#[derive(UserPool, Serialize, Deserialize)]
#[user_pool(sign_in = "email", self_sign_up)]
pub struct Member {
    /// Who it is.
    pub sub: String,
    /// Until when the token holds.
    pub exp: u64,
}

/// Another company.
#[derive(Serialize, Deserialize)]
pub struct Partner {
    /// Its name.
    pub name: String,
    /// Where it sells.
    pub regions: Vec<String>,
}

#[handler(authorizer, cache = "1h")]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    let name = token.as_str().strip_prefix("secret of ").ok_or(Unauthorized::new())?;
    Ok(Partner { name: name.into(), regions: vec!["eu".into()] })
}

#[handler(GET "/people/{name}", auth = Public)]
async fn person(Path(name): Path<String>, request: RequestContext) -> String {
    format!("{name} at {} of {}", request.path(), request.stage())
}

#[handler(POST "/echo", auth = Public)]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[handler(GET "/me", auth = Member)]
async fn me(member: Member) -> Json<Member> {
    Json(member)
}

#[handler(GET "/feed", auth = Partner)]
async fn feed(partner: Partner) -> Json<Partner> {
    Json(partner)
}

#[handler(GET "/keyed", auth = ApiKey)]
async fn keyed() -> &'static str {
    "let in"
}

#[handler(GET "/panic", auth = Public)]
async fn panics() -> &'static str {
    panic!("on purpose")
}

#[handler(GET "/sleep", auth = Public, timeout = "1s")]
async fn sleeps() -> &'static str {
    tokio::time::sleep(Duration::from_secs(60)).await;
    "too late"
}

/// What somebody waits for.
#[derive(Table, Serialize, Deserialize)]
pub struct Signal {
    /// Who gave it.
    #[partition_key]
    pub name: String,
}

/// Says that it is ready, and the rest once there is a signal: who reads the beginning can give it.
#[handler(url, auth = Public, timeout = "30s")]
async fn relay(signals: Read<Signal>) -> Streamed {
    said_in_two(signals, "relay")
}

#[handler(GET "/relay", auth = Public)]
async fn relay_of_rest(signals: Read<Signal>) -> Streamed {
    said_in_two(signals, "rest")
}

/// Breaks off in the midst.
#[handler(url, auth = Public)]
async fn half() -> Streamed {
    Streamed::text(stream::iter([Ok("half"), Err(Error::internal("on purpose"))]))
}

fn said_in_two(signals: Read<Signal>, name: &'static str) -> Streamed {
    Streamed::text(stream::unfold((signals, 0), move |(signals, part)| async move {
        let said = match part {
            0 => Ok("ready"),
            1 => waited(&signals, name).await,
            _ => return None,
        };
        Some((said, (signals, part + 1)))
    }))
}

async fn waited(signals: &Read<Signal>, name: &str) -> Result<&'static str, Error> {
    while signals.get_consistent(name).await?.is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(", steady, go")
}
