//! What Lambda tells of events that nobody waited for: to whom, in which words, and with whose rights.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};
use skyloom_manifest::{Destination, EventInvoke};

use super::{
    Shared,
    api::error_body,
    event_queue::{Event, GivenUp},
    limits,
};
use crate::{access, invoke::InvokeError};

impl Shared {
    /// What a function says of its events.
    pub(super) fn event_invoke(&self, function: &str) -> EventInvoke {
        self.functions.get(function).map(|it| it.function.options.event_invoke.clone()).unwrap_or_default()
    }

    /// Tells that an event was handled.
    pub(super) fn tell_success(&self, event: &Event, answer: &Bytes) {
        let Some(destination) = self.event_invoke(&event.function).on_success else { return };
        let mut record = self.record(event, "Success", event.failures + 1);
        record["responseContext"] = json!({ "statusCode": 200, "executedVersion": "$LATEST" });
        record["responsePayload"] = value(answer);
        self.tell(event, &destination, record);
    }

    /// Tells that an event is given up. A dead-letter queue gets the event itself, and knows nothing of the answer.
    pub(super) fn tell_failure(&self, event: &Event, error: &InvokeError, reason: GivenUp) {
        let EventInvoke { on_failure, dead_letter, .. } = self.event_invoke(&event.function);
        if let Some(destination) = on_failure {
            self.tell(event, &destination, self.failure(event, error, reason));
        }
        if let Some(destination) = dead_letter {
            self.tell(event, &destination, value(&event.payload));
        }
    }

    fn failure(&self, event: &Event, error: &InvokeError, reason: GivenUp) -> Value {
        let condition = match reason {
            GivenUp::RetriesExhausted => "RetriesExhausted",
            GivenUp::EventAgeExceeded => "EventAgeExceeded",
        };
        // Lambda counts one even for an event that was too old before its first run.
        let mut record = self.record(event, condition, event.failures.max(1));
        if event.failures > 0 {
            record["responseContext"] =
                json!({ "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" });
            record["responsePayload"] = error_body(error);
        }
        record
    }

    fn record(&self, event: &Event, condition: &str, invocations: u32) -> Value {
        let at = Timestamp::try_from(self.clock.now()).unwrap_or_default();
        json!({
            "version": "1.0",
            "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            "requestContext": {
                "requestId": event.request_id,
                "functionArn": format!("{}:$LATEST", self.site.function_arn(&event.function)),
                "condition": condition,
                "approximateInvokeCount": invocations,
            },
            "requestPayload": value(&event.payload),
        })
    }

    /// Lambda does it with the function's role. What the role does not grant is not told, and only a metric says so.
    fn tell(&self, event: &Event, destination: &Destination, body: Value) {
        let needed = access::of_delivery(destination, &self.site);
        if !needed.iter().all(|access| (self.may)(&event.function, access)) {
            return;
        }
        match destination {
            Destination::Function { name } => self.pass_on(name, &body),
            _ if destination.service() == Some("s3") => {
                self.outbox.send(destination, Some(self.object_key(event)), body);
            }
            _ => self.outbox.send(destination, None, body),
        }
    }

    /// The record is an event of its own for another function.
    fn pass_on(&self, function: &str, record: &Value) {
        let payload = Bytes::from(record.to_string());
        if payload.len() > limits::EVENT {
            return; // with the request and the answer in it a record can become too large, and is lost then
        }
        let event = Event::new(function, self.random.uuid(), payload, self.clock.now());
        self.queue.push(event.by("a destination"));
    }

    /// `aws/lambda/async/FUNCTION/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-UUID`
    fn object_key(&self, event: &Event) -> String {
        let now = Timestamp::try_from(self.clock.now()).unwrap_or_default();
        let (function, time) = (self.site.physical_name(&event.function), now.strftime("%Y/%m/%d/%Y-%m-%dT%H.%M.%S"));
        format!("aws/lambda/async/{function}/{time}-{}", self.random.uuid())
    }
}

/// The JSON that a function got or gave, or its text where it is none.
fn value(json: &[u8]) -> Value {
    serde_json::from_slice(json).unwrap_or_else(|_| String::from_utf8_lossy(json).into())
}
