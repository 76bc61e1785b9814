//! A layer: a tar of files, compressed.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use flate2::{Compression, write::GzEncoder};
use tar::{Builder, EntryType, Header};

use crate::build::digest::Digest;

/// Where Rust's TLS looks first.
pub(super) const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";

/// A file of a layer. The folders that it is in come into being with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct File<'a> {
    pub(super) path: &'a str,
    pub(super) mode: u32,
    pub(super) content: &'a [u8],
}

/// A layer as it is stored, and the digest of what it holds.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) blob: Vec<u8>,
    pub(super) diff_id: Digest,
}

impl Layer {
    pub(super) fn of(files: &[File<'_>]) -> io::Result<Self> {
        let mut tar = Builder::new(Vec::new());
        for file in files {
            append(&mut tar, file.path, file.mode, file.content)?;
        }
        let tar = tar.into_inner()?;
        Ok(Self { blob: gzip(&tar)?, diff_id: Digest::of(&tar) })
    }
}

/// Adds a file that belongs to root and has no time.
pub(super) fn append<W: io::Write>(
    tar: &mut Builder<W>,
    path: &str,
    mode: u32,
    content: impl AsRef<[u8]>,
) -> io::Result<()> {
    let content = content.as_ref();
    let mut header = Header::new_ustar();
    header.set_entry_type(EntryType::Regular);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(content.len() as u64);
    tar.append_data(&mut header, path, content)
}

/// Compresses without a name and a time.
pub(super) fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// The root certificates of an image that has no others: those of that file, or of this machine.
///
/// # Errors
/// There are none.
pub(in crate::build) fn certificates(file: Option<&Path>) -> Result<Vec<u8>> {
    let path = match file {
        Some(file) => file.to_owned(),
        None => {
            let path = certificates_here()
                .context("this machine has no root certificates: name a PEM file with `--certificates`")?;
            eprintln!(
                "taking the root certificates of {}; `--certificates FILE` takes the same on every machine",
                path.display()
            );
            path
        }
    };
    let pem = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let is_pem = String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----");
    ensure!(is_pem, "{} has no certificate in PEM", path.display());
    Ok(pem)
}

/// Where Debian, Amazon Linux, and Alpine and macOS have them.
fn certificates_here() -> Option<PathBuf> {
    let usual = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
    let named = env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    named.into_iter().chain(usual.map(PathBuf::from)).find(|path| path.is_file())
}
