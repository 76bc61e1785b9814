//! The manifest, the template and the OpenAPI documents that are checked in beside an application, so that a review sees what a change of the
//! code changes in the cloud.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use skyloom_manifest::Manifest;

use crate::{openapi::Document, template::Template};

/// A file and what should be in it.
pub(super) struct File {
    path: PathBuf,
    content: String,
}

pub(super) fn files(
    directory: &Path,
    manifest: &Manifest,
    template: &Template,
    apis: &[(String, Document)],
) -> Result<Vec<File>> {
    let mut files = vec![
        File { path: directory.join("manifest.json"), content: manifest.to_json() },
        File { path: directory.join("template.yaml"), content: template.to_yaml()? },
    ];
    for (name, document) in apis {
        files.push(File { path: directory.join(name), content: document.to_yaml()? });
    }
    Ok(files)
}

pub(super) fn update(files: &[File]) -> Result<()> {
    for file in files {
        fs::write(&file.path, &file.content).with_context(|| format!("cannot write {}", file.path.display()))?;
    }
    Ok(())
}

/// Fails if a file is there and says something else; nobody has to check them in.
pub(super) fn check(files: &[File], package: &str) -> Result<()> {
    for file in files {
        let found = match fs::read_to_string(&file.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            found => found.with_context(|| format!("cannot read {}", file.path.display()))?,
        };
        if let Some(line) = first_difference(&found, &file.content) {
            bail!(
                "{}:{line} is not what the application says now: run `cargo xtask check -p {package} --update` and review the difference",
                file.path.display()
            );
        }
    }
    Ok(())
}

/// The first line, from 1, in which two texts differ.
fn first_difference(a: &str, b: &str) -> Option<usize> {
    if a == b {
        return None;
    }
    Some(1 + a.split('\n').zip(b.split('\n')).take_while(|(a, b)| a == b).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(content: &str) -> (tempfile::TempDir, [File; 1]) {
        let directory = tempfile::tempdir().unwrap();
        let file = File { path: directory.path().join("template.yaml"), content: content.into() };
        (directory, [file])
    }

    #[test]
    fn a_file_that_is_not_checked_in_is_not_missed() {
        let (_directory, files) = write("a");
        assert!(check(&files, "orders").is_ok());
    }

    #[test]
    fn an_updated_file_is_current_and_a_stale_one_names_its_line_and_the_command() {
        let (_directory, mut files) = write("a: 1\nb: 2\n");
        update(&files).unwrap();
        assert!(check(&files, "orders").is_ok());

        files[0].content = "a: 1\nb: 3\n".into();
        let error = check(&files, "orders").unwrap_err().to_string();
        assert!(error.contains("template.yaml:2 is not"), "{error}");
        assert!(error.contains("cargo xtask check -p orders --update"), "{error}");
    }

    #[test]
    fn a_missing_last_newline_is_a_difference() {
        assert_eq!(first_difference("a\nb\n", "a\nb"), Some(3));
    }
}
