//! Notes that anyone may write and read.

use serde::{Deserialize, Serialize};
use skyloom::{Created, Error, Json, Path, Public, Read, Table, Write, handler};

/// A note, which is an item of a table.
#[derive(Debug, PartialEq, Table, Serialize, Deserialize)]
pub struct Note {
    /// Its name in the URL.
    #[partition_key]
    pub id: String,
    /// What it says.
    pub text: String,
}

/// Stores a new note.
#[handler(POST "/notes", auth = Public)]
async fn add_note(Json(note): Json<Note>, notes: Write<Note>) -> Result<Created<Json<Note>>, Error> {
    notes.put_new(&note).await?;
    Ok(Created(Json(note)))
}

/// Reads a note.
#[handler(GET "/notes/{id}", auth = Public)]
async fn get_note(Path(id): Path<String>, notes: Read<Note>) -> Result<Json<Note>, Error> {
    notes.get(&id).await?.map(Json).ok_or_else(|| Error::not_found("no such note"))
}
