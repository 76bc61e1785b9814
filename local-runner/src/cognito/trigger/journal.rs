//! What a call has asked so far, and been answered.

use std::cell::{Cell, RefCell};

use serde_json::{Map, Value};

use super::{event::Question, lambda::Refusal};
use crate::cognito::{Context, error::Error};

/// The `response` of an answer, or why there is none.
pub(super) type Answer = Result<Map<String, Value>, Refusal>;

/// The questions of a call in their order. A run of the operation reads it from the beginning.
#[derive(Debug, Default)]
pub(in crate::cognito) struct Journal {
    answered: Vec<(Question, Answer)>,
    place: Cell<usize>,
    open: RefCell<Option<Question>>,
    afterwards: RefCell<Vec<Question>>,
}

impl Context<'_> {
    /// The answer to a question.
    ///
    /// # Errors
    /// The function refuses, or is yet to be asked: the operation ends, whatever it has done is undone, and it will be run again.
    pub(super) fn ask(&self, question: Question) -> Result<Map<String, Value>, Error> {
        let journal = self.journal;
        let place = journal.place.replace(journal.place.get() + 1);
        match journal.answered.get(place) {
            // Others may have changed the pools meanwhile, so that something else comes to be asked.
            Some((asked, answer)) if asked.is_like(&question) => answer.clone().map_err(Error::Trigger),
            _ => {
                *journal.open.borrow_mut() = Some(question);
                Err(Error::Asked)
            }
        }
    }

    /// Has a function asked when the operation is done and has changed what it changes; a refusal is the answer to the call then.
    pub(super) fn ask_afterwards(&self, question: Question) {
        self.journal.afterwards.borrow_mut().push(question);
    }
}

impl Journal {
    /// Before the operation runs, for the first time or again.
    pub(super) fn rewind(&mut self) {
        self.place.set(0);
        self.open.get_mut().take();
        self.afterwards.get_mut().clear();
    }

    /// The question that the last run ended with.
    pub(super) fn open(&mut self) -> Option<Question> {
        self.open.get_mut().take()
    }

    /// What is to be asked after the last run.
    pub(super) fn afterwards(&mut self) -> Vec<Question> {
        std::mem::take(self.afterwards.get_mut())
    }

    /// Writes an answer down where the last run asked for it. Answers behind it were to questions that do not come again.
    pub(super) fn write(&mut self, question: Question, answer: Answer) {
        self.answered.truncate(self.place.get().saturating_sub(1));
        self.answered.push((question, answer));
    }
}
