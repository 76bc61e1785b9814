//! The files and variables that the compilers read, as they themselves wrote it down.
//!
//! Of crates of the workspace, and of others that are on this machine only, each file counts. What comes from a registry or from git is fixed by
//! the lock file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use super::{Build, Inputs, depinfo::DepInfo, tokens::Tokens};
use crate::{build::digest::Digest, cargo::Message};

pub(super) fn add(inputs: &mut Inputs, build: &Build<'_>) -> Result<()> {
    let (mut files, mut variables) = (BTreeMap::new(), BTreeSet::new());
    let workspace = build.application.workspace();
    if let Some(unit) = build.messages.iter().find(|it| it.is_local() && it.reason == "build-script-executed") {
        bail!("the build script of {} may read anything", unit.package_id);
    }
    let mut units = build.messages.iter().filter(|unit| unit.is_artifact()).peekable();
    ensure!(units.peek().is_some(), "the compiler does not say what it compiled");
    for unit in units {
        let info = dep_info(unit, build.binary)?;
        variables.extend(info.variables.into_iter().filter(|variable| counts(variable)));
        if unit.is_local() {
            let package = Package { workspace, manifest: &unit.manifest_path };
            let read = info.files.into_iter().chain([unit.manifest_path.clone()]);
            files.extend(read.map(|file| (package.name(&workspace.join(&file)), workspace.join(file))));
        }
    }
    inputs.add("variables", format!("{variables:?}").as_bytes());
    add_files(inputs, &files)
}

/// Cargo sets the others: by what its manifests say, which count themselves, or to folders, which a binary does not name if it gets here.
fn counts(variable: &str) -> bool {
    !variable.starts_with("CARGO_") && !variable.starts_with("OUT_DIR")
}

/// That of a library is beside it under the same name. A binary is known by its bytes, since cargo tells the name of a copy.
fn dep_info(unit: &Message, binary: &[u8]) -> Result<DepInfo> {
    let of_library = unit.filenames.iter().find(|file| file.parent().is_some_and(|it| it.ends_with("deps")));
    let path = match (of_library, &unit.executable) {
        (Some(file), _) => file.with_file_name(library(file)?),
        (None, Some(executable)) => compiled(executable, binary)?,
        (None, None) => bail!("cargo does not say where {} is", unit.package_id),
    };
    let path = path.with_extension("d");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(DepInfo::parse(&text))
}

fn library(file: &Path) -> Result<&str> {
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    stem.and_then(|stem| stem.strip_prefix("lib")).with_context(|| format!("{} is no library", file.display()))
}

/// The file of which the executable is a copy.
fn compiled(executable: &Path, binary: &[u8]) -> Result<PathBuf> {
    let name = executable.file_name().unwrap_or_default().to_string_lossy().replace('-', "_");
    let folder = executable.with_file_name("deps");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| {
        let stem = path.file_name().unwrap_or_default().to_string_lossy();
        path.extension().is_none() && stem.rsplit_once('-').is_some_and(|(stem, _)| stem == name)
    });
    let found = paths.find(|path| fs::read(path).is_ok_and(|bytes| bytes == binary));
    found.with_context(|| format!("{} is a copy of nothing in {}", executable.display(), folder.display()))
}

/// A package of this machine.
struct Package<'a> {
    workspace: &'a Path,
    manifest: &'a Path,
}

impl Package<'_> {
    /// What a file of it is called everywhere.
    fn name(&self, file: &Path) -> String {
        let root = self.manifest.parent().unwrap_or(self.manifest);
        let within = file.strip_prefix(self.workspace).or_else(|_| file.strip_prefix(root.parent().unwrap_or(root)));
        format!("file {}", within.unwrap_or(file).display())
    }
}

fn add_files(inputs: &mut Inputs, files: &BTreeMap<String, PathBuf>) -> Result<()> {
    let mut sources = Vec::new();
    let mut literals = Vec::new();
    for (name, path) in files {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let tokens = tokens(path, &bytes).map(|tokens| {
            literals.extend(tokens.literals);
            tokens.text
        });
        sources.push((name, path, bytes, tokens));
    }
    for (name, path, bytes, tokens) in sources {
        match tokens.filter(|_| !is_named(path, &literals)) {
            Some(tokens) => inputs.add(name, format!("tokens {}", Digest::of(tokens.as_bytes())).as_bytes()),
            None => inputs.add(name, format!("bytes {}", Digest::of(&bytes)).as_bytes()),
        }
    }
    Ok(())
}

fn tokens(path: &Path, bytes: &[u8]) -> Option<Tokens> {
    let is_rust = path.extension().is_some_and(|extension| extension == "rs");
    Tokens::of(std::str::from_utf8(bytes).ok().filter(|_| is_rust)?)
}

/// `include_str!` takes a source as a text, in which a comment counts too.
fn is_named(path: &Path, literals: &[String]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    literals.iter().any(|literal| literal.contains(&*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files, of which the digest is told.
    fn digest(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let files = files.iter().map(|(name, content)| {
            fs::write(folder.path().join(name), content).unwrap();
            ((*name).to_owned(), folder.path().join(name))
        });
        let mut inputs = Inputs::default();
        add_files(&mut inputs, &files.collect()).unwrap();
        inputs.digest().hex()
    }

    #[test]
    fn a_comment_changes_nothing_and_a_text_does() {
        let of = |source: &str| digest(&[("lib.rs", source)]);
        let source = "fn f() { g(\"a\") }";
        assert_eq!(of(source), of("// A comment.\nfn f() {\n    g(\"a\") // and one\n}"));
        assert_ne!(of(source), of("fn f() { g(\"b\") }"));
        assert_ne!(of(source), of("/// Docs.\nfn f() { g(\"a\") }"));
    }

    #[test]
    fn of_what_is_no_source_each_byte_counts() {
        let of = |page: &str| digest(&[("lib.rs", "include_str!(\"page.html\");"), ("page.html", page)]);
        assert_ne!(of("// a"), of("// b"));
        assert_eq!(of("// a"), of("// a"));
        assert_ne!(digest(&[("broken.rs", "fn ( // a")]), digest(&[("broken.rs", "fn ( // b")]));
    }

    #[test]
    fn a_source_that_another_includes_as_text_counts_with_its_comments() {
        let of = |included: &str| digest(&[("lib.rs", "include_str!(\"../src/shown.rs\");"), ("shown.rs", included)]);
        assert_ne!(of("fn f() {} // a"), of("fn f() {} // b"));
        let of = |other: &str| digest(&[("lib.rs", "/// See other.rs.\nmod other;"), ("other.rs", other)]);
        assert_eq!(of("fn f() {} // a"), of("fn f() {} // b"));
    }

    #[test]
    fn a_file_is_called_the_same_wherever_the_workspace_is() {
        let name = |workspace: &str, manifest: &str, file: &str| {
            Package { workspace: Path::new(workspace), manifest: Path::new(manifest) }.name(Path::new(file))
        };
        assert_eq!(name("/a/w", "/a/w/orders/Cargo.toml", "/a/w/orders/src/lib.rs"), "file orders/src/lib.rs");
        assert_eq!(name("/a/w", "/a/types/Cargo.toml", "/a/types/src/lib.rs"), "file types/src/lib.rs");
        assert_eq!(name("/a/w", "/a/w/orders/Cargo.toml", "/etc/page.html"), "file /etc/page.html");
    }

    #[test]
    fn what_cargo_sets_itself_is_known_from_elsewhere() {
        assert!(counts("REVISION=1") && counts("REVISION"));
        assert!(!counts("CARGO_PKG_NAME=orders") && !counts("OUT_DIR=/t"));
    }
}
