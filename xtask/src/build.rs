//! `cargo xtask build`: what Lambda runs, made of one compilation of the application's one binary.
//!
//! It writes `target/skyloom/APP/APP-ARCHITECTURE.zip`, or a container image with `--image`. Both are functions of the
//! binary's bytes, and `compile` sees to it that these are a function of the sources, the lock file and the tools alone:
//! no path of this machine, no time and no order of a parallel build is in them.
//!
//! A comment that moves code down changes line numbers in the binary. Where that is all, [`program`] finds it the same, and
//! the archive that is there is kept.

mod architecture;
mod archive;
mod compile;
mod digest;
mod elf;
mod image;
mod kept;
mod machine;
mod program;
mod report;
mod tools;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

pub(crate) use self::{architecture::Architecture, digest::Digest, program::Program};
use self::{
    architecture::{Libc, Target},
    compile::{Binary, Compilation, With},
    image::Image,
    report::{Artifact, Report},
};
use crate::{ApplicationArgs, application::Application};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    application: ApplicationArgs,
    /// The processor that the functions run on
    #[arg(long, value_enum, default_value_t = Architecture::Arm64)]
    arch: Architecture,
    /// Cargo's profile; `release` gets thin LTO, one codegen unit and no symbols, any other is as Cargo.toml says
    #[arg(long, value_name = "PROFILE", default_value = "release")]
    profile: String,
    /// What compiles
    #[arg(long, value_enum, default_value_t = With::CargoLambda)]
    with: With,
    /// Make a container image, as an OCI image layout, and no zip archive
    #[arg(long)]
    image: bool,
    /// The image to build on: an OCI layout, as folder or tar, or what `docker save` wrote [default: none]
    #[arg(long, value_name = "ARCHIVE", requires = "image")]
    base: Option<PathBuf>,
    /// The root certificates of an image without a base [default: this machine's]
    #[arg(long, value_name = "PEM", requires = "image", conflicts_with = "base")]
    certificates: Option<PathBuf>,
    /// Say what was made as JSON
    #[arg(long)]
    json: bool,
}

/// Compiles, packs, and says what was made.
pub(crate) fn run(args: &Args) -> Result<()> {
    let application = args.application.pick()?;
    let certificates = args.certificates()?; // before minutes of compilation
    let built = compile::binary(&application, &args.compilation())?;
    let (binary, artifact) = args.pack(&application, built, certificates, &folder(&application)?)?;
    Report {
        application: &application.package,
        architecture: args.arch,
        profile: &args.profile,
        unpacked: binary.len(),
        binary: Digest::of(&binary),
        artifact,
    }
    .print(args.json)
}

/// Compiles with cargo-lambda, and says where the archive for Lambda is.
pub(crate) fn archive(application: &Application, architecture: Architecture) -> Result<PathBuf> {
    let target = Target { architecture, libc: Libc::Gnu };
    let built = compile::binary(application, &Compilation { target, profile: "release", with: With::CargoLambda })?;
    let path = folder(application)?.join(format!("{}.zip", name(application, architecture)));
    Ok(kept::write(built, path)?.1.path)
}

/// The program in an archive that a build wrote, if that could be told: two with the same one differ in their line numbers alone.
pub(crate) fn program(archive: &Path, digest: &Digest) -> Option<Program> {
    kept::program(archive, digest)
}

/// Compiles with cargo-lambda, and says in which folder the layout of a container image without a base is.
pub(crate) fn image(application: &Application, architecture: Architecture) -> Result<PathBuf> {
    let certificates = Some(image::certificates(None)?);
    let target = Target { architecture, libc: Libc::Musl };
    let compilation = Compilation { target, profile: "release", with: With::CargoLambda };
    let binary = &compile::binary(application, &compilation)?.bytes;
    let parts = image::Parts { name: &application.package, architecture, binary, base: None, certificates };
    Ok(Image::write(&parts, &folder(application)?, &name(application, architecture))?.folder)
}

/// Where artifacts are written.
fn folder(application: &Application) -> Result<PathBuf> {
    let folder = application.target.join("skyloom").join(&application.package);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

fn name(application: &Application, architecture: Architecture) -> String {
    format!("{}-{}", application.package, architecture.name())
}

impl Args {
    /// An image without a base has no C library but the one in the binary.
    fn compilation(&self) -> Compilation<'_> {
        let libc = if self.is_minimal() { Libc::Musl } else { Libc::Gnu };
        let target = Target { architecture: self.arch, libc };
        Compilation { target, profile: &self.profile, with: self.with }
    }

    fn is_minimal(&self) -> bool {
        self.image && self.base.is_none()
    }

    fn certificates(&self) -> Result<Option<Vec<u8>>> {
        self.is_minimal().then(|| image::certificates(self.certificates.as_deref())).transpose()
    }

    /// Says which binary is in it.
    fn pack(
        &self,
        application: &Application,
        built: Binary,
        certificates: Option<Vec<u8>>,
        folder: &Path,
    ) -> Result<(Vec<u8>, Artifact)> {
        let name = name(application, self.arch);
        if !self.image {
            let (binary, archive) = kept::write(built, folder.join(format!("{name}.zip")))?;
            return Ok((binary, Artifact::Zip(archive)));
        }
        let (architecture, base) = (self.arch, self.base.as_deref());
        let parts = image::Parts { name: &application.package, architecture, binary: &built.bytes, base, certificates };
        let image = Image::write(&parts, folder, &name)?;
        Ok((built.bytes, Artifact::Image(image)))
    }
}
