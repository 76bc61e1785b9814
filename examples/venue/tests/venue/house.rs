//! The house's REST API: ticket shops with keys, and what answers without a function.

use std::time::Duration;

use serde_json::{Value, json};
use skyloom_local::{Local, http};
use venue::house::{House, Listing};
use venue::programme::Show;

use crate::an_evening;

#[skyloom_local::test(venue)]
async fn a_shop_with_a_key_gets_the_listing(app: Local) {
    let show = an_evening(&app, 90).await;
    let house = app.api::<House>();
    let listing = house.get("/listing?from=2026-11-01").header("x-api-key", &house.key()).send().await.expect(200);
    let Listing { hall, shows } = listing.json();
    assert_eq!((hall.as_str(), shows), ("blue-hall", vec![show]));
}

#[skyloom_local::test(venue)]
async fn a_shop_without_a_key_is_told_where_to_get_one(app: Local) {
    let house = app.api::<House>();
    for key in [None, Some("guessed")] {
        let request = house.get("/listing?from=2026-11-01");
        let request = if let Some(key) = key { request.header("x-api-key", key) } else { request };
        let refused = request.send().await.expect(401);
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
        assert_eq!(refused.json::<Value>()["title"], "ask the box office for a key");
    }
    assert_eq!(app.invocations("listing"), 0);
}

#[skyloom_local::test(venue)]
async fn the_api_itself_refuses_a_listing_from_no_day(app: Local) {
    let house = app.api::<House>();
    let refused = house.get("/listing").header("x-api-key", &house.key()).send().await.expect(400);
    assert_eq!(refused.json::<Value>(), json!({"message": "Missing required request parameters: [from]"}));
    assert_eq!(app.invocations("listing"), 0);
}

#[skyloom_local::test(venue)]
async fn a_listing_is_kept_for_a_minute(app: Local) {
    let house = app.api::<House>();
    let listing = async || {
        let reply = house.get("/listing?from=2026-11-01").header("x-api-key", &house.key()).send().await.expect(200);
        reply.json::<Listing>().shows
    };
    assert_eq!(listing().await, []);
    let show: Show = an_evening(&app, 90).await;
    assert_eq!(listing().await, []);
    app.advance(Duration::from_secs(61)).await;
    assert_eq!(listing().await, [show]);
    assert_eq!(app.invocations("listing"), 2);
}

#[skyloom_local::test(venue)]
async fn a_shop_in_a_hurry_is_told_when_to_come_again(app: Local) {
    let house = app.api::<House>();
    let listing = async || house.get("/listing?from=2026-11-01").header("x-api-key", &house.key()).send().await;
    for _ in 0..20 {
        listing().await.expect(200);
    }
    assert_eq!(listing().await.expect(429).header("retry-after"), Some("1"));
    app.advance(Duration::from_secs(1)).await;
    listing().await.expect(200);
}

#[skyloom_local::test(venue)]
async fn the_load_balancer_gets_an_answer_of_the_api_itself(app: Local) {
    let health = app.api::<House>().get("/health").send().await.expect(200);
    assert_eq!((health.text().as_str(), health.header("cache-control")), ("{}", Some("no-store")));
}

#[skyloom_local::test(venue)]
async fn plans_come_from_the_architects(app: Local) {
    app.upstream("https://plans.architects.example", |request| {
        assert_eq!(request.uri().path(), "/blue-hall/floor/balcony");
        http::Response::new("forty seats")
    });
    let plan = app.api::<House>().get("/plans/floor/balcony").send().await.expect(200);
    assert_eq!(plan.text(), "forty seats");
}

#[skyloom_local::test(venue)]
async fn an_enquiry_waits_in_the_queue(app: Local) {
    let house = app.api::<House>();
    let enquiry = json!({"show": "trio", "seats": 40});
    house.post("/enquiries").json(&enquiry).send().await.expect(401);
    house.post("/enquiries").header("x-api-key", &house.key()).json(&enquiry).send().await.expect(202);
    assert_eq!(app.destination("Enquiries"), [enquiry]);
}
