//! Agencies: each reaches its own acts and no others'.

use skyloom_local::{Local, LocalApi, Reply};
use venue::agencies::Contract;
use venue::house::House;
use venue::programme::Show;

use crate::an_evening;

/// The signature of PNGs, which is no text.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

async fn contract(app: &Local, agency: &str, hall: &str, act: &str) {
    let (agency, key, hall) = (agency.to_owned(), format!("key-of-{agency}"), hall.into());
    app.table::<Contract>().put(&Contract { agency, key, hall, acts: vec![act.into()] }).await;
}

async fn hang(house: &LocalApi, agency: &str, key: &str, act: &str) -> Reply {
    let poster = house.put(&format!("/acts/{act}/poster")).content("image/png", PNG);
    poster.header("x-agency", agency).header("x-agency-key", key).send().await
}

#[skyloom_local::test(venue)]
async fn a_poster_is_seen_as_it_was_sent(app: Local) {
    contract(&app, "north", "blue-hall", "trio").await;
    let house = app.api::<House>();
    hang(&house, "north", "key-of-north", "trio").await.expect(204);

    let poster = house.get("/posters/trio").header("accept", "image/png").send().await.expect(200);
    assert_eq!(poster.header("content-type"), Some("image/png"));
    assert_eq!(poster.bytes(), PNG);
}

#[skyloom_local::test(venue)]
async fn an_agency_hangs_no_poster_of_anothers_act(app: Local) {
    contract(&app, "north", "blue-hall", "trio").await;
    contract(&app, "south", "blue-hall", "choir").await;
    let house = app.api::<House>();
    hang(&house, "south", "key-of-south", "choir").await.expect(204);
    hang(&house, "south", "key-of-south", "trio").await.expect(403);
    assert_eq!((app.invocations("agency"), app.invocations("hang_poster")), (1, 1)); // the policy was remembered
}

#[skyloom_local::test(venue)]
async fn who_has_no_contract_with_this_hall_is_no_agency(app: Local) {
    contract(&app, "north", "blue-hall", "trio").await;
    contract(&app, "east", "red-hall", "trio").await;
    let house = app.api::<House>();
    hang(&house, "north", "guessed", "trio").await.expect(403);
    hang(&house, "west", "key-of-west", "trio").await.expect(403);
    hang(&house, "east", "key-of-east", "trio").await.expect(403);
    hang(&house, "north", "", "trio").await.expect(401);
    house.put("/acts/trio/poster").content("image/png", PNG).send().await.expect(401);
    assert_eq!((app.invocations("agency"), app.invocations("hang_poster")), (3, 0));
}

#[skyloom_local::test(venue)]
async fn an_agency_lists_the_shows_of_its_act(app: Local) {
    let show = an_evening(&app, 90).await;
    contract(&app, "north", "blue-hall", "ida-lund-trio").await;
    let shows = app.api::<House>().get("/acts/ida-lund-trio/shows");
    let shows = shows.header("x-agency", "north").header("x-agency-key", "key-of-north").send().await.expect(200);
    assert_eq!(shows.json::<Vec<Show>>(), [show]);
}
