//! The folder that is an image: blobs named by their digests, and an index that says where to begin.

use std::{
    fs::{self, File},
    io::{self, BufWriter},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tar::Builder;

use super::layer;
use crate::build::{architecture::Architecture, digest::Digest};

const BLOBS: &str = "blobs/sha256";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// A layout that is being written.
#[derive(Debug)]
pub(super) struct Layout {
    folder: PathBuf,
    /// What it has so far, in the order in which it was written.
    files: Vec<String>,
    size: u64,
}

impl Layout {
    /// Takes away the one that was there: its blobs would be left over.
    pub(super) fn create(folder: PathBuf) -> Result<Self> {
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => fs::create_dir_all(folder.join(BLOBS)),
        }
        .with_context(|| format!("cannot make {} anew", folder.display()))?;
        let mut layout = Self { folder, files: Vec::new(), size: 0 };
        layout.write("oci-layout".into(), br#"{"imageLayoutVersion":"1.0.0"}"#)?;
        Ok(layout)
    }

    /// Adds a layer and returns its descriptor.
    pub(super) fn add_layer(&mut self, blob: &[u8]) -> Result<Value> {
        let media_type = match blob {
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "application/vnd.oci.image.layer.v1.tar+zstd",
            _ => "application/vnd.oci.image.layer.v1.tar+gzip",
        };
        Ok(descriptor(media_type, &self.add(blob)?, blob.len()))
    }

    /// Adds the configuration, the manifest and the index. The digest is the manifest's.
    pub(super) fn finish(
        &mut self,
        name: &str,
        architecture: Architecture,
        config: &Value,
        layers: Vec<Value>,
    ) -> Result<Digest> {
        let config = self.add_json(CONFIG, config)?;
        self.write_docker_manifest(name, &config, &layers)?;
        let manifest = json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers});
        let digest = Digest::of(manifest.to_string().as_bytes());
        let mut manifest = self.add_json(MANIFEST, &manifest)?;
        manifest["platform"] = json!({"architecture": architecture.oci(), "os": "linux"});
        manifest["annotations"] = json!({
            "io.containerd.image.name": format!("docker.io/library/{name}:latest"),
            "org.opencontainers.image.ref.name": "latest",
        });
        let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [manifest]});
        self.write("index.json".into(), index.to_string().as_bytes())?;
        Ok(digest)
    }

    /// Not of the layout: it is what lets every `docker load` take the packed layout.
    fn write_docker_manifest(&mut self, name: &str, config: &Value, layers: &[Value]) -> Result<()> {
        let path = |descriptor: &Value| {
            let digest = descriptor["digest"].as_str().unwrap_or_default();
            format!("blobs/{}", digest.replace(':', "/"))
        };
        let layers: Vec<_> = layers.iter().map(path).collect();
        let manifest = json!([{"Config": path(config), "RepoTags": [format!("{name}:latest")], "Layers": layers}]);
        self.write("manifest.json".into(), manifest.to_string().as_bytes())
    }

    /// Writes all of it into one tar.
    pub(super) fn pack(&self, to: &Path) -> Result<()> {
        let pack = || -> io::Result<()> {
            let mut tar = Builder::new(BufWriter::new(File::create(to)?));
            for name in &self.files {
                layer::append(&mut tar, name, 0o644, fs::read(self.folder.join(name))?)?;
            }
            tar.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
        };
        pack().with_context(|| format!("cannot write {}", to.display()))
    }

    /// How large its blobs are together.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn into_folder(self) -> PathBuf {
        self.folder
    }

    fn add_json(&mut self, media_type: &str, value: &Value) -> Result<Value> {
        let text = value.to_string();
        Ok(descriptor(media_type, &self.add(text.as_bytes())?, text.len()))
    }

    /// Layers may be the same, an empty one for example: a blob is stored once.
    fn add(&mut self, blob: &[u8]) -> Result<Digest> {
        let digest = Digest::of(blob);
        let name = format!("{BLOBS}/{}", digest.hex());
        if !self.files.contains(&name) {
            self.size += blob.len() as u64;
            self.write(name, blob)?;
        }
        Ok(digest)
    }

    fn write(&mut self, name: String, content: &[u8]) -> Result<()> {
        let path = self.folder.join(&name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        self.files.push(name);
        Ok(())
    }
}

fn descriptor(media_type: &str, digest: &Digest, size: usize) -> Value {
    json!({"mediaType": media_type, "digest": digest.to_string(), "size": size})
}
