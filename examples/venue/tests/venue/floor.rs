//! The doors: scanners that the house owns admit each ticket once.

use serde_json::{Value, json};
use skyloom_local::{Local, LocalSocket};
use venue::doors::{Admitted, Device, Floor, Inside, Watching};
use venue::house::House;

use crate::a_ticket;

async fn device(app: &Local, door: &str) -> String {
    let token = format!("token-{door}");
    app.table::<Device>().put(&Device { token: token.clone(), door: door.into(), show: "trio".into() }).await;
    token
}

async fn scanner(app: &Local, door: &str) -> LocalSocket {
    let token = device(app, door).await;
    app.connect::<Floor>().bearer(&token).await
}

#[skyloom_local::test(venue)]
async fn who_is_admitted_at_one_door_is_counted_at_all(app: Local) {
    a_ticket(&app, "t-1").await;
    let (mut west, mut east) = (scanner(&app, "west").await, scanner(&app, "east").await);

    west.send_json(&json!({"do": "admit", "code": "t-1"})).await;
    assert_eq!(west.received::<Admitted>(), Admitted { code: "t-1".into(), door: "west".into() });
    app.settle().await;
    assert_eq!(west.received::<Inside>(), Inside { inside: 1 });
    assert_eq!(east.received::<Inside>(), Inside { inside: 1 });
}

#[skyloom_local::test(venue)]
async fn a_ticket_admits_once_and_a_forged_one_never(app: Local) {
    a_ticket(&app, "t-1").await;
    let mut west = scanner(&app, "west").await;
    for (code, status) in [("t-1", None), ("t-1", Some(409)), ("forged", Some(404))] {
        west.send_json(&json!({"do": "admit", "code": code})).await;
        assert_eq!(west.received::<Value>()["status"].as_u64(), status);
    }
}

#[skyloom_local::test(venue)]
async fn a_strange_device_is_not_connected(app: Local) {
    app.connect::<Floor>().refused().await.expect(401);
    app.connect::<Floor>().bearer("token-stolen").refused().await.expect(403);
    assert_eq!(app.invocations("switch_on"), 0);
}

#[skyloom_local::test(venue)]
async fn a_scanner_that_is_switched_off_is_forgotten(app: Local) {
    let west = scanner(&app, "west").await;
    assert_eq!(app.table::<Watching>().all().await.len(), 1);
    west.close().await;
    assert_eq!(app.table::<Watching>().all().await.len(), 0);
}

#[skyloom_local::test(venue)]
async fn what_no_route_takes_is_explained(app: Local) {
    let mut west = scanner(&app, "west").await;
    west.send_json(&json!({"do": "dance"})).await;
    assert_eq!(west.received::<Value>()["usage"]["do"], "admit");
}

#[skyloom_local::test(venue)]
async fn a_scanner_asks_the_house_how_many_are_in(app: Local) {
    let token = device(&app, "west").await;
    let house = app.api::<House>();
    let inside: Inside = house.get("/shows/trio/inside").bearer(&token).send().await.expect(200).json();
    assert_eq!(inside, Inside { inside: 0 });
    house.get("/shows/trio/inside").bearer("token-stolen").send().await.expect(403);
    house.get("/shows/trio/inside").send().await.expect(401);
}
