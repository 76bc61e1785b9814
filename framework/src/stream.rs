//! Changes of a table's items, in order.

mod change;
mod event;
mod outcome;

use std::marker::PhantomData;

pub use self::{
    change::Change,
    event::{Batch, Record, open},
    outcome::{BatchOutcome, batch_done, batch_reply, record_failed, record_reply, reject},
};
use crate::{FromEvent, Rejection, Scope, Trigger, table::Streamed};

/// Marks handlers that get one change at a time: `Change<T>`.
#[derive(Debug)]
pub struct StreamRecord<T>(PhantomData<fn() -> T>);

impl<T: Streamed> Trigger for StreamRecord<T> {
    type Event<'a> = Record<'a>;
}

/// Marks handlers that get all changes of a batch: `Vec<Change<T>>`.
#[derive(Debug)]
pub struct StreamBatch<T>(PhantomData<fn() -> T>);

impl<T: Streamed> Trigger for StreamBatch<T> {
    type Event<'a> = Batch<'a>;
}

impl<T: Streamed> FromEvent<StreamRecord<T>> for Change<T> {
    async fn from_event<'a>(record: &'a Record<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        record.change()
    }
}

impl<T: Streamed> FromEvent<StreamBatch<T>> for Vec<Change<T>> {
    async fn from_event<'a>(batch: &'a Batch<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        batch.records().iter().map(Record::change).collect()
    }
}
