//! What goes wrong in one function is told to its caller, in AWS's way, and to nobody else.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use skyloom::{
    BearerToken, Context, Error, Json, Path, Public, Read, StatusCode, Table, Unauthorized, Write, handler, table,
};
use skyloom_local::Local;

const INTERNAL: &str = r#"{"message":"Internal Server Error"}"#;

#[derive(Debug, PartialEq, Table, Serialize, Deserialize)]
struct Note {
    #[partition_key]
    id: String,
}

#[handler(GET "/fine", auth = Public)]
async fn fine() -> &'static str {
    "fine"
}

#[handler(GET "/panics", auth = Public)]
async fn panics() -> &'static str {
    panic!("the secret is 42")
}

#[handler(GET "/late", auth = Public, timeout = "2s")]
async fn late(context: Context) -> String {
    tokio::time::sleep(Duration::from_secs(3)).await;
    context.request_id().to_owned()
}

/// Writes when it has slept.
#[handler(POST "/slow", auth = Public, timeout = "20s")]
async fn slow(notes: Write<Note>, context: Context) -> Result<(), Error> {
    tokio::time::sleep(Duration::from_secs(15)).await;
    notes.put(&Note { id: seconds(context.now()) }).await?;
    tracing::info!("done");
    Ok(())
}

fn seconds(time: SystemTime) -> String {
    time.duration_since(UNIX_EPOCH).map_or_else(|error| error.to_string(), |it| it.as_secs().to_string())
}

#[handler(GET "/fails/{status}", auth = Public)]
async fn fails(Path(status): Path<u16>) -> Result<(), Error> {
    match StatusCode::from_u16(status) {
        Ok(StatusCode::INTERNAL_SERVER_ERROR) => Err(Error::internal("the secret is 42")),
        Ok(status) => Err(Error::new(status, "because")),
        Err(error) => Err(Error::internal(error)),
    }
}

#[handler(GET "/huge", auth = Public)]
async fn huge() -> String {
    "x".repeat(7 * 1024 * 1024)
}

/// Its argument lets it read, whatever it tries.
#[handler(POST "/sneaks", auth = Public)]
async fn sneaks(notes: Read<Note>) -> Result<(), Error> {
    let item = table::to_item(&Note { id: "sneaked".into() }).map_err(Error::internal)?;
    let put = notes.client().put_item().table_name(notes.table_name()).set_item(Some(item));
    put.send().await.map_err(|error| Error::internal(error.into_service_error()))?;
    Ok(())
}

#[handler(POST "/writes", auth = Public)]
async fn writes(notes: Write<Note>) -> Result<(), Error> {
    notes.put(&Note { id: "written".into() }).await?;
    Ok(())
}

#[skyloom_local::test]
async fn a_panic_is_an_internal_error_of_its_own_call_only(app: Local) {
    for _ in 0..2 {
        let reply = app.get("/panics").send().await.expect(500);
        assert!(!reply.text().contains("42"), "{}", reply.text());
        assert_eq!(app.get("/fine").send().await.expect(200).text(), "fine");
    }
    assert!(app.logs("panics").iter().any(|line| line.contains("the secret is 42")), "{:?}", app.logs("panics"));
}

#[skyloom_local::test]
async fn a_function_whose_client_goes_away_does_its_work(app: Local) {
    let (begin, second) = (app.now(), Duration::from_secs(1));
    let reply = tokio::time::timeout(second, app.post("/slow").send()).await;
    assert!(reply.is_err() && app.invocations("slow") == 0, "it is at work");
    app.settle().await;
    assert_eq!(app.invocations("slow"), 0, "it sleeps, and so does the clock");
    app.advance(60 * second).await;
    let written = Note { id: seconds(begin + 15 * second) };
    assert_eq!(
        app.table::<Note>().get(&written.id).await,
        Some(written),
        "at its own time, not when the minute is over"
    );
    assert!(app.logs("slow").iter().any(|line| line.contains("done")), "{:?}", app.logs("slow"));
}

#[skyloom_local::test]
async fn a_function_that_takes_longer_than_its_timeout_is_stopped(app: Local) {
    let started = app.now();
    assert_eq!(app.get("/late").send().await.expect(500).text(), INTERNAL);
    assert_eq!(app.now().duration_since(started).expect("time goes on").as_secs(), 2);
    assert_eq!(app.invocations("late"), 1);
    app.get("/fine").send().await.expect(200);
}

#[skyloom_local::test]
async fn an_answer_of_more_than_six_megabytes_is_an_internal_error(app: Local) {
    assert_eq!(app.get("/huge").send().await.expect(500).text(), INTERNAL);
}

#[skyloom_local::test]
async fn an_error_has_its_status_and_an_internal_one_keeps_its_reason(app: Local) {
    for status in [400, 403, 404, 409, 422, 429, 503] {
        assert!(app.get(&format!("/fails/{status}")).send().await.expect(status).text().contains("because"));
    }
    let internal = app.get("/fails/500").send().await.expect(500);
    assert!(!internal.text().contains("42"), "{}", internal.text());
    assert!(app.logs("fails").iter().any(|line| line.contains("the secret is 42")));
}

#[skyloom_local::test]
async fn a_function_that_may_read_is_refused_when_it_writes(app: Local) {
    app.post("/sneaks").send().await.expect(500);
    let log = app.logs("sneaks").concat();
    for part in ["not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb:", "table/skyloom-Note"] {
        assert!(log.contains(part), "{log}");
    }
    app.post("/writes").send().await.expect(204);
    assert_eq!(app.table::<Note>().all().await, [Note { id: "written".into() }]);
}

#[derive(Serialize, Deserialize)]
struct Partner {
    name: String,
    level: u8,
}

#[handler(authorizer, cache = "5m")]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    match token.as_str() {
        "good" => Ok(Partner { name: "\u{e9}lan \"ltd\"".into(), level: 7 }),
        "broken" => Err(Error::internal("the secret is 42").into()),
        "panic" => panic!("on purpose"),
        "slow" => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Err(Unauthorized::new())
        }
        _ => Err(Unauthorized::new()),
    }
}

#[handler(GET "/partners", auth = Partner)]
async fn partners(partner: Partner) -> String {
    format!("{} {}", partner.name, partner.level)
}

#[skyloom_local::test]
async fn an_authorizer_lets_in_and_says_who_it_is(app: Local) {
    assert_eq!(app.get("/partners").bearer("good").send().await.expect(200).text(), "\u{e9}lan \"ltd\" 7");
}

#[skyloom_local::test]
async fn an_authorizer_keeps_out(app: Local) {
    assert_eq!(app.get("/partners").send().await.expect(401).text(), r#"{"message":"Unauthorized"}"#);
    assert_eq!(app.invocations("partner"), 0);
    assert_eq!(app.get("/partners").bearer("bad").send().await.expect(403).text(), r#"{"message":"Forbidden"}"#);
    app.get("/partners").header("authorization", "Basic Z29vZDo=").send().await.expect(403);
    assert_eq!(app.invocations("partners"), 0);
}

#[skyloom_local::test]
async fn an_authorizer_that_fails_lets_nobody_in(app: Local) {
    for token in ["broken", "panic", "slow"] {
        assert_eq!(app.get("/partners").bearer(token).send().await.expect(500).text(), INTERNAL, "{token}");
    }
    assert_eq!(app.invocations("partners"), 0);
}

#[skyloom_local::test]
async fn an_authorizer_is_asked_again_when_its_answer_is_old(app: Local) {
    for _ in 0..3 {
        app.get("/partners").bearer("good").send().await.expect(200);
        app.get("/partners").bearer("bad").send().await.expect(403);
    }
    assert_eq!((app.invocations("partner"), app.invocations("partners")), (2, 3));
    app.advance(Duration::from_secs(299)).await;
    app.get("/partners").bearer("good").send().await.expect(200);
    assert_eq!(app.invocations("partner"), 2);
    app.advance(Duration::from_secs(2)).await;
    app.get("/partners").bearer("good").send().await.expect(200);
    assert_eq!(app.invocations("partner"), 3);
}

#[handler(invoke)]
async fn divide(Json((dividend, divisor)): Json<(u32, u32)>) -> Result<Json<u32>, Error> {
    let quotient = dividend.checked_div(divisor).ok_or_else(|| Error::unprocessable("nothing is divided by zero"))?;
    Ok(Json(quotient))
}

#[skyloom_local::test]
async fn who_calls_a_function_learns_why_it_failed(app: Local) {
    assert_eq!(app.invoke("divide", &(7, 2)).await, Ok(3));
    let failed = app.invoke::<u32>("divide", &(7, 0)).await.expect_err("it is refused");
    assert!(failed.contains("nothing is divided by zero"), "{failed}");
    let failed = app.invoke::<u32>("divide", &"seven").await.expect_err("it is refused");
    assert!(failed.contains("the payload does not fit"), "{failed}");
    assert!(app.invoke::<u32>("no_such_function", &()).await.is_err());
}
