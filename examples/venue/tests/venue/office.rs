//! Long lists: the crew's of a show, the accountant's of all.

use skyloom_local::{Credentials, Local};
use venue::house::House;
use venue::tickets::Ticket;

use crate::{a_ticket, a_visitor, the_booker};

#[skyloom_local::test(venue)]
async fn the_crew_gets_each_ticket_of_a_show(app: Local) {
    let tickets = [a_ticket(&app, "t-1").await, a_ticket(&app, "t-2").await];
    let crew = the_booker(&app).await;
    let list = app.api::<House>().get("/shows/trio/tickets").bearer(&crew).send().await.expect(200);
    assert_eq!(list.header("content-type"), Some("application/x-ndjson"));
    assert_eq!((lines(&list.text()), list.broke_off()), (tickets.to_vec(), false));
}

#[skyloom_local::test(venue)]
async fn nobody_else_gets_the_tickets_of_a_show(app: Local) {
    let house = app.api::<House>();
    house.get("/shows/trio/tickets").bearer(&a_visitor(&app).await).send().await.expect(401);
    house.get("/shows/trio/tickets").send().await.expect(401);
    assert_eq!(app.invocations("tickets_of_show"), 0);
}

#[skyloom_local::test(venue)]
async fn the_accountant_gets_the_takings(app: Local) {
    let ticket = a_ticket(&app, "t-1").await;
    let takings = app.url("takings").get("/").signed_by(&app.owner_credentials()).send().await.expect(200);
    assert_eq!(lines(&takings.text()), [ticket]);
}

#[skyloom_local::test(venue)]
async fn nobody_else_gets_the_takings(app: Local) {
    let takings = || app.url("takings").get("/");
    takings().send().await.expect(403);
    takings().bearer(&the_booker(&app).await).send().await.expect(403);
    takings().signed_by(&app.function_credentials("buy")).send().await.expect(403);
    takings().signed_by(&Credentials::new("AKIAIOSFODNN7EXAMPLE", "guessed", "")).send().await.expect(403);
    assert_eq!(app.invocations("takings"), 0);
}

fn lines(text: &str) -> Vec<Ticket> {
    text.lines().map(|line| serde_json::from_str(line).expect("a ticket")).collect()
}
