//! A route, and a test of everybody who is to be refused there.

// ANCHOR: app
use serde::Deserialize;
use skyloom::{UserPool, handler};
use skyloom_local::{Forged, Local, User};

#[derive(UserPool, Deserialize)]
#[user_pool(groups = ["treasurer"])]
pub struct Employee {
    pub sub: String,
}

#[handler(POST "/transfers", auth = Employee, groups = ["treasurer"])]
async fn transfer(employee: Employee) -> String {
    employee.sub
}
// ANCHOR_END: app

// ANCHOR: test
#[skyloom_local::test]
async fn only_treasurers_transfer(app: Local) {
    let send = |user: &User| app.post("/transfers").bearer(user).send();
    let ann = || app.sign_in::<Employee>("ann@example.com").groups(&["treasurer"]);

    send(&ann().await).await.expect(200);

    for how in [
        Forged::Expired,
        Forged::OtherAudience,
        Forged::OtherIssuer,
        Forged::OtherKey,
        Forged::Unsigned,
        Forged::SignedWithPublicKey,
    ] {
        send(&ann().forged(how).await).await.expect(401);
    }
    let sam = app.sign_in::<Employee>("sam@example.com").await;
    send(&sam).await.expect(403);
    app.post("/transfers").send().await.expect(401);

    assert_eq!(app.invocations("transfer"), 2); // ann, and sam, whom the function itself refused
}
// ANCHOR_END: test
