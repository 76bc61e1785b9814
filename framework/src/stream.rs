//! Changes of a table's items, in order.

mod change;
pub(crate) mod entities;
mod event;
#[expect(missing_docs, reason = "what expansions of the macro name")]
pub mod filter;
mod outcome;
mod window;

use std::marker::PhantomData;

use skyloom_manifest::StreamView;

pub use self::{
    change::{Change, ChangeRecord},
    event::{Batch, Record, open, open_within},
    outcome::{BatchOutcome, batch_done, batch_reply, record_failed, record_reply, reject},
    window::{Window, WindowOutcome, window_reply},
};
use crate::{
    FromEvent, Rejection, Scope, Trigger,
    table::{ItemOf, Streamed},
};

/// Marks handlers that get one change at a time: `Change<T>`.
#[derive(Debug)]
pub struct StreamRecord<T>(PhantomData<fn() -> T>);

// That `T` has no stream is said once, where `stream` names it, and not again for each argument.
impl<T: 'static> Trigger for StreamRecord<T> {
    type Event<'a> = Record<'a>;
}

/// Marks handlers that get all changes of a batch: `Vec<Change<T>>`.
#[derive(Debug)]
pub struct StreamBatch<T>(PhantomData<fn() -> T>);

impl<T: 'static> Trigger for StreamBatch<T> {
    type Event<'a> = Batch<'a>;
}

impl<T: 'static, I: ItemOf<T>> FromEvent<StreamRecord<T>> for Change<I> {
    async fn from_event<'a>(record: &'a Record<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        record.change()
    }
}

impl<T: 'static, I: ItemOf<T>> FromEvent<StreamRecord<T>> for ChangeRecord<I> {
    async fn from_event<'a>(record: &'a Record<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        record.change_record()
    }
}

impl<T: 'static, I: ItemOf<T>> FromEvent<StreamBatch<T>> for Vec<Change<I>> {
    async fn from_event<'a>(batch: &'a Batch<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        batch.read(Record::change)
    }
}

impl<T: 'static, I: ItemOf<T>> FromEvent<StreamBatch<T>> for Vec<ChangeRecord<I>> {
    async fn from_event<'a>(batch: &'a Batch<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        batch.read(Record::change_record)
    }
}

/// The name of a table whose changes can be had; that they cannot is an error where this is called.
#[track_caller]
pub const fn table_of_changes<T: Streamed>() -> &'static str {
    match T::VIEW {
        StreamView::NewAndOldImages => {}
        StreamView::NewImage => panic!(
            "a `Change` has the item before and after, and this table's stream is `new-image`: \
             write `#[table(stream = \"new-and-old-images\")]`"
        ),
        StreamView::OldImage => panic!(
            "a `Change` has the item before and after, and this table's stream is `old-image`: \
             write `#[table(stream = \"new-and-old-images\")]`"
        ),
        StreamView::KeysOnly => panic!(
            "a `Change` has the item before and after, and this table's stream is `keys-only`: \
             write `#[table(stream = \"new-and-old-images\")]`"
        ),
    }
    T::NAME
}
