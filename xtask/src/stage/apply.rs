//! A stage's settings, brought into the manifest, so that everything after sees one application.

use anyhow::{Result, bail};
use skyloom_manifest::{Manifest, Table, rules};

use super::{FILE, Stage};
use crate::problems;

impl Stage {
    /// The application as it is at this stage.
    ///
    /// # Errors
    /// A setting is for a function or table that there is not, or is one that AWS does not take; all are told.
    pub(crate) fn apply(&self, manifest: &Manifest) -> Result<Manifest> {
        let mut manifest = manifest.clone();
        check_names("API", self.settings.apis.keys(), manifest.apis.iter().map(|it| &*it.name))?;
        check_names("function", self.settings.functions.keys(), manifest.functions.iter().map(|it| &*it.name))?;
        check_names("table", self.settings.tables.keys(), manifest.tables.iter().map(|it| &*it.name))?;
        manifest.functions.iter_mut().for_each(|function| self.apply_to_function(function));
        manifest.apis.iter_mut().for_each(|api| api.variables = self.api(api).variables);
        manifest.tables.iter_mut().for_each(|table| self.apply_to_table(table));
        self.apply_to_user_pools(&mut manifest)?;
        problems::report(&manifest.validate())?;
        self.check_apis(&manifest)?;
        self.check_vpc(&manifest)?;
        self.check_layers(&manifest)?;
        Ok(manifest)
    }

    fn apply_to_table(&self, table: &mut Table) {
        let own = self.settings.tables.get(&table.name);
        let declared = table.options.deletion_protection;
        let of_stage = || self.settings.deletion_protection.unwrap_or(declared || self.is_protected());
        table.options.deletion_protection = own.and_then(|it| it.deletion_protection).unwrap_or_else(of_stage);
        if let Some(throughput) = own.and_then(|it| it.throughput) {
            table.options.throughput = throughput;
        }
    }
}

/// A name that nothing has would be a setting that is silently ignored.
pub(super) fn check_names<'a>(
    what: &str,
    mut named: impl Iterator<Item = &'a String>,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<()> {
    if let Some(name) = named.find(|name| !known.clone().any(|known| known == *name)) {
        match rules::nearest(name, known) {
            Some(near) => bail!("{FILE}: the application has no {what} `{name}`: did you mean `{near}`?"),
            None => bail!("{FILE}: the application has no {what} `{name}`"),
        }
    }
    Ok(())
}
