//! How the commands tell what they do: in words, with a progress display on a terminal; or as JSON, one object a line.

use std::{
    env,
    io::{IsTerminal, stderr, stdout},
    time::Duration,
};

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::follow::Event;
use crate::diff::Report;

/// The way in which a command tells.
#[derive(Debug)]
pub(crate) enum Tell {
    /// To standard error; the display is hidden where that is no terminal.
    Words(ProgressBar),
    /// To standard output.
    Json,
}

impl Tell {
    pub(crate) fn new(json: bool) -> Self {
        if json { Self::Json } else { Self::Words(ProgressBar::hidden()) }
    }

    /// What is done next, or has been found.
    pub(crate) fn note(&self, text: &str) -> Result<()> {
        self.line(text, || json!({"type": "note", "message": text}))
    }

    /// What will change.
    pub(super) fn report(&self, report: &Report) -> Result<()> {
        let text = told(report, &stderr());
        self.line(text.trim_end(), || json!({"type": "changes", "changes": report}))
    }

    /// The same as the result of a command, which goes to standard output.
    pub(super) fn result(&self, report: &Report) -> Result<()> {
        match self {
            Self::Words(_) => crate::print(&told(report, &stdout())),
            Self::Json => self.report(report),
        }
    }

    /// One event of a stack. That a line cannot be written stops no deployment.
    pub(super) fn event(&self, event: &Event) {
        if let Self::Words(bar) = self {
            bar.set_message(format!("{} {}", event.logical_id, event.status));
            if event.status.ends_with("_COMPLETE") && !event.is_of_stack() {
                bar.inc(1);
            }
        }
        let told = self.line(&format!("  {event}"), || {
            json!({
                "type": "event",
                "resource": event.logical_id,
                "resource_type": event.resource_type,
                "status": event.status,
                "reason": event.reason,
            })
        });
        drop(told);
    }

    /// The end, with what there is to know of the stack under the name that it has in JSON.
    pub(super) fn done(&self, text: &str, changed: bool, (what, facts): (&str, &[(String, String)])) -> Result<()> {
        match self {
            Self::Words(_) => {
                self.note(text)?;
                let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
                let lines = facts.iter().map(|(name, value)| format!("{name:width$}  {value}\n"));
                crate::print(&lines.collect::<String>())
            }
            Self::Json => {
                let facts: serde_json::Map<_, Value> =
                    facts.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
                self.line(text, || json!({"type": "done", "message": text, "changed": changed, what: facts}))
            }
        }
    }

    /// The same with a display of how much of so many resources is done, which goes with it.
    pub(super) fn with_progress(&self, resources: usize) -> Self {
        match self {
            Self::Json => Self::Json,
            Self::Words(_) => {
                let style = ProgressStyle::with_template("{spinner} {pos} of {len}, {elapsed}: {msg}");
                let bar = ProgressBar::new(resources as u64);
                bar.enable_steady_tick(Duration::from_millis(100));
                Self::Words(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
            }
        }
    }

    fn line(&self, text: &str, json: impl FnOnce() -> Value) -> Result<()> {
        match self {
            Self::Words(bar) => {
                bar.suspend(|| eprintln!("{text}"));
                Ok(())
            }
            Self::Json => {
                let line = serde_json::to_string(&json()).context("cannot write JSON")?;
                crate::print(&(line + "\n"))
            }
        }
    }
}

/// <https://no-color.org>
fn told(report: &Report, to: &impl IsTerminal) -> String {
    let colours = to.is_terminal() && env::var_os("NO_COLOR").is_none_or(|it| it.is_empty());
    if colours { report.coloured().to_string() } else { report.to_string() }
}

impl Drop for Tell {
    fn drop(&mut self) {
        if let Self::Words(bar) = self {
            bar.finish_and_clear();
        }
    }
}
