//! The validators that others wrote: SAM, cfn-lint and openapi-spec-validator, in a Python environment of their own.
//!
//! They are installed from PyPI at the first use, in pinned versions, into the target directory.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    openapi::Document,
    template::{Format, Template},
};

const REQUIREMENTS: &str = include_str!("validators/requirements.txt");
const SCRIPT: &str = include_str!("validators/examine.py");

/// The installed validators.
#[derive(Debug)]
pub(crate) struct Validators {
    /// Where they and the templates that they examine are.
    directory: PathBuf,
}

/// Installs the validators below cargo's target directory, unless they are there.
pub(crate) fn install(target: &Path) -> Result<Validators> {
    let directory = target.join("skyloom").join("validators");
    fs::create_dir_all(&directory).with_context(|| format!("cannot make {}", directory.display()))?;
    let lock = File::create(directory.join("lock")).context("cannot make a lock file")?;
    lock.lock().context("cannot wait for another installation")?; // until the file is dropped
    let validators = Validators { directory };
    if !validators.is_current() {
        validators.reinstall()?;
    }
    fs::write(validators.script(), SCRIPT).context("cannot write the script")?;
    Ok(validators)
}

impl Validators {
    /// Fails with all that they find, each on a line of its own.
    pub(crate) fn validate(&self, name: &str, template: &Template, documents: &[Document]) -> Result<()> {
        let findings: Vec<_> = self.examine(&[(name, template)])?.into_values().flatten().collect();
        for finding in &findings {
            eprintln!("{finding}");
        }
        match findings.len() {
            0 => self.validate_documents(name, documents),
            1 => bail!("the template has a fault"),
            count => bail!("the template has {count} faults"),
        }
    }

    fn validate_documents(&self, name: &str, documents: &[Document]) -> Result<()> {
        let names: Vec<_> = (1..=documents.len()).map(|number| format!("{name}-openapi-{number}")).collect();
        let named: Vec<_> = names.iter().map(String::as_str).zip(documents).collect();
        let findings: Vec<_> = self.examine_documents(&named)?.into_values().flatten().collect();
        findings.iter().for_each(|finding| eprintln!("{finding}"));
        ensure!(findings.is_empty(), "the OpenAPI document has {} faults", findings.len());
        Ok(())
    }

    /// What they find in each template, by its name; those of its nested stacks are called `NAME-Part3`.
    fn examine(&self, templates: &[(&str, &Template)]) -> Result<BTreeMap<String, Vec<String>>> {
        let mut texts = Vec::new();
        for (name, template) in templates {
            for (path, text) in template.stacks().files(Format::Yaml)? {
                texts.push((path.replacen("template", name, 1).replace('/', "-").replace(".yaml", ""), text));
            }
        }
        self.examine_texts(texts)
    }

    /// What they find in each OpenAPI document, by its name.
    fn examine_documents(&self, documents: &[(&str, &Document)]) -> Result<BTreeMap<String, Vec<String>>> {
        let texts = documents.iter().map(|(name, document)| Ok(((*name).to_owned(), document.to_yaml()?)));
        self.examine_texts(texts.collect::<Result<_>>()?)
    }

    fn examine_texts(&self, texts: Vec<(String, String)>) -> Result<BTreeMap<String, Vec<String>>> {
        let mut command = Command::new(self.python());
        command.arg(self.script());
        let mut names = BTreeMap::new();
        for (name, text) in texts {
            let path = self.directory.join(format!("{name}.yaml"));
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
            command.arg(&path);
            names.insert(path.display().to_string(), name);
        }
        let output = command.stderr(Stdio::inherit()).output().context("cannot start the validators")?;
        ensure!(
            output.status.success(),
            "the validators failed; remove {} to install them anew",
            self.venv().display()
        );
        let found: BTreeMap<String, Vec<String>> =
            serde_json::from_slice(&output.stdout).context("cannot read what the validators found")?;
        Ok(found.into_iter().filter_map(|(path, findings)| Some((names.remove(&path)?, findings))).collect())
    }

    /// The requirements are copied in last: they being there means that an installation was finished.
    fn is_current(&self) -> bool {
        fs::read_to_string(self.marker()).is_ok_and(|installed| installed == REQUIREMENTS)
    }

    fn reinstall(&self) -> Result<()> {
        eprintln!("installing the template validators, once");
        if self.venv().exists() {
            fs::remove_dir_all(self.venv()).context("cannot remove the old validators")?;
        }
        let requirements = self.directory.join("requirements.txt");
        fs::write(&requirements, REQUIREMENTS).context("cannot write the requirements")?;
        run(Command::new(system_python()).args(["-m", "venv"]).arg(self.venv()))
            .context("the validators need Python 3.11 or later, with its module `venv`")?;
        run(Command::new(self.python())
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&requirements))?;
        fs::rename(&requirements, self.marker()).context("cannot finish the installation")
    }

    fn venv(&self) -> PathBuf {
        self.directory.join("venv")
    }

    fn marker(&self) -> PathBuf {
        self.venv().join("requirements.txt")
    }

    fn script(&self) -> PathBuf {
        self.directory.join("examine.py")
    }

    fn python(&self) -> PathBuf {
        self.venv().join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
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

#[cfg(test)]
mod tests;
