//! The library as its members, partners and publishers see it.

use std::time::{Duration, UNIX_EPOCH};

use library::{Branch, Delivery, Member, NewVolume, PartnerToken, Recount, Recounted, Reminder, Statistic, Volume};
use skyloom_local::{Forged, Local, User};

const EMMA: u64 = 9_780_141_439_587;
const LOAN: &str = "/books/9780141439587/volumes/1/loan";

async fn with_two_volumes(app: &Local) {
    let librarian = app.sign_in::<Member>("card-1").groups(&["librarian"]).await;
    for (number, branch) in [(1, Branch::Harbour), (2, Branch::Central)] {
        let new = NewVolume { isbn: EMMA, number, title: "Emma".into(), branch };
        app.post("/volumes").bearer(&librarian).json(&new).send().await.expect(201);
    }
}

async fn borrower(app: &Local, card: &str) -> User {
    app.sign_in::<Member>(card).scopes(&["library/borrow"]).await
}

#[skyloom_local::test(library)]
async fn a_volume_is_lent_once_and_brought_back(app: Local) {
    with_two_volumes(&app).await;
    let (ann, bob) = (borrower(&app, "card-2").await, borrower(&app, "card-3").await);

    let lent: Volume = app.post(LOAN).bearer(&ann).send().await.expect(200).json();
    assert!(lent.borrower.is_some());
    app.post(LOAN).bearer(&bob).send().await.expect(409);
    app.delete(LOAN).bearer(&bob).send().await.expect(409);
    app.delete(LOAN).bearer(&ann).send().await.expect(204);
    app.post(LOAN).bearer(&bob).send().await.expect(200);
    app.post("/books/1/volumes/1/loan").bearer(&bob).send().await.expect(404);
}

#[skyloom_local::test(library)]
async fn who_borrows_needs_the_scope(app: Local) {
    with_two_volumes(&app).await;
    let ann = app.sign_in::<Member>("card-2").await;
    app.post(LOAN).bearer(ann.id_token()).send().await.expect(403);
    app.post(LOAN).bearer(ann.access_token()).send().await.expect(403);
    app.post(LOAN).send().await.expect(401);
    let scoped = borrower(&app, "card-2").await;
    app.post(LOAN).bearer(scoped.id_token()).send().await.expect(403); // an ID token has no scopes
    let wanted = || app.sign_in::<Member>("card-2").scopes(&["library/borrow"]);
    app.post(LOAN).bearer(&wanted().forged(Forged::Expired).await).send().await.expect(401);
    let forged = app.sign_in::<Member>("card-2").forged(Forged::Unsigned).await;
    app.post(LOAN).bearer(&forged).send().await.expect(401);
    assert_eq!(app.invocations("borrow"), 0);
}

#[skyloom_local::test(library)]
async fn loans_are_listed_by_due_date_and_only_to_their_member(app: Local) {
    with_two_volumes(&app).await;
    let (ann, bob) = (borrower(&app, "card-2").await, borrower(&app, "card-3").await);
    app.post("/books/9780141439587/volumes/2/loan").bearer(&ann).send().await.expect(200);
    app.advance(Duration::from_secs(60)).await;
    app.post(LOAN).bearer(&ann).send().await.expect(200);

    let loans: serde_json::Value = app.get("/loans").bearer(&ann).send().await.expect(200).json();
    let numbers: Vec<_> = loans["items"].as_array().into_iter().flatten().map(|it| it["number"].as_u64()).collect();
    assert_eq!(numbers, [Some(2), Some(1)]);
    let loans: serde_json::Value = app.get("/loans").bearer(&bob).send().await.expect(200).json();
    assert_eq!(loans["items"], serde_json::json!([]));
}

#[skyloom_local::test(library)]
async fn volumes_are_listed_by_branch_and_availability(app: Local) {
    with_two_volumes(&app).await;
    let ann = borrower(&app, "card-2").await;
    app.post(LOAN).bearer(&ann).send().await.expect(200);

    for (query, numbers) in [
        ("", vec![2, 1]),
        ("?branch=harbour", vec![1]),
        ("?branch=harbour&branch=central&available=true", vec![2]),
        ("?available=false", vec![1]),
    ] {
        let path = format!("/books/{EMMA}/volumes{query}");
        let found: Vec<Volume> = app.get(&path).send().await.expect(200).json();
        assert_eq!(found.iter().map(|volume| volume.number).collect::<Vec<_>>(), numbers, "{path}");
    }
    app.get(&format!("/books/{EMMA}/volumes?branch=moon")).send().await.expect(400);
    app.get("/books/emma/volumes").send().await.expect(400);
}

#[skyloom_local::test(library)]
async fn only_librarians_add_volumes(app: Local) {
    let ann = app.sign_in::<Member>("card-2").await;
    let new = NewVolume { isbn: EMMA, number: 1, title: "Emma".into(), branch: Branch::Central };
    app.post("/volumes").bearer(&ann).json(&new).send().await.expect(403);
    assert_eq!(app.table::<Volume>().all().await, []);
}

#[skyloom_local::test(library)]
async fn a_volume_that_the_caller_has_is_not_sent_again(app: Local) {
    with_two_volumes(&app).await;
    let path = format!("/books/{EMMA}/volumes/1");
    let tag = app.get(&path).send().await.expect(200).header("etag").expect("it has a tag").to_owned();
    let same = app.get(&path).header("if-none-match", &tag).send().await.expect(304);
    assert_eq!(same.text(), "");
    app.get(&path).header("if-none-match", "\"another\"").send().await.expect(200);
}

#[skyloom_local::test(library)]
async fn a_cover_is_a_picture(app: Local) {
    let cover = app.get(&format!("/books/{EMMA}/cover.gif")).send().await.expect(200);
    assert_eq!(cover.header("content-type"), Some("image/gif"));
    assert!(cover.bytes().starts_with(b"GIF89a"));
    assert_eq!(cover.bytes().len(), 35);
}

#[skyloom_local::test(library)]
async fn each_loan_is_counted(app: Local) {
    with_two_volumes(&app).await;
    let ann = borrower(&app, "card-2").await;
    for _ in 0..3 {
        app.post(LOAN).bearer(&ann).send().await.expect(200);
        app.delete(LOAN).bearer(&ann).send().await.expect(204);
    }
    app.settle().await;
    assert_eq!(app.table::<Statistic>().get(EMMA).await, Some(Statistic { isbn: EMMA, loans: 3 }));
    assert_eq!(app.invocations("count_loans"), 1);
}

#[skyloom_local::test(library)]
async fn partners_see_what_is_there_in_their_branches(app: Local) {
    with_two_volumes(&app).await;
    let token = PartnerToken { token: "p-1".into(), partner: "county".into(), branches: vec![Branch::Central] };
    app.table::<PartnerToken>().put(&token).await;
    let path = format!("/partners/books/{EMMA}");

    let found: Vec<Volume> = app.get(&path).bearer("p-1").send().await.expect(200).json();
    assert_eq!(found.iter().map(|volume| volume.number).collect::<Vec<_>>(), [2]);
    app.get(&path).bearer("p-2").send().await.expect(403);
    app.get(&path).send().await.expect(401);

    // The answer for a token is remembered for five minutes.
    app.table::<PartnerToken>().delete("p-1").await;
    app.get(&path).bearer("p-1").send().await.expect(200);
    app.advance(Duration::from_secs(301)).await;
    app.get(&path).bearer("p-1").send().await.expect(403);
}

#[skyloom_local::test(library)]
async fn a_delivery_is_taken_once(app: Local) {
    let announce = |body: &'static str| {
        app.post("/webhooks/deliveries").header("x-delivery-id", "d-1").content("text/plain", body).send()
    };
    announce("9780141439587\n9780141439518\n").await.expect(202);
    announce("9780141439587\n9780141439518\n").await.expect(200);
    let [delivery] = &app.table::<Delivery>().all().await[..] else { panic!("there is one delivery") };
    assert_eq!(delivery.isbns, [EMMA, 9_780_141_439_518]);

    announce("not a number").await.expect(400);
    app.post("/webhooks/deliveries").content("text/plain", "1").send().await.expect(400);
    app.advance(Duration::from_secs(8 * 24 * 60 * 60)).await;
    announce("9780141439587").await.expect(202);
}

#[skyloom_local::test(library)]
async fn a_form_is_taken(app: Local) {
    let form = "title=Moby+Dick&reason=whales&reason=sea";
    let thanks = app.post("/suggestions").content("application/x-www-form-urlencoded", form).send().await.expect(200);
    assert_eq!(thanks.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(app.logs("suggest").iter().any(|line| line.contains("Moby Dick") && line.contains("\"reasons\":2")));
    app.post("/suggestions").json(&form).send().await.expect(415);
}

#[skyloom_local::test(library)]
async fn who_is_late_is_reminded_once(app: Local) {
    let yesterday = app.now() - Duration::from_secs(24 * 60 * 60);
    let due = yesterday.duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
    let volume = |number, due| Volume {
        isbn: EMMA,
        number,
        title: "Emma".into(),
        branch: Branch::Central,
        borrower: Some("ann".into()),
        due: Some(due),
    };
    app.table::<Volume>().put(&volume(1, due)).await;
    app.table::<Volume>().put(&volume(2, due + 40 * 24 * 60 * 60)).await;

    app.advance(Duration::from_secs(3 * 24 * 60 * 60)).await;

    assert_eq!(app.invocations("remind"), 3);
    let reminders = app.table::<Reminder>().query("ann").await;
    assert_eq!(reminders.iter().map(|it| it.loan.clone()).collect::<Vec<_>>(), [format!("{EMMA}-1-{due}")]);
}

#[skyloom_local::test(library)]
async fn a_script_has_a_book_recounted(app: Local) {
    with_two_volumes(&app).await;
    let ann = borrower(&app, "card-2").await;
    app.post(LOAN).bearer(&ann).send().await.expect(200);
    let counted = app.invoke("recount", &Recount { isbn: EMMA }).await;
    assert_eq!(counted, Ok(Recounted { available: 1, lent: 1 }));
}

#[skyloom_local::test(library)]
async fn the_librarys_own_pages_may_call(app: Local) {
    let preflight = app
        .request("OPTIONS", "/loans")
        .header("origin", "https://library.example.com")
        .header("access-control-request-method", "GET")
        .send()
        .await
        .expect(204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("https://library.example.com"));
    assert_eq!(preflight.header("access-control-max-age"), Some("3600"));

    let other = app.get("/loans").header("origin", "https://evil.example").send().await.expect(401);
    assert_eq!(other.header("access-control-allow-origin"), None);
}
