//! The manifest, the template and the OpenAPI documents that are checked in beside an application, so that a review sees what a change of the
//! code changes in the cloud.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use skyloom_manifest::Manifest;

use crate::{
    openapi::Document,
    template::{self, Format, Template},
};

/// A file and what should be in it; nothing, if it should not be there.
pub(super) struct File {
    path: PathBuf,
    content: Option<String>,
}

pub(super) fn files(
    directory: &Path,
    manifest: &Manifest,
    template: &Template,
    apis: &[(String, Document)],
) -> Result<Vec<File>> {
    let file = |path: &str, content| File { path: directory.join(path), content: Some(content) };
    let mut files = vec![file("manifest.json", manifest.to_json())];
    let stacks = template.stacks();
    files.extend(stacks.files(Format::Yaml)?.into_iter().map(|(path, content)| file(&path, content)));
    files.extend(template::leftovers(directory, stacks)?.into_iter().map(|path| File { path, content: None }));
    for (name, document) in apis {
        files.push(file(name, document.to_yaml()?));
    }
    Ok(files)
}

pub(super) fn update(files: &[File]) -> Result<()> {
    for File { path, content } in files {
        match content {
            Some(content) => template::write_file(path, content)?,
            None => fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?,
        }
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
        let Some(content) = &file.content else {
            bail!(
                "{} is of a nested stack that the application has no more: run `cargo xtask check -p {package} --update`",
                file.path.display()
            );
        };
        if let Some(line) = first_difference(&found, content) {
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
        let file = File { path: directory.path().join("template.yaml"), content: Some(content.into()) };
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

        files[0].content = Some("a: 1\nb: 3\n".into());
        let error = check(&files, "orders").unwrap_err().to_string();
        assert!(error.contains("template.yaml:2 is not"), "{error}");
        assert!(error.contains("cargo xtask check -p orders --update"), "{error}");
    }

    #[test]
    fn the_file_of_a_stack_that_is_no_more_is_taken_away() {
        let (_directory, mut files) = write("a");
        update(&files).unwrap();
        files[0].content = None;
        let error = check(&files, "orders").unwrap_err().to_string();
        assert!(error.contains("is of a nested stack that the application has no more"), "{error}");
        update(&files).unwrap();
        assert!(!files[0].path.exists());
        check(&files, "orders").unwrap();
    }

    #[test]
    fn a_missing_last_newline_is_a_difference() {
        assert_eq!(first_difference("a\nb\n", "a\nb"), Some(3));
    }
}
