//! The archive of an earlier build, which is kept where a later one has the same program in it: what is deployed then stays as it is.

use std::{
    fs,
    io::{Cursor, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use zip::ZipArchive;

use super::{archive::Archive, compile::Binary, digest::Digest, program::Program};

/// What is written beside an archive, `orders-arm64.program.json`.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    /// The archive's SHA-256, so that the record of one is never taken for that of another.
    sha256: String,
    #[serde(flatten)]
    program: Program,
}

/// Writes the archive, with the binary of the one that is there if that is the same program. Says which binary is in it.
pub(super) fn write(built: Binary, path: PathBuf) -> Result<(Vec<u8>, Archive)> {
    let binary = match earlier(&path, built.program.as_ref()) {
        Some(earlier) if earlier != built.bytes => {
            eprintln!("the program is the same but for its line numbers: {} is left as it is", path.display());
            earlier
        }
        _ => built.bytes,
    };
    let archive = Archive::write(&binary, path)?;
    let record = record(&archive.path);
    match built.program {
        Some(program) => {
            let text = serde_json::to_string_pretty(&Record { sha256: archive.digest.hex(), program });
            let text = text.context("cannot write what the program is")? + "\n";
            fs::write(&record, text).with_context(|| format!("cannot write {}", record.display()))?;
        }
        None if record.exists() => {
            fs::remove_file(&record).with_context(|| format!("cannot remove {}", record.display()))?;
        }
        None => {}
    }
    Ok((binary, archive))
}

/// The program of an archive, if its build could tell.
pub(super) fn program(archive: &Path, digest: &Digest) -> Option<Program> {
    let record: Record = serde_json::from_slice(&fs::read(record(archive)).ok()?).ok()?;
    (record.sha256 == digest.hex()).then_some(record.program)
}

fn record(archive: &Path) -> PathBuf {
    archive.with_extension("program.json")
}

/// The binary of the archive that is there, if it is this program.
fn earlier(path: &Path, wanted: Option<&Program>) -> Option<Vec<u8>> {
    let archive = fs::read(path).ok()?;
    let found = program(path, &Digest::of(&archive))?;
    if Some(&found) != wanted {
        return None;
    }
    let mut archive = ZipArchive::new(Cursor::new(archive)).ok()?;
    let mut binary = Vec::new();
    archive.by_index(0).ok()?.read_to_end(&mut binary).ok()?;
    Some(binary)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(bytes: &str, sources: Option<&str>) -> Binary {
        let program = sources.map(|sources| Program { sources: sources.into(), code: "code".into() });
        Binary { bytes: bytes.into(), program }
    }

    #[test]
    fn the_earlier_archive_is_kept_for_the_same_program_and_for_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.zip");
        let in_archive = |bytes: &str, sources| {
            let (binary, archive) = write(built(bytes, sources), path.clone()).unwrap();
            let known = program(&path, &archive.digest).map(|it| it.sources);
            format!("{} {}", String::from_utf8(binary).unwrap(), known.unwrap_or_default())
        };
        assert_eq!(in_archive("line 1", Some("a")), "line 1 a");
        assert_eq!(in_archive("line 2", Some("a")), "line 1 a");
        assert_eq!(in_archive("line 3", Some("b")), "line 3 b");
        assert_eq!(in_archive("line 4", None), "line 4 ");
        assert_eq!(in_archive("line 5", Some("b")), "line 5 b", "of what cannot be told nothing is kept");
    }

    #[test]
    fn the_record_of_another_archive_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("orders.zip");
        write(built("line 1", Some("a")), path.clone()).unwrap();
        assert_eq!(program(&path, &Digest::of(b"another")), None);
        fs::write(&path, b"another").unwrap();
        assert_eq!(write(built("line 2", Some("a")), path).unwrap().0, b"line 2");
    }
}
