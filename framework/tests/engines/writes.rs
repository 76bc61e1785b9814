//! Items put and deleted, with and without conditions, alone and in batches.

use serde::{Deserialize, Serialize};
use skyloom::{Json, Read, Table, Write, handler};

use crate::transcript::{Lines, transcript};

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Note {
    #[partition_key]
    id: u64,
    text: String,
    likes: Option<u32>,
}

fn note(id: u64, text: &str) -> Note {
    Note { id, text: text.into(), likes: None }
}

#[handler(invoke)]
async fn writes(notes: Write<Note>, reads: Read<Note>) -> Json<Lines> {
    transcript! {
        notes.put(&note(1, "one"));
        notes.put(&note(1, "uno"));
        notes.put(&note(1, "eins")).returning_old();
        notes.put(&note(2, "two")).returning_old();
        notes.put_new(&note(3, "three"));
        notes.put_new(&note(3, "drei"));
        notes.put_new(&note(3, "tre")).returning_old();
        notes.put(&note(3, "trois")).only_if(Note::TEXT.eq("three"));
        notes.put(&note(3, "tri")).only_if(Note::TEXT.eq("three"));
        notes.put(&note(3, "tri")).only_if(Note::TEXT.begins_with("tr")).only_if(Note::LIKES.not_exists()).returning_old();
        notes.put(&note(4, "four")).only_if(Note::exists());
        notes.put(&note(4, "four")).only_if(!Note::exists());
        reads.get_many(1..6);
        notes.delete(1).only_if(Note::TEXT.eq("one"));
        notes.delete(1).only_if(Note::TEXT.eq("eins"));
        notes.delete(1);
        notes.delete(1).returning_old();
        notes.delete(2).returning_old();
        notes.delete(2).only_if(Note::exists());
        notes.delete(3).only_if(Note::LIKES.not_exists().and(Note::TEXT.contains("r"))).returning_old();
        reads.get_many(1..6);
    }
}

#[handler(invoke)]
async fn writes_many(notes: Write<Note>, reads: Read<Note>) -> Json<Lines> {
    let many: Vec<_> = (100..160).map(|id| note(id, "many")).collect();
    let changed: Vec<_> = (100..120).map(|id| note(id, "changed")).collect();
    transcript! {
        notes.put_many(&many);
        notes.put_many(&changed);
        notes.delete_many(110..115);
        notes.delete_many(900..901);
        notes.write_many([notes.put_request(&note(200, "put")), notes.delete_request(159), notes.delete_request(901)]);
        notes.write_many([notes.put_request(&note(1, "twice")), notes.delete_request(1)]);
        texts(&reads);
    }
}

/// How many items there are of each text.
async fn texts(reads: &Read<Note>) -> Result<std::collections::BTreeMap<String, usize>, skyloom::table::Error> {
    let mut counts = std::collections::BTreeMap::new();
    for note in reads.get_many(100..201).await?.into_iter().flatten() {
        *counts.entry(note.text).or_default() += 1;
    }
    Ok(counts)
}
