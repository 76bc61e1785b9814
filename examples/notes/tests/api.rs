//! The notes as their readers see them.

use notes::Note;
use skyloom_local::Local;

fn milk() -> Note {
    Note { id: "shopping".into(), text: "milk".into() }
}

#[skyloom_local::test(notes)]
async fn a_note_is_read_as_it_was_written(app: Local) {
    app.post("/notes").json(&milk()).send().await.expect(201);

    let note: Note = app.get("/notes/shopping").send().await.expect(200).json();
    assert_eq!(note, milk());
    assert_eq!(app.table::<Note>().get("shopping").await, Some(milk()));
}

#[skyloom_local::test(notes)]
async fn a_note_is_not_written_over(app: Local) {
    app.post("/notes").json(&milk()).send().await.expect(201);
    app.post("/notes").json(&milk()).send().await.expect(409);
}

#[skyloom_local::test(notes)]
async fn a_note_that_is_not_there_is_not_found(app: Local) {
    app.get("/notes/shopping").send().await.expect(404);
}
