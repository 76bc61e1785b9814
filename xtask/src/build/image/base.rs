//! The image that another is built on, as `skopeo copy`, `crane pull` or `docker save` write it.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{
    files::{self, Files},
    layer,
};
use crate::build::{architecture::Architecture, digest::Digest};

/// An image whose layers and configuration can be read.
#[derive(Debug)]
pub(super) struct Base {
    files: Files,
    /// The image's configuration as it is.
    pub(super) config: Value,
    layers: Vec<String>,
}

impl Base {
    /// Opens the only image for that processor.
    pub(super) fn open(path: &Path, architecture: Architecture) -> Result<Self> {
        let files = Files::open(path)?;
        let (config, layers) = if files.has("index.json") {
            of_layout(&files, architecture)
        } else if files.has("manifest.json") {
            of_docker(&files)
        } else {
            bail!("it has neither the `index.json` of an OCI layout nor the `manifest.json` of `docker save`")
        }
        .with_context(|| format!("cannot build on {}", path.display()))?;
        let base = Self { files, config, layers };
        base.check(architecture).with_context(|| format!("cannot build on {}", path.display()))?;
        Ok(base)
    }

    fn check(&self, architecture: Architecture) -> Result<()> {
        let is_for = (&self.config["os"], &self.config["architecture"]);
        ensure!(
            is_for == (&"linux".into(), &architecture.oci().into()),
            "the base image is for {}/{}, but the binary for linux/{}: pull it with that platform, or choose another `--arch`",
            is_for.0.as_str().unwrap_or("unknown"),
            is_for.1.as_str().unwrap_or("unknown"),
            architecture.oci()
        );
        let ids = self.config.pointer("/rootfs/diff_ids").and_then(Value::as_array).map_or(0, Vec::len);
        ensure!(ids == self.layers.len(), "its configuration has {ids} layers, and it has {}", self.layers.len());
        Ok(())
    }

    /// How many layers it has.
    pub(super) fn layers(&self) -> usize {
        self.layers.len()
    }

    /// The layer, compressed, and as its name says.
    pub(super) fn layer(&self, number: usize) -> Result<Vec<u8>> {
        let name = &self.layers[number];
        let blob = self.files.read(name)?;
        if let Some(digest) = name.strip_prefix("blobs/sha256/") {
            ensure!(Digest::of(&blob).hex() == digest, "the base image is damaged: `{name}` has another digest");
        }
        match blob[..] {
            [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => Ok(blob),
            _ => layer::gzip(&blob).context("cannot compress a layer"),
        }
    }
}

/// The configuration and the layers' names, from the index on.
fn of_layout(files: &Files, architecture: Architecture) -> Result<(Value, Vec<String>)> {
    let mut index = files.read_json("index.json")?;
    let manifest = loop {
        let descriptor = only_for(&index, architecture)?;
        let document = files.read_json(&files::blob(&descriptor["digest"])?)?;
        if document["manifests"].is_array() {
            index = document; // an image for several processors
        } else {
            break document;
        }
    };
    let config = files.read_json(&files::blob(&manifest["config"]["digest"])?)?;
    let layers = manifest["layers"].as_array().context("its manifest has no layers")?;
    let layers = layers.iter().map(|layer| files::blob(&layer["digest"])).collect::<Result<_>>()?;
    Ok((config, layers))
}

/// The image for the processor. One that says no platform is looked at; an attestation's platform is `unknown`.
fn only_for(index: &Value, architecture: Architecture) -> Result<&Value> {
    let is_for = |descriptor: &&Value| match &descriptor["platform"] {
        Value::Null => true,
        platform => platform["os"] == "linux" && platform["architecture"] == architecture.oci(),
    };
    let manifests = index["manifests"].as_array().context("its index lists no image")?;
    match manifests.iter().filter(is_for).collect::<Vec<_>>()[..] {
        [only] => Ok(only),
        [] => bail!("it has no image for linux/{}: pull it with that platform", architecture.oci()),
        ref several => bail!("it has {} images: save one alone", several.len()),
    }
}

fn of_docker(files: &Files) -> Result<(Value, Vec<String>)> {
    let manifest = files.read_json("manifest.json")?;
    let Some([image]) = manifest.as_array().map(Vec::as_slice) else { bail!("it has several images: save one alone") };
    let config = image["Config"].as_str().context("its manifest names no configuration")?;
    let layers = image["Layers"].as_array().context("its manifest has no layers")?;
    let name = |layer: &Value| layer.as_str().map(str::to_owned).context("its manifest names a layer by no path");
    Ok((files.read_json(config)?, layers.iter().map(name).collect::<Result<_>>()?))
}
