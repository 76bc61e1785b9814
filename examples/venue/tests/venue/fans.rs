//! What a phone may do with credentials of its own.

use skyloom_local::{Credentials, Local};
use venue::fans::{Card, Fans, Favourite};
use venue::people::{Crew, Visitor};
use venue::programme::Show;
use venue::tickets::Ticket;

use crate::{a_ticket, an_evening, the_booker};

async fn card(app: &Local, credentials: &Credentials) -> Card {
    app.get("/card").signed_by(credentials).send().await.expect(200).json()
}

#[skyloom_local::test(venue)]
async fn a_fan_has_a_card_and_favourites(app: Local) {
    let vera = app.identity_credentials::<Fans>(&app.sign_in::<Visitor>("vera@example.com").await);
    let favourite = Favourite { fan: card(&app, &vera).await.fan, act: "ida-lund-trio".into() };
    app.table_as::<Favourite>(&vera).put(&favourite).await;
    assert_eq!(app.table_as::<Favourite>(&vera).query(&favourite.fan).await, [favourite]);
}

#[skyloom_local::test(venue)]
#[should_panic(expected = "is not authorized to perform: dynamodb:Query")]
async fn a_fan_sees_nobody_elses_favourites(app: Local) {
    let vera = app.identity_credentials::<Fans>(&app.sign_in::<Visitor>("vera@example.com").await);
    let otto = app.identity_credentials::<Fans>(&app.sign_in::<Visitor>("otto@example.com").await);
    let fan = card(&app, &otto).await.fan;
    app.table_as::<Favourite>(&vera).query(&fan).await;
}

#[skyloom_local::test(venue)]
async fn a_guest_reads_the_programme_and_has_no_card(app: Local) {
    let show = an_evening(&app, 90).await;
    let guest = app.guest_credentials::<Fans>();
    assert_eq!(app.table_as::<Show>(&guest).get("trio").await, Some(show));
    app.get("/card").signed_by(&guest).send().await.expect(403);
    app.get("/card").send().await.expect(403);
}

#[skyloom_local::test(venue)]
async fn a_booker_looks_at_all_tickets(app: Local) {
    let ticket = a_ticket(&app, "t-1").await;
    let booker = app.identity_credentials::<Fans>(&the_booker(&app).await);
    assert_eq!(app.table_as::<Ticket>(&booker).all().await, [ticket]);
}

#[skyloom_local::test(venue)]
#[should_panic(expected = "is not authorized to perform: dynamodb:Scan")]
async fn nobody_else_of_the_crew_looks_at_all_tickets(app: Local) {
    let sound = app.sign_in::<Crew>("sam@blue-hall.example").groups(&["sound"]).await;
    let sound = app.identity_credentials::<Fans>(&sound);
    app.table_as::<Ticket>(&sound).all().await;
}
