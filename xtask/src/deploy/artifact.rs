//! The code that is deployed: the archive that `cargo xtask build` makes, or one that it made elsewhere; or the one that is deployed
//! already, where that is the same program.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use zip::ZipArchive;

use super::{bucket::Bucket, session::Session, tell::Tell};
use crate::{
    application::Application,
    build::{self, Digest, Program},
    stage::Stage,
    template::Template,
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
    bytes: Vec<u8>,
    digest: Digest,
    /// What the code is but for its line numbers, if its build could tell.
    program: Option<Program>,
}

/// The code as a template names it.
#[derive(Debug)]
pub(crate) struct Code {
    pub(super) key: String,
    /// What is to be brought there.
    artifact: Option<Artifact>,
}

impl CodeArgs {
    pub(crate) fn read(&self, application: &Application, stage: &Stage) -> Result<Artifact> {
        let path = match &self.artifact {
            Some(path) => path.clone(),
            None => build::archive(application, stage.settings.architecture.unwrap_or_default().into())?,
        };
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        check(&path, &bytes)?;
        let digest = Digest::of(&bytes);
        Ok(Artifact { program: build::program(&path, &digest), digest, bytes })
    }
}

impl Artifact {
    /// That of the stack, if it is the same program: only line numbers differ, and they are no reason to touch a function.
    pub(super) async fn code(
        self,
        session: &Session,
        tell: &Tell,
        application: &str,
        deployed: Option<&Value>,
    ) -> Result<Code> {
        let (key, bucket) = (self.key(application), Bucket::of(session));
        let there = deployed.and_then(Template::code_of).filter(|(name, there)| *name == bucket.name && *there != key);
        if let (Some((_, there)), Some(program)) = (there, &self.program)
            && bucket.program(there).await.as_ref() == Some(program)
        {
            tell.note("the code is what is deployed but for its line numbers, so that no function takes it")?;
            return Ok(Code { key: there.to_owned(), artifact: None });
        }
        Ok(Code { key, artifact: Some(self) })
    }

    /// The object's key: the same code has the same, whenever and wherever it was built.
    fn key(&self, application: &str) -> String {
        format!("{application}/{}.zip", self.digest.hex())
    }
}

impl Code {
    /// Brings it to the bucket, which is made first, if it is not there.
    pub(super) async fn bring(self, session: &Session, tell: &Tell) -> Result<()> {
        let Some(artifact) = self.artifact else { return Ok(()) };
        let bucket = Bucket::of(session);
        bucket.ensure(tell).await?;
        if bucket.put_code(&self.key, artifact.bytes, artifact.program.as_ref()).await? {
            tell.note(&format!("uploaded the code to s3://{}/{}", bucket.name, self.key))?;
        }
        Ok(())
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
        let artifact = Artifact { bytes: Vec::new(), digest: Digest::of(b""), program: None };
        assert!(artifact.key("orders").starts_with("orders/e3b0c44298fc1c14"));
    }
}
