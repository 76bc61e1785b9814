//! What a test can do.

// ANCHOR: app
use std::time::Duration;

use serde::{Deserialize, Serialize};
use skyloom::{Error, Json, Path, Read, Scan, Table, UserPool, Write, handler};
use skyloom_local::{Forged, Local};

#[derive(UserPool, Deserialize)]
#[user_pool(groups = ["librarian"])]
pub struct Member {
    pub sub: String,
}

#[derive(Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(ttl = "forgotten_at")]
pub struct Wish {
    #[partition_key]
    pub title: String,
    pub member: String,
    pub forgotten_at: u64,
}

#[handler(PUT "/wishes/{title}", auth = Member)]
async fn wish(
    member: Member,
    Path(title): Path<String>,
    Json(forgotten_at): Json<u64>,
    wishes: Write<Wish>,
) -> Result<(), Error> {
    wishes.put(&Wish { title, member: member.sub, forgotten_at }).await?;
    Ok(())
}

#[handler(GET "/wishes/{title}", auth = Member, groups = ["librarian"])]
async fn get_wish(Path(title): Path<String>, wishes: Read<Wish>) -> Result<Json<Wish>, Error> {
    wishes.get(&title).await?.map(Json).ok_or_else(|| Error::not_found("nobody wishes that"))
}

#[handler(schedule = "rate(1 day)")]
async fn count_wishes(wishes: Scan<Wish>) -> Result<(), Error> {
    let wishes = wishes.items().count().await?;
    skyloom::tracing::info!(wishes, "daily count");
    Ok(())
}

#[handler(invoke)]
async fn double(Json(number): Json<u64>) -> Result<Json<u64>, Error> {
    number.checked_mul(2).map(Json).ok_or_else(|| Error::unprocessable("it is too large"))
}
// ANCHOR_END: app

// ANCHOR: requests
#[skyloom_local::test]
async fn a_wish_is_read(app: Local) {
    let sam = app.sign_in::<Member>("sam@example.com").groups(&["librarian"]).await;
    app.put("/wishes/Moby%20Dick").bearer(&sam).json(&4_102_444_800_u64).send().await.expect(204);

    let reply = app.get("/wishes/Moby%20Dick").bearer(&sam).send().await.expect(200);
    assert_eq!(reply.json::<Wish>().title, "Moby Dick");
    assert_eq!(reply.header("content-type"), Some("application/json"));
}
// ANCHOR_END: requests

// ANCHOR: users
#[skyloom_local::test]
async fn only_librarians_read_wishes(app: Local) {
    let ann = app.sign_in::<Member>("ann@example.com").await;
    app.get("/wishes/Emma").bearer(&ann).send().await.expect(403);

    let forged = app.sign_in::<Member>("ann@example.com").forged(Forged::OtherKey).await;
    app.get("/wishes/Emma").bearer(&forged).send().await.expect(401);
    app.get("/wishes/Emma").send().await.expect(401);
}
// ANCHOR_END: users

// ANCHOR: time
#[skyloom_local::test]
async fn a_wish_is_forgotten_and_each_day_is_counted(app: Local) {
    let day = Duration::from_secs(24 * 60 * 60);
    let tomorrow = (app.now() + day).duration_since(std::time::UNIX_EPOCH).expect("it is after 1970");
    let wish = Wish { title: "Emma".into(), member: "ann".into(), forgotten_at: tomorrow.as_secs() };
    app.table::<Wish>().put(&wish).await;

    app.advance(3 * day).await;

    assert_eq!(app.table::<Wish>().all().await, []);
    assert_eq!(app.invocations("count_wishes"), 3);
}
// ANCHOR_END: time

// ANCHOR: functions
#[skyloom_local::test]
async fn numbers_are_doubled(app: Local) {
    assert_eq!(app.invoke("double", &21_u64).await, Ok(42_u64));

    let refused = app.invoke::<u64>("double", &u64::MAX).await;
    assert!(refused.is_err_and(|error| error.contains("it is too large")));
    assert_eq!(app.invocations("double"), 2);
    assert!(app.logs("double").iter().any(|line| line.contains("it is too large")));
}
// ANCHOR_END: functions
