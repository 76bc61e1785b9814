//! Secrets as arguments: what is read, how long it is kept, who may read it, and what is said where there is nothing.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use skyloom::{Error, Json, Public, Secret, handler};
use skyloom_local::Local;
use skyloom_manifest::Resource;

/// The key for payments.
#[derive(Secret)]
#[secret(name = "payments/stripe")]
struct StripeKey(String);

#[derive(Secret, Deserialize)]
struct Database {
    user: String,
    login: Login,
}

#[derive(Deserialize, Serialize)]
struct Login {
    pin: u16,
}

#[derive(Secret)]
#[secret(generate(length = 40, punctuation))]
struct SigningKey(Box<str>);

#[handler(invoke)]
async fn pay(stripe: Secret<StripeKey>) -> Json<String> {
    Json(stripe.0.clone())
}

#[handler(GET "/database", auth = Public)]
async fn database(database: Secret<Database>) -> Result<Json<(String, u16)>, Error> {
    Ok(Json((database.user.clone(), database.login.pin)))
}

#[handler(invoke)]
async fn sign(key: Secret<SigningKey>) -> Json<Vec<String>> {
    Json(vec![key.0.to_string(), format!("{key:?} {:?}", *key)])
}

async fn paid(app: &Local) -> String {
    app.invoke("pay", &()).await.expect("it pays")
}

#[skyloom_local::test]
async fn a_handler_gets_what_the_test_has_set(app: Local) {
    app.set_secret::<StripeKey>("sk_test_1");
    assert_eq!(paid(&app).await, "sk_test_1");
}

#[skyloom_local::test]
async fn an_object_of_json_is_read_into_the_struct(app: Local) {
    app.set_secret::<Database>(json!({"user": "ann", "login": Login { pin: 7 }}));
    assert_eq!(app.get("/database").send().await.expect(200).json::<(String, u16)>(), ("ann".into(), 7));
}

#[skyloom_local::test]
async fn a_generated_secret_has_a_value_that_debug_does_not_show(app: Local) {
    let answer: Vec<String> = app.invoke("sign", &()).await.unwrap();
    assert_eq!(answer[0].len(), 40);
    assert_eq!(answer[1], "Secret(SigningKey) SigningKey(redacted)");
}

#[skyloom_local::test]
async fn a_rotated_value_is_seen_within_five_minutes_and_until_then_asked_for_once(app: Local) {
    app.set_secret::<StripeKey>("one");
    assert_eq!(paid(&app).await, "one");
    app.set_secret::<StripeKey>("two");
    app.advance(Duration::from_secs(299)).await;
    assert_eq!(paid(&app).await, "one");
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(paid(&app).await, "two");
}

#[skyloom_local::test]
async fn a_function_may_read_its_own_secret_and_no_other(app: Local) {
    app.set_secret::<StripeKey>("one");
    paid(&app).await;
    let used = app.used_permissions("pay");
    let [(action, arn)] = &used.into_iter().collect::<Vec<_>>()[..] else { panic!("more than one call") };
    assert_eq!(action, "secretsmanager:GetSecretValue");
    assert!(arn.starts_with("arn:aws:secretsmanager:us-east-1:000000000000:secret:payments/stripe-"), "{arn}");
    let permissions = &app.manifest().function("pay").unwrap().permissions;
    assert_eq!(permissions.len(), 1);
    assert_eq!(permissions[0].resource, Resource::Secret { secret: "StripeKey".into() });

    app.revoke("pay", "secretsmanager:GetSecretValue");
    assert_eq!(paid(&app).await, "one", "what is kept needs no permission");
    app.advance(Duration::from_secs(300)).await;
    app.invoke::<String>("pay", &()).await.unwrap_err();
    let log = app.logs("pay").concat();
    assert!(log.contains("`StripeKey`, `payments/stripe`, may not be read by this function: User: "), "{log}");
}

#[skyloom_local::test]
async fn a_secret_without_a_value_says_who_gives_it_one(app: Local) {
    app.get("/database").send().await.expect(500);
    let log = app.logs("database").concat();
    assert!(log.contains("the secret `Database`, `arn:aws:secretsmanager:"), "{log}");
    assert!(log.contains("has no value yet: `aws secretsmanager put-secret-value --secret-id arn:"), "{log}");
    assert!(log.contains("in a test `app.set_secret::<Database>(…)` does"), "{log}");
}

#[skyloom_local::test]
async fn what_does_not_fit_is_told_by_its_place_alone(app: Local) {
    app.set_secret::<Database>(json!({"user": "ann", "login": {"pin": "hunter2"}}));
    let reply = app.get("/database").send().await.expect(500);
    let log = app.logs("database").concat();
    assert!(log.contains("does not hold what its type says: `login.pin` is of another type"), "{log}");
    assert!(!log.contains("hunter2") && !reply.text().contains("pin"), "{log}");
}

#[skyloom_local::test]
async fn the_manifest_says_what_secrets_there_are(app: Local) {
    let secrets = &app.manifest().secrets;
    let names: Vec<_> = secrets.iter().map(|it| (&*it.name, it.description.as_deref())).collect();
    assert_eq!(names, [("Database", None), ("SigningKey", None), ("StripeKey", Some("The key for payments."))]);
}
