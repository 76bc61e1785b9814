//! The course of a call whose operation asks functions.

use super::{Caller, Journal, event::Question};
use crate::{
    cognito::{Cognito, Context, error::Error, pool::Pools, timestamp::Timestamp},
    invoke::Invoke,
    random::Random,
};

/// So often an operation is run for one call. It ends with an answer after a few runs, unless others change what it is about each time.
const RUNS: usize = 32;

/// What the runs of a call have in common.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    caller: Caller,
    journal: Journal,
    fixed: Option<Fixed>,
}

/// What does not change from run to run, so that what a function was told holds.
#[derive(Debug)]
struct Fixed {
    now: Timestamp,
    seed: u64,
}

/// How far a run came.
#[derive(Debug)]
pub(crate) enum Attempt<T> {
    /// To its end.
    Ended(Result<T, Error>),
    /// To a question.
    Asks(Question),
}

impl<T> Attempt<T> {
    /// The end of what asks nobody.
    #[cfg(test)]
    pub(in crate::cognito) fn ended(self) -> Result<T, Error> {
        match self {
            Self::Ended(result) => result,
            Self::Asks(question) => panic!("this asks {question:?}"),
        }
    }
}

impl Talk {
    pub(in crate::cognito) fn of(caller: Caller) -> Self {
        Self { caller, ..Self::default() }
    }
}

impl Cognito {
    /// Runs an operation as far as the answers lead that there are. If that is not to its end, nothing has happened.
    pub(in crate::cognito) fn attempt<T>(
        &self,
        talk: &mut Talk,
        operation: impl FnOnce(&mut Pools, &Context<'_>) -> Result<T, Error>,
    ) -> Attempt<T> {
        let mut pools = self.lock();
        let asks = pools.iter().any(|pool| !pool.triggers.is_empty());
        let before = asks.then(|| pools.clone());
        let sent = pools.sent;
        talk.journal.rewind();
        let result = self.run(talk, asks, &mut pools, operation);
        // An operation that has asked ends nowhere, whatever it made of that: what it did is undone.
        if let (Some(before), Some(question)) = (before, talk.journal.open()) {
            *pools = before;
            return Attempt::Asks(question);
        }
        let new: Vec<_> = pools.sent_since(sent).cloned().collect();
        drop(pools);
        new.iter().for_each(|message| self.deliver.show(message));
        Attempt::Ended(result)
    }

    fn run<T>(
        &self,
        talk: &mut Talk,
        asks: bool,
        pools: &mut Pools,
        operation: impl FnOnce(&mut Pools, &Context<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let context = self.context(&talk.caller, &talk.journal);
        if !asks {
            return operation(pools, &context);
        }
        let fixed = talk
            .fixed
            .get_or_insert_with(|| Fixed { now: context.now, seed: u64::from_be_bytes(self.settings.random.bytes()) });
        let random = Random::seeded(fixed.seed);
        operation(pools, &Context { now: fixed.now, random: &random, ..context })
    }
}

/// Runs an operation to its end, and asks what it has to ask; afterwards what is to be asked then.
pub(crate) async fn talk<T>(
    invoke: &Invoke,
    mut talk: Talk,
    mut attempt: impl FnMut(&mut Talk) -> Attempt<T>,
) -> Result<T, Error> {
    for _ in 0..RUNS {
        match attempt(&mut talk) {
            Attempt::Ended(result) => {
                let output = result?;
                for question in talk.journal.afterwards() {
                    question.put(invoke).await.map_err(Error::Trigger)?;
                }
                return Ok(output);
            }
            Attempt::Asks(question) => {
                let answer = question.put(invoke).await;
                talk.journal.write(question, answer);
            }
        }
    }
    Err(Error::ConcurrentModification)
}
