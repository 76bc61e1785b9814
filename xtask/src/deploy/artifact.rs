//! The code that is deployed: the archive or the image that `cargo xtask build` makes, or one that was made elsewhere; or the one that is
//! deployed already, where that is the same program.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use zip::ZipArchive;

use super::{bucket::Bucket, image::Layout, repository::Repository, session::Session, tell::Tell};
use crate::{
    application::Application,
    build::{self, Digest, Program},
    stage::{Package, Stage},
    template::{Code, Template},
};

/// Where the code comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct CodeArgs {
    /// Deploy this archive, or this image's folder, which `cargo xtask build` made, and build nothing
    #[arg(long, value_name = "ZIP|FOLDER")]
    artifact: Option<PathBuf>,
    /// Deploy this image, which is in a registry already: `REPOSITORY@sha256:DIGEST`
    #[arg(long, value_name = "URI", conflicts_with = "artifact")]
    image_uri: Option<String>,
}

/// What Lambda is to run.
#[derive(Debug)]
pub(crate) enum Artifact {
    /// An archive, for the bucket.
    Archive(Archive),
    /// An image, for the application's repository.
    Image(Layout),
    /// An image that somebody has pushed.
    Pushed { uri: String },
}

/// An archive, as it was read.
#[derive(Debug)]
pub(crate) struct Archive {
    bytes: Vec<u8>,
    digest: Digest,
    /// What the code is but for its line numbers, if its build could tell.
    program: Option<Program>,
}

/// The code at its place, as a template names it.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(super) place: Code,
    /// What is to be brought there.
    artifact: Option<Artifact>,
}

impl CodeArgs {
    pub(crate) fn read(&self, application: &Application, stage: &Stage) -> Result<Artifact> {
        let architecture = || stage.settings.architecture.unwrap_or_default().into();
        match (stage.settings.package.unwrap_or_default(), &self.image_uri) {
            (Package::Zip, Some(_)) => {
                bail!("`--image-uri` is of a container image: write `package = \"image\"` into skyloom.toml")
            }
            (Package::Image, Some(uri)) => {
                check_uri(uri)?;
                Ok(Artifact::Pushed { uri: uri.clone() })
            }
            (Package::Zip, None) => archive(&match &self.artifact {
                Some(path) => path.clone(),
                None => build::archive(application, architecture())?,
            }),
            (Package::Image, None) => Layout::open(&match &self.artifact {
                Some(path) => path.clone(),
                None => build::image(application, architecture())?,
            })
            .map(Artifact::Image),
        }
    }
}

impl Artifact {
    /// Where it will be: the same code is at the same place, whenever and wherever it was built.
    pub(super) async fn place(
        self,
        session: &Session,
        tell: &Tell,
        application: &str,
        deployed: Option<&Value>,
    ) -> Result<Placed> {
        let place = match &self {
            Self::Archive(archive) => {
                let (bucket, key) = (Bucket::of(session), key(application, &archive.digest));
                if let Some(there) = archive.same_program(&bucket, &key, deployed).await {
                    tell.note("the code is what is deployed but for its line numbers, so that no function takes it")?;
                    let place = Code::Object { bucket: bucket.name, key: there };
                    return Ok(Placed { place, artifact: None });
                }
                Code::Object { bucket: bucket.name, key }
            }
            Self::Image(layout) => {
                Code::Image { uri: Repository::of(session, application).uri(&layout.manifest.digest) }
            }
            Self::Pushed { uri } => Code::Image { uri: uri.clone() },
        };
        Ok(Placed { place, artifact: Some(self) })
    }
}

impl Archive {
    /// The key of what the stack has, if that is the same program: only line numbers differ, and they are no reason to touch a
    /// function.
    async fn same_program(&self, bucket: &Bucket<'_>, key: &str, deployed: Option<&Value>) -> Option<String> {
        let (name, there) = deployed.and_then(Template::code_of)?;
        let program = self.program.as_ref()?;
        let may_be = name == bucket.name && there != key;
        (may_be && bucket.program(there).await.as_ref() == Some(program)).then(|| there.to_owned())
    }
}

impl Placed {
    /// Brings it there, where it is not yet.
    pub(super) async fn bring(self, session: &Session, application: &str, tell: &Tell) -> Result<()> {
        match self.artifact {
            Some(Artifact::Archive(Archive { bytes, digest, program })) => {
                let (bucket, key) = (Bucket::of(session), key(application, &digest));
                bucket.ensure(tell).await?;
                if bucket.put_code(&key, bytes, program.as_ref()).await? {
                    tell.note(&format!("uploaded the code to s3://{}/{key}", bucket.name))?;
                }
            }
            Some(Artifact::Image(layout)) => {
                let repository = Repository::of(session, application);
                if repository.push(&layout, tell).await? {
                    tell.note(&format!("pushed the image {}", repository.uri(&layout.manifest.digest)))?;
                }
            }
            Some(Artifact::Pushed { .. }) | None => {}
        }
        Ok(())
    }
}

fn key(application: &str, digest: &Digest) -> String {
    format!("{application}/{}.zip", digest.hex())
}

fn archive(path: &Path) -> Result<Artifact> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    check(path, &bytes)?;
    let digest = Digest::of(&bytes);
    Ok(Artifact::Archive(Archive { program: build::program(path, &digest), digest, bytes }))
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

/// A tag may move, and CloudFormation would see no change.
fn check_uri(uri: &str) -> Result<()> {
    let digest = uri.rsplit_once("@sha256:").map(|(_, digest)| digest);
    ensure!(
        digest.is_some_and(|it| it.len() == 64 && it.bytes().all(|byte| byte.is_ascii_hexdigit())),
        "`--image-uri {uri}` does not say which image it is: write `REPOSITORY@sha256:DIGEST`, as `skopeo inspect` or `crane digest` prints it"
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
        assert!(key("orders", &Digest::of(b"")).starts_with("orders/e3b0c44298fc1c14"));
    }

    #[test]
    fn an_image_is_named_by_its_digest() {
        let repository = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/skyloom/orders";
        check_uri(&format!("{repository}@{}", Digest::of(b""))).unwrap();
        for other in [format!("{repository}:latest"), format!("{repository}@sha256:12")] {
            let error = check_uri(&other).unwrap_err().to_string();
            assert!(error.contains("write `REPOSITORY@sha256:DIGEST`"), "{error}");
        }
    }
}
