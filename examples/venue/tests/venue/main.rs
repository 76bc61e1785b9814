//! The house as its people see it: for each counter, who is served there and who is not.

mod agencies;
mod fans;
mod floor;
mod house;
mod office;
mod people;
mod site;

use skyloom_local::{Local, User};
use venue::people::{Crew, Visitor};
use venue::programme::Show;
use venue::tickets::{State, Ticket};

/// An evening with this many seats, which is on the programme.
async fn an_evening(app: &Local, seats: u32) -> Show {
    let (id, act, day) = ("trio".into(), "ida-lund-trio".into(), "2026-11-23".into());
    let show = Show { id, act, day, cents: 2_500, seats, sold: 0 };
    app.table::<Show>().put(&show).await;
    show
}

/// A ticket of the evening that somebody has.
async fn a_ticket(app: &Local, code: &str) -> Ticket {
    let (show, code, holder) = ("trio".into(), code.into(), "somebody".into());
    let ticket = Ticket { show, code, holder, cents: 2_500, state: State::Sold };
    app.table::<Ticket>().put(&ticket).await;
    ticket
}

/// A visitor who signed in on the pool's page, and so may buy.
async fn a_visitor(app: &Local) -> User {
    app.sign_in::<Visitor>("vera@example.com").scopes(&["tickets/buy"]).await
}

async fn the_booker(app: &Local) -> User {
    app.sign_in::<Crew>("bo@blue-hall.example").groups(&["booker"]).await
}
