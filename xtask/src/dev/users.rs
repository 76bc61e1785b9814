//! Users to begin with: `users.json` beside the application's `Cargo.toml`.

use std::{fs, io::ErrorKind};

use anyhow::{Context, Result, anyhow};
use skyloom_local::server::Server;

use super::say;
use crate::application::Application;

/// `{"Shopper": [{"username": "ann@example.com", "password": "…", "groups": ["staff"]}]}`
const FILE: &str = "users.json";

/// Adds the users who are not there yet, if there is a file of them.
pub(super) fn import(server: &Server, application: &Application) -> Result<()> {
    let path = application.directory.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let added = server.import_users(&text).map_err(|error| anyhow!("{}: {error}", path.display()))?;
    if added > 0 {
        say(&format!("{added} users were imported from {}", path.display()));
    }
    Ok(())
}
