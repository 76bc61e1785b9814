//! Logs as one JSON object a line, with the request id, in the shape of Lambda's own.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html>

use std::{
    fmt,
    io::Write as _,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use serde_json::{Map, Value};
use tracing::{
    Dispatch, Event, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    registry::{LookupSpan, Registry},
};

use crate::clock::Clock;

/// Takes finished lines.
pub(crate) type Sink = Arc<dyn Fn(&str) + Send + Sync>;

/// A subscriber that logs to the sink, from `AWS_LAMBDA_LOG_LEVEL` on, which is `INFO` unless it is set.
pub(crate) fn subscriber(sink: Sink, clock: Clock, level: Option<&str>) -> Dispatch {
    Dispatch::new(Registry::default().with(JsonLines { sink, clock }.with_filter(level_filter(level))))
}

/// The sink of a process: standard output, which Lambda takes.
pub(crate) fn stdout() -> Sink {
    Arc::new(|line| {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{line}"); // nobody is left to tell if the log is closed
    })
}

/// The span around one invocation; all that is logged in it has the request id.
pub(crate) fn invocation_span(request_id: &str) -> tracing::Span {
    tracing::error_span!("invocation", requestId = request_id)
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>
fn level_filter(level: Option<&str>) -> LevelFilter {
    match level {
        Some("TRACE") => LevelFilter::TRACE,
        Some("DEBUG") => LevelFilter::DEBUG,
        Some("WARN") => LevelFilter::WARN,
        Some("ERROR" | "FATAL") => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    }
}

struct JsonLines {
    sink: Sink,
    clock: Clock,
}

/// The fields of a span, kept with it.
struct Fields(Map<String, Value>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for JsonLines {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Map::new();
        attributes.record(&mut Collect(&mut fields));
        span.extensions_mut().insert(Fields(fields));
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(Fields(fields)) = span.extensions_mut().get_mut() {
            values.record(&mut Collect(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Map::new();
        line.insert("timestamp".into(), rfc3339(self.clock.now()).into());
        line.insert("level".into(), event.metadata().level().as_str().into());
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(Fields(fields)) = span.extensions().get() {
                line.extend(fields.clone());
            }
        }
        event.record(&mut Collect(&mut line));
        line.insert("target".into(), event.metadata().target().into());
        (self.sink)(&Value::Object(line).to_string());
    }
}

struct Collect<'a>(&'a mut Map<String, Value>);

impl Visit for Collect<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().into(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().into(), value.into());
    }
}

/// `2026-01-31T12:00:00.000Z`.
fn rfc3339(time: SystemTime) -> String {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX);
    let millis = since_epoch.subsec_millis();
    let time = aws_smithy_types::DateTime::from_secs(seconds);
    let text = time.fmt(aws_smithy_types::date_time::Format::DateTime).unwrap_or_default();
    format!("{}.{millis:03}Z", text.trim_end_matches('Z'))
}

#[cfg(test)]
mod tests {
    use std::{sync::Mutex, time::Duration};

    use super::*;

    fn logged(level: Option<&str>, run: impl FnOnce()) -> Vec<Value> {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        let sink: Sink = Arc::new(move |line| kept.lock().unwrap().push(serde_json::from_str(line).unwrap()));
        tracing::dispatcher::with_default(&subscriber(sink, Clock::default(), level), run);
        lines.lock().unwrap().clone()
    }

    #[test]
    fn a_line_is_json_with_the_request_id() {
        let lines = logged(None, || {
            let _span = invocation_span("r-1").entered();
            tracing::info!(total = 3, "order \"placed\"");
        });
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["requestId"], "r-1");
        assert_eq!(lines[0]["message"], "order \"placed\"");
        assert_eq!(lines[0]["level"], "INFO");
        assert_eq!(lines[0]["total"], 3);
    }

    #[test]
    fn the_level_of_lambda_is_obeyed() {
        let both = || {
            tracing::debug!("d");
            tracing::warn!("w");
        };
        assert_eq!(logged(None, both).len(), 1);
        assert_eq!(logged(Some("DEBUG"), both).len(), 2);
        assert_eq!(logged(Some("ERROR"), both).len(), 0);
    }

    #[test]
    fn times_have_milliseconds_and_are_in_utc() {
        assert_eq!(rfc3339(UNIX_EPOCH + Duration::from_millis(1_000_000_000_042)), "2001-09-09T01:46:40.042Z");
        assert_eq!(rfc3339(UNIX_EPOCH), "1970-01-01T00:00:00.000Z");
    }
}
