//! An image as `cargo xtask build --image` wrote it: an OCI layout in a folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::build::Digest;

/// A layout whose manifest was read.
#[derive(Debug)]
pub(crate) struct Layout {
    folder: PathBuf,
    pub(super) manifest: Blob,
    /// The configuration and the layers: what has to be there before the manifest.
    pub(super) parts: Vec<Descriptor>,
}

/// Some bytes, by the name that a registry has for them.
#[derive(Debug)]
pub(super) struct Blob {
    pub(super) media_type: String,
    pub(super) digest: String,
    pub(super) bytes: Vec<u8>,
}

/// What names a blob. <https://github.com/opencontainers/image-spec/blob/main/descriptor.md>
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    media_type: String,
    pub(super) digest: String,
}

#[derive(Deserialize)]
struct Index {
    manifests: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Manifest {
    config: Descriptor,
    layers: Vec<Descriptor>,
}

impl Layout {
    /// Reads the layout's index and the manifest of its one image.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let read = || -> Result<Self> {
            let index: Index = serde_json::from_slice(&fs::read(folder.join("index.json"))?)?;
            let [image] = &index.manifests[..] else { anyhow::bail!("it has {} images", index.manifests.len()) };
            let manifest = blob(folder, image)?;
            let Manifest { config, layers } = serde_json::from_slice(&manifest.bytes)?;
            let mut parts: Vec<Descriptor> = Vec::new();
            for part in layers.into_iter().chain([config]) {
                if !parts.iter().any(|it| it.digest == part.digest) {
                    parts.push(part);
                }
            }
            Ok(Self { folder: folder.to_owned(), manifest, parts })
        };
        read().with_context(|| {
            format!(
                "{} is no OCI layout of one image: give the folder that `cargo xtask build --image` wrote",
                folder.display()
            )
        })
    }

    /// A part as it is uploaded.
    pub(super) fn read(&self, part: &Descriptor) -> Result<Blob> {
        blob(&self.folder, part)
    }
}

/// A blob, if it is what its name says: a registry would refuse it only when it is uploaded.
fn blob(folder: &Path, descriptor: &Descriptor) -> Result<Blob> {
    let Descriptor { media_type, digest } = descriptor;
    let hex = digest.strip_prefix("sha256:").with_context(|| format!("{digest} is no SHA-256"))?;
    let is_hex = hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    ensure!(is_hex, "{digest} is no SHA-256");
    let path = folder.join("blobs/sha256").join(hex);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(Digest::of(&bytes).to_string() == *digest, "{} is not what its name says", path.display());
    Ok(Blob { media_type: media_type.clone(), digest: digest.clone(), bytes })
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// A layout with one layer.
    pub(in crate::deploy) fn layout(folder: &Path) -> Layout {
        let blobs = folder.join("blobs/sha256");
        fs::create_dir_all(&blobs).unwrap();
        let add = |bytes: &[u8]| {
            let digest = Digest::of(bytes);
            fs::write(blobs.join(digest.hex()), bytes).unwrap();
            json!({"mediaType": "a/b", "digest": digest.to_string(), "size": bytes.len()})
        };
        let manifest = json!({"schemaVersion": 2, "config": add(b"{}"), "layers": [add(b"layer"), add(b"layer")]});
        let index = json!({"schemaVersion": 2, "manifests": [add(manifest.to_string().as_bytes())]});
        fs::write(folder.join("index.json"), index.to_string()).unwrap();
        Layout::open(folder).unwrap()
    }

    #[test]
    fn the_parts_of_an_image_are_its_layers_and_its_configuration_each_once() {
        let folder = tempfile::tempdir().unwrap();
        let layout = layout(folder.path());
        let parts: Vec<_> = layout.parts.iter().map(|part| layout.read(part).unwrap().bytes).collect();
        assert_eq!(parts, [b"layer".to_vec(), b"{}".to_vec()]);
    }

    #[test]
    fn what_was_changed_afterwards_is_no_image() {
        let folder = tempfile::tempdir().unwrap();
        let layout = layout(folder.path());
        let hex = layout.parts[0].digest.trim_start_matches("sha256:").to_owned();
        fs::write(folder.path().join("blobs/sha256").join(hex), "other").unwrap();
        assert!(layout.read(&layout.parts[0]).unwrap_err().to_string().ends_with("is not what its name says"));
        let error = Layout::open(&folder.path().join("blobs")).unwrap_err().to_string();
        assert!(error.ends_with("give the folder that `cargo xtask build --image` wrote"), "{error}");
    }
}
