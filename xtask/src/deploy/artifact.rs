//! The code that is deployed: the archive that `cargo xtask build` makes, or one that it made elsewhere.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use zip::ZipArchive;

use crate::{
    application::Application,
    build::{self, Digest},
    stage::Stage,
};

/// Where the code comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct CodeArgs {
    /// Deploy this archive, which `cargo xtask build` made, and build nothing
    #[arg(long, value_name = "ZIP")]
    artifact: Option<PathBuf>,
}

/// An archive for Lambda.
#[derive(Debug)]
pub(crate) struct Artifact {
    pub(super) bytes: Vec<u8>,
    digest: Digest,
}

impl CodeArgs {
    pub(crate) fn read(&self, application: &Application, stage: &Stage) -> Result<Artifact> {
        let path = match &self.artifact {
            Some(path) => path.clone(),
            None => build::archive(application, stage.settings.architecture.unwrap_or_default().into())?,
        };
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        check(&path, &bytes)?;
        Ok(Artifact { digest: Digest::of(&bytes), bytes })
    }
}

impl Artifact {
    /// The object's key: the same code has the same, whenever and wherever it was built.
    pub(super) fn key(&self, application: &str) -> String {
        format!("{application}/{}.zip", self.digest.hex())
    }
}

/// Lambda itself finds out only when the function runs.
fn check(path: &Path, bytes: &[u8]) -> Result<()> {
    let archive = ZipArchive::new(Cursor::new(bytes)).ok();
    ensure!(
        archive.is_some_and(|archive| archive.index_for_name("bootstrap").is_some()),
        "{} is no archive with a `bootstrap`: give the one that `cargo xtask build` wrote",
        path.display()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn zip(name: &str) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(b"binary").unwrap();
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn only_what_lambda_can_start_is_deployed() {
        let path = Path::new("orders.zip");
        check(path, &zip("bootstrap")).unwrap();
        for other in [zip("orders"), b"\x7fELF".to_vec()] {
            let error = check(path, &other).unwrap_err().to_string();
            assert!(error.starts_with("orders.zip is no archive with a `bootstrap`"), "{error}");
        }
    }

    #[test]
    fn the_key_is_the_code() {
        let artifact = Artifact { bytes: Vec::new(), digest: Digest::of(b"") };
        assert!(artifact.key("orders").starts_with("orders/e3b0c44298fc1c14"));
    }
}
