//! The zip archive that Lambda takes, the same bytes for the same binary.

use std::{
    fs,
    io::{Cursor, Write as _},
    path::PathBuf,
};

use anyhow::{Context, Result, ensure};
use zip::{CompressionMethod, DateTime, System, ZipWriter, write::SimpleFileOptions};

use super::digest::Digest;

/// The file that the runtime `provided.al2023` starts.
const ENTRY: &str = "bootstrap";
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const UNZIPPED_BYTES: usize = 262_144_000;
const ZIPPED_BYTES: usize = 52_428_800;

/// An archive that was written.
#[derive(Debug)]
pub(super) struct Archive {
    pub(super) path: PathBuf,
    pub(super) size: usize,
    pub(super) digest: Digest,
}

impl Archive {
    /// Packs the binary, unless Lambda would not take it.
    pub(super) fn write(binary: &[u8], path: PathBuf) -> Result<Self> {
        check("unzipped", binary.len(), UNZIPPED_BYTES)?;
        let bytes = zip(binary).context("cannot make the zip archive")?;
        check("zipped", bytes.len(), ZIPPED_BYTES)?;
        fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path, size: bytes.len(), digest: Digest::of(&bytes) })
    }
}

fn check(what: &str, size: usize, most: usize) -> Result<()> {
    ensure!(
        size <= most,
        "the binary has {size} bytes {what}, but Lambda takes {most}: have the profile strip symbols, or deploy an image, with `--image`"
    );
    Ok(())
}

/// One entry, made on Unix at the beginning of 1980, executable by all, at a compression level that is always the same.
fn zip(binary: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755)
        .system(System::Unix);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(ENTRY, options)?;
    archive.write_all(binary)?;
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use zip::ZipArchive;

    use super::*;

    #[test]
    fn the_archive_has_the_binary_as_an_executable_of_no_time() {
        let bytes = zip(b"\x7fELF and more").unwrap();
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        assert_eq!(archive.len(), 1);
        let mut entry = archive.by_index(0).unwrap();
        assert_eq!((entry.name().unwrap().as_ref(), entry.unix_mode()), ("bootstrap", Some(0o100_755)));
        assert_eq!(entry.last_modified().unwrap().to_string(), "1980-01-01 00:00:00");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        assert_eq!(content, b"\x7fELF and more");
    }

    #[test]
    fn the_archive_is_the_same_on_every_machine() {
        let digest = Digest::of(&zip(b"bootstrap ".repeat(1000).as_slice()).unwrap());
        assert_eq!(digest.hex(), "5ffca9e677523414c2faf5b844ad69b79027ea3e1cec8f26d2c4601eae62d322");
    }

    #[test]
    fn what_lambda_does_not_take_is_an_error_before() {
        assert!(check("unzipped", UNZIPPED_BYTES, UNZIPPED_BYTES).is_ok());
        let error = check("unzipped", UNZIPPED_BYTES + 1, UNZIPPED_BYTES).unwrap_err().to_string();
        assert!(error.starts_with("the binary has 262144001 bytes unzipped, but Lambda takes 262144000"), "{error}");
    }
}
