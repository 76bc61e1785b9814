//! The values of secrets on this machine: `secrets.toml` beside the application's `Cargo.toml`, which git is to ignore.

use std::{collections::BTreeMap, fs, io::ErrorKind, path::Path, process::Command};

use anyhow::{Context, Result, anyhow};
use skyloom_local::server::Server;
use skyloom_manifest::rules;
use toml::{Table, Value};

use super::say;
use crate::application::Application;

/// `StripeKey = "sk_test_1"` for a text, and a table for what is JSON.
pub(super) const FILE: &str = "secrets.toml";

/// Gives the secrets their values, if there is a file of them.
pub(super) fn fill(server: &Server, application: &Application) -> Result<()> {
    let path = application.directory.join(FILE);
    let values = match fs::read_to_string(&path) {
        Ok(text) => read(&text).with_context(|| format!("cannot read {}", path.display()))?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    if is_tracked(&application.directory) {
        say(&format!("warning: git does not ignore {}: add `{FILE}` to .gitignore", path.display()));
    }
    let known: Vec<String> = server.summary().secrets.into_iter().map(|it| it.name).collect();
    for name in server.set_secrets(&values) {
        let hint = rules::nearest(&name, known.iter().map(String::as_str));
        let hint = hint.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
        say(&format!("warning: {} has `{name}`, which is no secret of the application{hint}", path.display()));
    }
    Ok(())
}

/// Texts as they are, tables as JSON. An error has the place, and nothing of the values.
fn read(text: &str) -> Result<BTreeMap<String, String>> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        anyhow!("line {line} is no TOML: write `Name = \"text\"`, or `[Name]` and below it the fields of its JSON")
    })?;
    let value = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok((name, text)),
        other => serde_json::to_string(&other).map(|json| (name, json)).context("a value is no JSON"),
    };
    table.into_iter().map(value).collect()
}

/// Whether git would take the file. Without git, or outside a repository, nothing is known against it.
fn is_tracked(directory: &Path) -> bool {
    let check = Command::new("git").args(["check-ignore", "--quiet", FILE]).current_dir(directory).output();
    check.is_ok_and(|output| output.status.code() == Some(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_and_a_table_becomes_json() {
        let values = read("StripeKey = \"sk_1\"\n[Database]\nuser = \"ann\"\nport = 5432\n").unwrap();
        assert_eq!(values["StripeKey"], "sk_1");
        assert_eq!(values["Database"], r#"{"port":5432,"user":"ann"}"#);
    }

    #[test]
    fn a_mistake_is_told_by_its_line_alone() {
        let error = read("A = \"x\"\nStripeKey = sk_live_secret\n").unwrap_err().to_string();
        assert!(error.starts_with("line 2 is no TOML") && !error.contains("sk_live"), "{error}");
    }

    #[test]
    fn git_says_whether_it_would_take_the_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_tracked(folder.path()), "no repository");
        let made = Command::new("git").args(["init", "--quiet"]).current_dir(folder.path()).status();
        if made.is_ok_and(|status| status.success()) {
            assert!(is_tracked(folder.path()));
            fs::write(folder.path().join(".gitignore"), FILE).unwrap();
            assert!(!is_tracked(folder.path()));
        }
    }
}
