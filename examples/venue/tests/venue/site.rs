//! The site: everybody reads, bookers write, visitors buy.

use serde_json::json;
use skyloom_local::{Forged, Local};
use venue::people::{Crew, Statistics, Visitor};
use venue::programme::Show;
use venue::tickets::{Sold, Ticket};

use crate::{a_visitor, an_evening, the_booker};

#[skyloom_local::test(venue)]
async fn a_booker_puts_a_show_on_the_programme_that_everybody_reads(app: Local) {
    let booker = the_booker(&app).await;
    let show = json!({"act": "ida-lund-trio", "day": "2026-11-23", "cents": 2500, "seats": 90});
    let booked: Show = app.put("/shows/trio").bearer(&booker).json(&show).send().await.expect(200).json();
    app.put("/shows/trio").bearer(&booker).json(&show).send().await.expect(409);

    assert_eq!(app.get("/shows").send().await.expect(200).json::<Vec<Show>>(), [booked]);
}

#[skyloom_local::test(venue)]
async fn nobody_else_changes_the_programme(app: Local) {
    let show = json!({"act": "Myself", "day": "2026-11-23", "cents": 0, "seats": 1});
    let sound = app.sign_in::<Crew>("sam@blue-hall.example").groups(&["sound"]).await;
    app.put("/shows/mine").bearer(&sound).json(&show).send().await.expect(403);
    app.put("/shows/mine").bearer(&a_visitor(&app).await).json(&show).send().await.expect(401);
    let forged = app.sign_in::<Crew>("bo@blue-hall.example").groups(&["booker"]).forged(Forged::OtherKey).await;
    app.put("/shows/mine").bearer(&forged).json(&show).send().await.expect(401);
    app.put("/shows/mine").json(&show).send().await.expect(401);

    assert_eq!(app.table::<Show>().all().await, []);
}

#[skyloom_local::test(venue)]
async fn a_visitor_buys_until_all_is_sold(app: Local) {
    an_evening(&app, 1).await;
    let visitor = a_visitor(&app).await;
    let ticket: Ticket = app.post("/shows/trio/tickets").bearer(&visitor).send().await.expect(201).json();
    app.post("/shows/trio/tickets").bearer(&visitor).send().await.expect(409);
    app.post("/shows/opera/tickets").bearer(&visitor).send().await.expect(404);

    assert_eq!(app.get("/tickets").bearer(&visitor).send().await.expect(200).json::<Vec<Ticket>>(), [ticket]);
    let other = app.sign_in::<Visitor>("otto@example.com").await;
    assert_eq!(app.get("/tickets").bearer(&other).send().await.expect(200).json::<Vec<Ticket>>(), []);
}

#[skyloom_local::test(venue)]
async fn who_may_not_buy_buys_nothing(app: Local) {
    an_evening(&app, 1).await;
    let without_the_scope = app.sign_in::<Visitor>("vera@example.com").await;
    app.post("/shows/trio/tickets").bearer(without_the_scope.id_token()).send().await.expect(403);
    app.post("/shows/trio/tickets").bearer(without_the_scope.access_token()).send().await.expect(403);
    app.post("/shows/trio/tickets").bearer(&the_booker(&app).await).send().await.expect(401);
    app.post("/shows/trio/tickets").send().await.expect(401);

    assert_eq!(app.invocations("buy"), 0);
}

#[skyloom_local::test(venue)]
async fn the_statistics_office_counts_and_visitors_do_not(app: Local) {
    an_evening(&app, 5).await;
    let visitor = a_visitor(&app).await;
    app.post("/shows/trio/tickets").bearer(&visitor).send().await.expect(201);
    app.get("/shows/trio/sold").bearer(&visitor).send().await.expect(403);

    let machine = app.machine_token::<Statistics>(&["tickets/count"]);
    let sold: Sold = app.get("/shows/trio/sold").bearer(&machine).send().await.expect(200).json();
    assert_eq!(sold, Sold { tickets: 1 });
    app.post("/shows/trio/tickets").bearer(&machine).send().await.expect(403);
}

#[skyloom_local::test(venue)]
async fn pages_of_the_house_alone_may_call(app: Local) {
    let ours = app.get("/shows").header("origin", "https://blue-hall.example").send().await.expect(200);
    assert_eq!(ours.header("access-control-allow-origin"), Some("https://blue-hall.example"));
    let theirs = app.get("/shows").header("origin", "https://elsewhere.example").send().await.expect(200);
    assert_eq!(theirs.header("access-control-allow-origin"), None);
}
