//! The validators that others wrote: SAM, cfn-lint, openapi-spec-validator and checkov, in Python environments of their own.
//!
//! They are installed from PyPI at the first use, in pinned versions, into the target directory.

mod environment;
mod scanner;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail, ensure};

use self::{environment::Environment, scanner::Scanner};
use crate::{
    openapi::Document,
    template::{Format, Template},
};

const REQUIREMENTS: &str = include_str!("validators/requirements.txt");
const SCRIPT: &str = include_str!("validators/examine.py");

/// The installed validators.
#[derive(Debug)]
pub(crate) struct Validators {
    /// Where the files are that they examine.
    directory: PathBuf,
    environment: Environment,
    scanner: Scanner,
}

/// Installs the validators below cargo's target directory, unless they are there.
pub(crate) fn install(target: &Path) -> Result<Validators> {
    let directory = target.join("skyloom").join("validators");
    let environment = Environment::new(directory.clone(), REQUIREMENTS);
    environment.install("the template validators")?;
    let scanner = Scanner::install(&directory)?;
    fs::write(directory.join("examine.py"), SCRIPT).context("cannot write the script")?;
    Ok(Validators { directory, environment, scanner })
}

impl Validators {
    /// Fails with all that they find, each on a line of its own.
    pub(crate) fn validate(&self, templates: &[(&str, &Template)], name: &str, documents: &[Document]) -> Result<()> {
        let mut faults = 0;
        for (template, findings) in self.examine(templates)? {
            faults += findings.len();
            findings.iter().for_each(|finding| eprintln!("{template}: {finding}"));
        }
        match faults {
            0 => self.validate_documents(name, documents),
            1 => bail!("the template has a fault"),
            count => bail!("the templates have {count} faults"),
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

    /// What they find in each template, by its name; those of its nested stacks are called `NAME-Part3`. Those without a fault
    /// are scanned for their security, too.
    fn examine(&self, templates: &[(&str, &Template)]) -> Result<BTreeMap<String, Vec<String>>> {
        let mut texts = Vec::new();
        for (name, template) in templates {
            for (path, text) in template.stacks().files(Format::Yaml)? {
                texts.push((path.replacen("template", name, 1).replace('/', "-").replace(".yaml", ""), text));
            }
        }
        let mut found = self.examine_texts(texts)?;
        let right = found.iter().filter(|(_, findings)| findings.is_empty()).map(|(name, _)| name);
        // The script leaves there what SAM makes of a template.
        let translated: BTreeMap<_, _> = right.map(|name| (format!("{name}.translated.json"), name.clone())).collect();
        for (file, findings) in self.scanner.scan(&translated.keys().cloned().collect::<Vec<_>>())? {
            found.insert(translated[&file].clone(), findings);
        }
        Ok(found)
    }

    /// What they find in each OpenAPI document, by its name.
    fn examine_documents(&self, documents: &[(&str, &Document)]) -> Result<BTreeMap<String, Vec<String>>> {
        let texts = documents.iter().map(|(name, document)| Ok(((*name).to_owned(), document.to_yaml()?)));
        self.examine_texts(texts.collect::<Result<_>>()?)
    }

    fn examine_texts(&self, texts: Vec<(String, String)>) -> Result<BTreeMap<String, Vec<String>>> {
        let mut command = self.environment.program("python");
        command.arg(self.directory.join("examine.py"));
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
            self.environment.venv().display()
        );
        let found: BTreeMap<String, Vec<String>> =
            serde_json::from_slice(&output.stdout).context("cannot read what the validators found")?;
        Ok(found.into_iter().filter_map(|(path, findings)| Some((names.remove(&path)?, findings))).collect())
    }
}

#[cfg(test)]
mod tests;
