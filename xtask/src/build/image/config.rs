//! An image's configuration: <https://github.com/opencontainers/image-spec/blob/main/config.md>.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::BINARY;
use crate::build::{architecture::Architecture, digest::Digest};

/// The same as the archive's: no time at all.
const CREATED: &str = "1980-01-01T00:00:00Z";

/// Of an image that has one layer.
pub(super) fn new(architecture: Architecture, diff_id: &Digest) -> Value {
    json!({
        "created": CREATED,
        "architecture": architecture.oci(),
        "os": "linux",
        "config": {"Entrypoint": [entry_point()]},
        "rootfs": {"type": "layers", "diff_ids": [diff_id.to_string()]},
        "history": [history()],
    })
}

/// Of an image that has one layer more than the base whose configuration this is, and another entry point.
pub(super) fn on(mut base: Value, diff_id: &Digest) -> Result<Value> {
    base["created"] = json!(CREATED);
    if !base["config"].is_object() {
        base["config"] = json!({});
    }
    base["config"]["Entrypoint"] = json!([entry_point()]);
    if let Some(config) = base["config"].as_object_mut() {
        config.remove("Cmd"); // its argument would be taken for the handler's name
    }
    let diff_ids = base.pointer_mut("/rootfs/diff_ids").and_then(Value::as_array_mut);
    diff_ids.context("the base image's configuration has no `rootfs.diff_ids`")?.push(json!(diff_id.to_string()));
    if let Some(entries) = base["history"].as_array_mut() {
        entries.push(history());
    }
    Ok(base)
}

fn entry_point() -> String {
    format!("/{BINARY}")
}

fn history() -> Value {
    json!({"created": CREATED, "created_by": "cargo xtask build --image"})
}
