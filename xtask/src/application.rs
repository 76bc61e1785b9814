//! Which application a command is about, and its manifest.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, anyhow, bail, ensure};
use skyloom_manifest::Manifest;

use crate::{
    cargo::{self, Metadata, Package},
    problems,
};

/// A package whose binary is a Skyloom application.
#[derive(Debug)]
pub(crate) struct Application {
    pub(crate) package: String,
    pub(crate) binary: String,
    pub(crate) version: String,
    /// What its `Cargo.toml` says of it.
    pub(crate) description: Option<String>,
    /// Where its `Cargo.toml` is.
    pub(crate) directory: PathBuf,
    workspace: PathBuf,
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
}

impl Application {
    /// The application of that package, or the only one of the workspace around the current directory.
    pub(crate) fn pick(package: Option<&str>) -> Result<Self> {
        let here = std::env::current_dir().context("cannot tell the current directory")?;
        Self::pick_from(Metadata::read(&here)?, package)
    }

    fn pick_from(metadata: Metadata, package: Option<&str>) -> Result<Self> {
        let candidates: Vec<&Package> = metadata.packages.iter().filter(|it| is_application(it)).collect();
        let names = candidates.iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>().join(", ");
        let picked = match (package, &candidates[..]) {
            (_, []) => bail!("the workspace has no application: no package has a binary and depends on `skyloom`"),
            (Some(name), all) => *all
                .iter()
                .find(|it| it.name == name)
                .with_context(|| format!("`{name}` is no application of this workspace, which are {names}"))?,
            (None, [only]) => only,
            (None, _) => bail!("there are several applications: choose one of {names} with `-p`"),
        };
        Ok(Self {
            package: picked.name.clone(),
            binary: binary(picked)?,
            version: picked.version.clone(),
            description: picked.description.clone(),
            directory: picked.manifest_path.parent().unwrap_or(Path::new("")).to_owned(),
            workspace: metadata.workspace_root,
            target: metadata.target_directory,
        })
    }

    /// Builds the application and asks it for its manifest, which is valid.
    pub(crate) fn manifest(&self) -> Result<Manifest> {
        Ok(self.load()?.0)
    }

    /// The same, with the executable.
    pub(crate) fn load(&self) -> Result<(Manifest, PathBuf)> {
        let executable = self.build()?;
        let manifest = ask(&executable)?;
        problems::report(&manifest.validate())?;
        Ok((manifest, executable))
    }

    /// The root of the workspace.
    pub(crate) fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// Builds the application and says where its executable is.
    pub(crate) fn build(&self) -> Result<PathBuf> {
        cargo::build(&self.workspace, &self.package, &self.binary)
    }
}

fn is_application(package: &Package) -> bool {
    package.targets.iter().any(cargo::Target::is_binary)
        && package.dependencies.iter().any(|dependency| dependency.name == "skyloom")
}

/// The binary that is the application: the only one, the one that `default-run` names, or the package's namesake.
fn binary(package: &Package) -> Result<String> {
    let binaries: Vec<&str> =
        package.targets.iter().filter(|target| target.is_binary()).map(|target| target.name.as_str()).collect();
    if let [only] = binaries[..] {
        return Ok(only.to_owned());
    }
    let wanted = package.default_run.as_deref().unwrap_or(&package.name);
    binaries.iter().find(|name| **name == wanted).map(|name| (*name).to_owned()).ok_or_else(|| {
        anyhow!("`{}` has several binaries: name the application in its Cargo.toml as `default-run`", package.name)
    })
}

/// Runs the executable with the argument `manifest`. It says itself on standard error what it finds wrong.
fn ask(executable: &Path) -> Result<Manifest> {
    let output = Command::new(executable)
        .arg("manifest")
        .env_remove("_HANDLER")
        .env_remove("AWS_LAMBDA_RUNTIME_API")
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{}`", executable.display()))?;
    ensure!(output.status.success(), "the application gave no manifest");
    serde_json::from_slice(&output.stdout).context(
        "the application's manifest cannot be read: `skyloom` and `skyloom-xtask` have to be of the same version",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(packages: &[(&str, &[&str], &[&str])]) -> Metadata {
        let packages: Vec<_> = packages
            .iter()
            .map(|(name, dependencies, binaries)| {
                serde_json::json!({
                    "name": name,
                    "manifest_path": format!("/w/{name}/Cargo.toml"),
                    "dependencies": dependencies.iter().map(|it| serde_json::json!({"name": it})).collect::<Vec<_>>(),
                    "targets": binaries.iter().map(|it| serde_json::json!({"name": it, "kind": ["bin"]})).collect::<Vec<_>>(),
                })
            })
            .collect();
        serde_json::from_value(
            serde_json::json!({"packages": packages, "target_directory": "/w/target", "workspace_root": "/w"}),
        )
        .unwrap()
    }

    fn pick(packages: &[(&str, &[&str], &[&str])], wanted: Option<&str>) -> String {
        match Application::pick_from(metadata(packages), wanted) {
            Ok(application) => format!("{} of {}", application.binary, application.directory.display()),
            Err(error) => format!("{error:#}"),
        }
    }

    const SKYLOOM: &[&str] = &["serde", "skyloom"];

    #[test]
    fn the_only_application_is_picked_by_itself() {
        let packages: &[(&str, &[&str], &[&str])] =
            &[("shop", SKYLOOM, &["shop"]), ("types", SKYLOOM, &[]), ("xtask", &["skyloom-xtask"], &["xtask"])];
        assert_eq!(pick(packages, None), "shop of /w/shop");
        assert_eq!(pick(packages, Some("types")), "`types` is no application of this workspace, which are `shop`");
    }

    #[test]
    fn several_applications_are_listed() {
        let packages: &[(&str, &[&str], &[&str])] = &[("a", SKYLOOM, &["a"]), ("b", SKYLOOM, &["b"])];
        assert_eq!(pick(packages, None), "there are several applications: choose one of `a`, `b` with `-p`");
        assert_eq!(pick(packages, Some("b")), "b of /w/b");
    }

    #[test]
    fn the_package_s_namesake_is_the_application_among_several_binaries() {
        assert_eq!(pick(&[("shop", SKYLOOM, &["seed", "shop"])], None), "shop of /w/shop");
        assert!(pick(&[("shop", SKYLOOM, &["seed", "api"])], None).contains("default-run"));
    }

    #[test]
    fn a_workspace_without_application_says_what_one_is() {
        assert!(pick(&[("tool", &[], &["tool"])], None).contains("depends on `skyloom`"));
    }
}
