//! A container image, written as an OCI image layout without any container engine.
//!
//! <https://github.com/opencontainers/image-spec/blob/main/image-layout.md>. The image is one layer with the binary, on
//! the layers of a base image or on nothing. The binary is the entry point; a function's `ImageConfig.Command` is the name
//! of its handler, so that all functions have the same image.

mod base;
mod config;
mod files;
mod layer;
mod layout;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub(super) use self::layer::certificates;
use self::{base::Base, layer::Layer, layout::Layout};
use super::{architecture::Architecture, digest::Digest};

/// Where AWS's own base images have it.
const BINARY: &str = "var/runtime/bootstrap";

/// An image that was written.
#[derive(Debug)]
pub(super) struct Image {
    /// The layout as a folder.
    pub(super) folder: PathBuf,
    /// The layout in one file, which also is what `docker load` takes.
    pub(super) archive: PathBuf,
    /// By which a registry knows it.
    pub(super) digest: Digest,
    /// What has to be uploaded.
    pub(super) size: u64,
}

/// What an image is made of.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) name: &'a str,
    pub(super) architecture: Architecture,
    pub(super) binary: &'a [u8],
    /// An image's layout or archive.
    pub(super) base: Option<&'a Path>,
    /// Root certificates, for an image without a base.
    pub(super) certificates: Option<Vec<u8>>,
}

impl Image {
    /// Writes it as `FILE.oci/` and `FILE.oci.tar`, over those that are there.
    pub(super) fn write(parts: &Parts<'_>, folder: &Path, file: &str) -> Result<Self> {
        let layout = folder.join(format!("{file}.oci"));
        let archive = folder.join(format!("{file}.oci.tar"));
        let mut layout = Layout::create(layout)?;
        let base = parts.base.map(|path| Base::open(path, parts.architecture)).transpose()?;
        let mut layers = Vec::new();
        if let Some(base) = &base {
            for number in 0..base.layers() {
                layers.push(layout.add_layer(&base.layer(number)?)?);
            }
        }
        let layer = parts.layer().context("cannot make the layer")?;
        layers.push(layout.add_layer(&layer.blob)?);
        let config = match base {
            Some(base) => config::on(base.config, &layer.diff_id)?,
            None => config::new(parts.architecture, &layer.diff_id),
        };
        let digest = layout.finish(parts.name, parts.architecture, &config, layers)?;
        layout.pack(&archive)?;
        Ok(Self { size: layout.size(), folder: layout.into_folder(), archive, digest })
    }
}

impl Parts<'_> {
    /// On a base, the binary alone: what the base says of its folders stays.
    fn layer(&self) -> std::io::Result<Layer> {
        let binary = layer::File { path: BINARY, mode: 0o755, content: self.binary };
        match &self.certificates {
            None => Layer::of(&[binary]),
            Some(certificates) => {
                Layer::of(&[layer::File { path: layer::CERTIFICATES, mode: 0o644, content: certificates }, binary])
            }
        }
    }
}

#[cfg(test)]
mod tests;
