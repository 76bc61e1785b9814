//! A Python environment of its own with pinned packages, made once.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// Where it is, and what is in it.
#[derive(Debug)]
pub(super) struct Environment {
    directory: PathBuf,
    /// Lines of pip's requirements file; others mean another installation.
    requirements: &'static str,
}

impl Environment {
    pub(super) const fn new(directory: PathBuf, requirements: &'static str) -> Self {
        Self { directory, requirements }
    }

    /// Installs it, unless it is there. Another process that does the same is waited for.
    pub(super) fn install(&self, what: &str) -> Result<()> {
        fs::create_dir_all(&self.directory).with_context(|| format!("cannot make {}", self.directory.display()))?;
        let lock = File::create(self.directory.join("lock")).context("cannot make a lock file")?;
        lock.lock().context("cannot wait for another installation")?; // until the file is dropped
        if self.is_current() {
            return Ok(());
        }
        eprintln!("installing {what}, once");
        self.reinstall()
    }

    /// A program of it.
    pub(super) fn program(&self, name: &str) -> Command {
        let folder = self.venv().join(if cfg!(windows) { "Scripts" } else { "bin" });
        Command::new(folder.join(name))
    }

    pub(super) fn venv(&self) -> PathBuf {
        self.directory.join("venv")
    }

    /// The requirements are copied in last: they being there means that an installation was finished.
    fn is_current(&self) -> bool {
        fs::read_to_string(self.marker()).is_ok_and(|installed| installed == self.requirements)
    }

    fn reinstall(&self) -> Result<()> {
        if self.venv().exists() {
            fs::remove_dir_all(self.venv()).with_context(|| format!("cannot remove {}", self.venv().display()))?;
        }
        let requirements = self.directory.join("requirements.txt");
        fs::write(&requirements, self.requirements).context("cannot write the requirements")?;
        run(Command::new(system_python()).args(["-m", "venv"]).arg(self.venv()))
            .context("the validators need Python 3.11 or later, with its module `venv`")?;
        run(self
            .program("python")
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&requirements))?;
        fs::rename(&requirements, self.marker()).context("cannot finish the installation")
    }

    fn marker(&self) -> PathBuf {
        self.venv().join("requirements.txt")
    }
}

fn system_python() -> &'static str {
    if cfg!(windows) { "python" } else { "python3" }
}

/// Runs a program whose output is of no interest unless it fails.
fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.stdout(Stdio::null()).status().with_context(|| format!("cannot start `{program}`"))?;
    ensure!(status.success(), "`{program}` failed");
    Ok(())
}
