//! The files that a template is in: one, and one more for each nested stack.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Stacks, render};

/// How a template is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// As people read it.
    Yaml,
    /// As machines read it.
    Json,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::Json => "json",
        }
    }

    fn write(self, template: &Value) -> Result<String> {
        match self {
            Self::Yaml => render::yaml(template),
            Self::Json => render::json(template),
        }
    }
}

impl Stacks {
    /// The root's text.
    pub(crate) fn root_file(&self, format: Format) -> Result<String> {
        format.write(&self.with_urls(|part| path(part, format)))
    }

    /// Each file's path, from where the root is, and its text: `template.yaml`, `template/Part3.yaml`.
    pub(crate) fn files(&self, format: Format) -> Result<Vec<(String, String)>> {
        let root = (format!("template.{}", format.extension()), self.root_file(format)?);
        let parts = self.parts.iter().map(|(part, template)| Ok((path(part, format), format.write(template)?)));
        std::iter::once(Ok(root)).chain(parts).collect()
    }

    /// The root whose nested stacks have their templates from elsewhere.
    pub(crate) fn with_urls(&self, url: impl Fn(&str) -> String) -> Value {
        let mut root = self.root.clone();
        for part in self.parts.keys() {
            root["Resources"][part]["Properties"]["TemplateURL"] = url(part).into();
        }
        root
    }
}

fn path(part: &str, format: Format) -> String {
    format!("template/{part}.{}", format.extension())
}

/// Writes to standard output, or to a directory; only there is room for the parts.
pub(crate) fn write(stacks: &Stacks, format: Format, directory: Option<&Path>) -> Result<()> {
    let Some(directory) = directory else {
        if !stacks.parts.is_empty() {
            let count = stacks.parts.len();
            eprintln!("this is the root of {count} nested stacks: `--output DIR` writes their templates too");
        }
        return crate::print(&stacks.root_file(format)?);
    };
    for (path, text) in stacks.files(format)? {
        write_file(&directory.join(path), &text)?;
    }
    Ok(())
}

/// Writes a file, and makes the directory that it is in.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<()> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// The files in `template/` that were made for parts which there are no more.
pub(crate) fn leftovers(directory: &Path, stacks: &Stacks) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(directory.join("template")) else { return Ok(found) };
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", directory.display()))?.path();
        let part = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
        let is_ours = super::is_part(part) && path.extension().is_some_and(|it| it == "yaml");
        if is_ours && !stacks.parts.contains_key(part) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
