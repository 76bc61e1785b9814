//! The report as people read it: sections, and in them a line for each thing with a sign before it.

mod sections;

use std::fmt::{self, Display, Formatter};

use super::Report;

/// A report with colours or without.
pub(super) struct Rendered<'a> {
    pub(super) report: &'a Report,
    pub(super) is_coloured: bool,
}

impl Display for Rendered<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        if self.report.is_empty() {
            return writeln!(formatter, "Nothing changes.");
        }
        let sections = [
            ("Resources", sections::resources(self.report)),
            ("Permissions", sections::permissions(&self.report.permissions)),
            ("Routes", sections::routes(&self.report.routes)),
            ("Monthly cost", sections::cost(&self.report.cost)),
        ];
        let mut separator = "";
        for (title, lines) in sections.iter().filter(|(_, lines)| !lines.is_empty()) {
            writeln!(formatter, "{separator}{title}")?;
            lines.iter().try_for_each(|line| self.line(formatter, line))?;
            separator = "\n";
        }
        Ok(())
    }
}

impl Rendered<'_> {
    fn line(&self, formatter: &mut Formatter<'_>, line: &Line) -> fmt::Result {
        let text = line.text.trim_end();
        match line.tone.code().filter(|_| self.is_coloured) {
            Some(code) => writeln!(formatter, "  \u{1b}[{code}m{text}\u{1b}[0m"),
            None => writeln!(formatter, "  {text}"),
        }
    }
}

/// A line of a section.
#[derive(Debug)]
struct Line {
    tone: Tone,
    text: String,
}

/// What a line is about, which its colour shows too.
#[derive(Clone, Copy, Debug)]
enum Tone {
    Plain,
    Added,
    Changed,
    Removed,
    /// What cannot be undone, or lets everybody in.
    Grave,
}

impl Tone {
    /// The parameter of the escape sequence that terminals take.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Added => Some("32"),
            Self::Changed => Some("33"),
            Self::Removed => Some("31"),
            Self::Grave => Some("1;31"),
        }
    }
}

/// Pads the first column of some rows so that the second begins at one place.
fn aligned(rows: &[(String, String)]) -> impl Iterator<Item = String> + '_ {
    let width = rows.iter().map(|(first, _)| first.chars().count()).max().unwrap_or_default();
    rows.iter().map(move |(first, second)| format!("{first:width$}  {second}"))
}
