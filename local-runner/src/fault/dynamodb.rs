//! Calls of DynamoDB that fail, do half their work, or whose answers are lost.

mod answer;
mod batch;

use std::time::Duration;

use bytes::Bytes;
use http::Response;

pub(super) use self::answer::with_body;
use self::batch::Batch;
use super::{Drawn, Faults, Injector, Rates, capacity::Kind, invocation};
use crate::event_log::Event;

/// A call that IAM let through.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// Whose it is, unless it is the test's own.
    pub(crate) function: Option<String>,
    /// `X-Amz-Target`
    pub(crate) target: &'a str,
    /// The tables and indexes that it is on, by their physical names: `orders-Order/index/ByStatus`.
    pub(crate) on: Vec<String>,
    pub(crate) body: &'a Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Throttle,
    Error,
    LostAnswer,
    Conflict,
    Unprocessed,
    CrashBefore,
    CrashAfter,
    Delay,
}

impl Faults {
    /// Has a call answered, and writes it down. Only functions have faults: what a test itself looks up is simply there.
    pub(crate) async fn call(&self, call: Call<'_>, answer: impl Fn(&[u8]) -> Response<Bytes>) -> Response<Bytes> {
        if !self.log.is_kept() {
            return answer(call.body);
        }
        let response = match (&self.injector, &call.function) {
            (Some(injector), Some(function)) if call.is_of_items() => {
                self.answer(injector, function, &call, &answer).await
            }
            _ => answer(call.body),
        };
        self.log.add(|| Event::Called {
            by: call.function.as_deref().unwrap_or("the test").into(),
            operation: call.operation().to_owned(),
            on: call.on.join(", "),
            answer: answer::described(&response),
        });
        response
    }

    async fn answer(
        &self,
        injector: &Injector,
        function: &str,
        call: &Call<'_>,
        answer: &impl Fn(&[u8]) -> Response<Bytes>,
    ) -> Response<Bytes> {
        let name = format!("{function} {} {}", call.operation(), call.on.join(", "));
        let are_transacted = injector.notes_transactions(call);
        let Some(Drawn { fault, place, luck }) = self.draw(&name, |rates| call.candidates(rates, are_transacted))
        else {
            return self.within_capacity(injector, &name, call, answer);
        };
        let note =
            |what: &str| self.note(place, format!("{function}: {} on {} {what}", call.operation(), call.on.join(", ")));
        match fault {
            Fault::Throttle => {
                note("is throttled");
                answer::throttled(luck)
            }
            Fault::Error => {
                note("fails with an internal error, and nothing is done");
                answer::internal_error(luck)
            }
            Fault::Conflict => {
                note("meets a transaction on the same item");
                answer::conflict(call, luck)
            }
            Fault::LostAnswer => {
                let _lost = answer(call.body);
                note("is done, but its answer is lost");
                answer::none()
            }
            Fault::Unprocessed => match Batch::of(call).filter(|batch| batch.len() > 1) {
                Some(batch) => {
                    let kept = luck.between(1..=batch.len() as u64 - 1) as usize;
                    note(&format!("does {kept} of {} and leaves the rest unprocessed", batch.len()));
                    batch.first(kept, answer)
                }
                None => answer(call.body),
            },
            Fault::CrashBefore => {
                note("is not sent: the environment dies");
                invocation::die().await
            }
            Fault::CrashAfter => {
                let _lost = answer(call.body);
                note("is done, and then the environment dies");
                invocation::die().await
            }
            Fault::Delay => {
                let late = Duration::from_millis(luck.between(1..=200));
                note(&format!("takes {} ms", late.as_millis()));
                tokio::time::sleep(late).await;
                answer(call.body)
            }
        }
    }

    /// Has a call answered as far as the declared capacity of its tables goes, and charges them for it.
    fn within_capacity(
        &self,
        injector: &Injector,
        name: &str,
        call: &Call<'_>,
        answer: &impl Fn(&[u8]) -> Response<Bytes>,
    ) -> Response<Bytes> {
        let (buckets, now) = (&injector.buckets, injector.clock.now());
        let kind = if call.writes() { Kind::Write } else { Kind::Read };
        let Some(units) = buckets.units_left(kind, &call.on, now) else { return answer(call.body) };
        let charged = |body: &[u8]| buckets.charged(kind, body, now, answer);
        let refuse = |what: &str| self.log.add(|| Event::Fault(format!("{name} {what}: the capacity is used up")));
        if units <= 0.0 {
            refuse("is throttled");
            return answer::over_capacity();
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is positive and small")]
        let most = units.ceil() as usize;
        match Batch::of(call).filter(|batch| batch.len() > most) {
            Some(batch) => {
                refuse("is done in part");
                batch.first(most, &charged)
            }
            None => charged(call.body),
        }
    }
}

impl Injector {
    /// Whether transactions write to a table that this call writes to. Conflicts with none would be no fault of AWS's.
    fn notes_transactions(&self, call: &Call<'_>) -> bool {
        let mut state = self.state();
        if call.operation() == "TransactWriteItems" {
            state.transacted.extend(call.on.iter().cloned());
        }
        call.on.iter().any(|table| state.transacted.contains(table))
    }
}

impl Call<'_> {
    fn operation(&self) -> &str {
        self.target.rsplit('.').next().unwrap_or_default()
    }

    /// Whether it is about items, and not about tables or streams.
    fn is_of_items(&self) -> bool {
        self.target.starts_with("DynamoDB_")
            && (self.writes()
                || matches!(self.operation(), "GetItem" | "BatchGetItem" | "Query" | "Scan" | "TransactGetItems"))
    }

    fn writes(&self) -> bool {
        let operation = self.operation();
        self.writes_one()
            || matches!(operation, "BatchWriteItem" | "TransactWriteItems")
            || matches!(operation, "ExecuteStatement" | "BatchExecuteStatement" | "ExecuteTransaction")
    }

    fn writes_one(&self) -> bool {
        matches!(self.operation(), "PutItem" | "UpdateItem" | "DeleteItem")
    }

    fn is_transaction(&self) -> bool {
        matches!(self.operation(), "TransactWriteItems" | "TransactGetItems")
    }

    fn candidates(&self, rates: &Rates, are_transacted: bool) -> Vec<(Fault, f64)> {
        let on = |is: bool, rate: f64| if is { rate } else { 0.0 };
        let can_die = invocation::is_running();
        let can_conflict = are_transacted && (self.is_transaction() || self.writes_one());
        vec![
            (Fault::Throttle, rates.throttle),
            (Fault::Error, rates.error),
            (Fault::LostAnswer, rates.lost_answer),
            (Fault::Conflict, on(can_conflict, rates.conflict)),
            (Fault::Unprocessed, on(self.operation().starts_with("Batch"), rates.unprocessed)),
            (Fault::CrashBefore, on(can_die, rates.crash / 2.0)),
            (Fault::CrashAfter, on(can_die && self.writes(), rates.crash / 2.0)),
            (Fault::Delay, rates.delay),
        ]
    }
}
