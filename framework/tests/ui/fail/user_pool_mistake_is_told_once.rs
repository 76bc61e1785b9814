use serde::Deserialize;
use skyloom::{UserPool, handler};

#[derive(UserPool, Deserialize)]
#[user_pool(sign_in = "mail")]
struct Member {
    sub: String,
}

#[handler(GET "/me", auth = Member)]
async fn me(member: Member) -> String {
    member.sub
}

fn main() {}
