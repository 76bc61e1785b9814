//! A route, and a test of everybody who is to be refused there.

// ANCHOR: app
use serde::Deserialize;
use skyloom::{UserPool, handler};
use skyloom_local::{Forged, Local};

#[derive(UserPool, Deserialize)]
#[user_pool(groups = ["treasurer"])]
pub struct Employee {
    pub sub: String,
}

#[handler(POST "/payments", auth = Employee, groups = ["treasurer"])]
async fn pay(employee: Employee) -> String {
    employee.sub
}
// ANCHOR_END: app

// ANCHOR: test
#[skyloom_local::test]
async fn only_treasurers_pay(app: Local) {
    let pay = |token: String| app.post("/payments").bearer(token).send();
    let sign_in = || app.sign_in::<Employee>("ann@example.com").groups(&["treasurer"]);

    pay(sign_in().await.id_token().to_owned()).await.expect(200);

    for how in [
        Forged::Expired,
        Forged::OtherAudience,
        Forged::OtherIssuer,
        Forged::OtherKey,
        Forged::Unsigned,
        Forged::SignedWithPublicKey,
    ] {
        pay(sign_in().forged(how).await.id_token().to_owned()).await.expect(401);
    }
    let guest = app.sign_in::<Employee>("sam@example.com").await;
    pay(guest.id_token().to_owned()).await.expect(403);
    app.post("/payments").send().await.expect(401);

    assert_eq!(app.invocations("pay"), 2); // ann, and sam, whom the function itself refused
}
// ANCHOR_END: test
