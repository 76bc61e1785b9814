//! An application behind a REST API.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use skyloom::{Api, ApiKey, BearerToken, Bytes, Json, Path, Public, RequestContext, Unauthorized, UserPool, handler};

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
