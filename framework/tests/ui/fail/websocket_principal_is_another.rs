use skyloom::*;

#[derive(Api)]
#[api(websocket)]
struct Chat;

#[derive(serde::Serialize, serde::Deserialize)]
struct Member {
    name: String,
}

#[handler(authorizer)]
async fn member() -> Result<Member, Unauthorized> {
    Err(Unauthorized::new())
}

#[handler(websocket = "$connect", api = Chat, auth = Public)]
async fn connect() {}

#[handler(websocket = "say", api = Chat)]
async fn say(member: Member) {}

fn main() {}
