//! Programs for Node, from npm's registry, pinned.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::process::run;

/// The `node_modules` of a folder below this one that has these packages, which are installed if they are not there yet.
pub fn install(below: &Path, packages: &[&str]) -> Result<PathBuf, String> {
    let folder = below.join(packages.join("+"));
    let done = folder.join("installed");
    if !done.exists() {
        let write = |path, text| fs::write(path, text).map_err(|error| format!("{}: {error}", folder.display()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        write(folder.join("package.json"), "{}")?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--silent"]).args(packages).current_dir(&folder);
        run(&mut npm)?;
        write(done, "")?;
    }
    Ok(folder.join("node_modules"))
}
