use std::{fs, fs::File, io::Read as _, path::PathBuf};

use flate2::read::GzDecoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

const BINARY_BYTES: &[u8] = b"\x7fELF, say";

fn parts<'a>(base: Option<&'a Path>, certificates: Option<&[u8]>) -> Parts<'a> {
    let certificates = certificates.map(<[u8]>::to_vec);
    Parts { name: "orders", architecture: Architecture::Arm64, binary: BINARY_BYTES, base, certificates }
}

fn minimal(folder: &Path) -> Image {
    Image::write(&parts(None, Some(b"certificates")), folder, "orders-arm64").unwrap()
}

/// An image as another tool would read it: every blob by its digest, which is the one of its bytes.
struct Read {
    folder: PathBuf,
    config: Value,
    layers: Vec<Value>,
}

impl Read {
    fn of(image: &Image) -> Self {
        let mut read = Self { folder: image.folder.clone(), config: Value::Null, layers: Vec::new() };
        assert_eq!(read.json("oci-layout"), json!({"imageLayoutVersion": "1.0.0"}));
        let index = read.json("index.json");
        assert_eq!(index["manifests"].as_array().unwrap().len(), 1);
        let descriptor = &index["manifests"][0];
        assert_eq!(descriptor["platform"], json!({"architecture": "arm64", "os": "linux"}));
        assert_eq!(descriptor["digest"], image.digest.to_string());
        let manifest: Value = serde_json::from_slice(&read.blob(descriptor)).unwrap();
        read.config = serde_json::from_slice(&read.blob(&manifest["config"])).unwrap();
        read.layers = manifest["layers"].as_array().unwrap().clone();
        read
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.folder.join(name)).unwrap()).unwrap()
    }

    fn blob(&self, descriptor: &Value) -> Vec<u8> {
        let digest = descriptor["digest"].as_str().unwrap();
        let bytes = fs::read(self.folder.join("blobs").join(digest.replace(':', "/"))).unwrap();
        assert_eq!(Digest::of(&bytes).to_string(), digest);
        assert_eq!(descriptor["size"], bytes.len());
        bytes
    }

    /// The tar of a layer, whose digest is the one that the configuration has for it.
    fn tar(&self, number: usize) -> Vec<u8> {
        let mut tar = Vec::new();
        GzDecoder::new(&self.blob(&self.layers[number])[..]).read_to_end(&mut tar).unwrap();
        assert_eq!(self.config["rootfs"]["diff_ids"][number], Digest::of(&tar).to_string());
        tar
    }

    /// `path mode owner time: content` of each file of a layer.
    fn files(&self, number: usize) -> Vec<String> {
        let tar = self.tar(number);
        let mut archive = tar::Archive::new(&tar[..]);
        let line = |mut entry: tar::Entry<'_, &[u8]>| {
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            let header = entry.header();
            let (mode, owner, time) = (header.mode().unwrap(), header.uid().unwrap(), header.mtime().unwrap());
            let path = entry.path().unwrap().display().to_string();
            format!("{path} {mode:o} {owner} {time}: {}", String::from_utf8_lossy(&content))
        };
        archive.entries().unwrap().map(|entry| line(entry.unwrap())).collect()
    }
}

#[test]
fn a_minimal_image_is_the_binary_and_the_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let read = Read::of(&minimal(folder.path()));
    assert_eq!(read.config["architecture"], "arm64");
    assert_eq!(read.config["config"], json!({"Entrypoint": ["/var/runtime/bootstrap"]}));
    assert_eq!(read.layers.len(), 1);
    assert_eq!(
        read.files(0),
        ["etc/ssl/certs/ca-certificates.crt 644 0 0: certificates", "var/runtime/bootstrap 755 0 0: \u{7f}ELF, say"]
    );
}

#[test]
fn an_image_is_the_same_bytes_each_time() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (minimal(one.path()), minimal(other.path()));
    assert_eq!(first.digest, second.digest);
    assert_eq!(fs::read(first.archive).unwrap(), fs::read(second.archive).unwrap());
}

#[test]
fn an_older_image_leaves_no_blobs() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = |image: &Image| fs::read_dir(image.folder.join("blobs/sha256")).unwrap().count();
    let first = minimal(folder.path());
    let others = Parts { binary: b"another", ..parts(None, None) };
    assert_eq!(blobs(&first), blobs(&Image::write(&others, folder.path(), "orders-arm64").unwrap()));
}

/// A base with an entry point, an argument and a user of its own; made here, because it may be of any tool.
fn config(architecture: &str, diff_ids: &[Digest]) -> Value {
    json!({
        "architecture": architecture, "os": "linux", "created": "2026-01-02T03:04:05Z",
        "config": {"Entrypoint": ["/lambda-entrypoint.sh"], "Cmd": ["handler"], "Env": ["TZ=:/etc/localtime"]},
        "rootfs": {"type": "layers", "diff_ids": diff_ids.iter().map(ToString::to_string).collect::<Vec<_>>()},
        "history": [{"created_by": "the base"}],
    })
}

fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    files.iter().for_each(|(path, content)| layer::append(&mut tar, path, 0o644, content).unwrap());
    tar.into_inner().unwrap()
}

/// What `docker save` wrote before it wrote OCI layouts.
fn docker_archive(folder: &TempDir, architecture: &str) -> PathBuf {
    let base = tar_of(&[("etc/os-release", b"Amazon Linux")]);
    let config = config(architecture, &[Digest::of(&base)]).to_string();
    let manifest =
        json!([{"Config": "abc.json", "RepoTags": ["base:latest"], "Layers": ["def/layer.tar"]}]).to_string();
    let path = folder.path().join("base.tar");
    let files: [(&str, &[u8]); 3] =
        [("abc.json", config.as_bytes()), ("def/layer.tar", &base), ("manifest.json", manifest.as_bytes())];
    fs::write(&path, tar_of(&files)).unwrap();
    path
}

fn on(base: &Path, folder: &TempDir) -> Result<Image> {
    Image::write(&parts(Some(base), None), folder.path(), "orders-arm64")
}

#[test]
fn a_base_keeps_its_layers_and_settings_but_not_what_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let read = Read::of(&on(&docker_archive(&folder, "arm64"), &folder).unwrap());
    assert_eq!(read.files(0), ["etc/os-release 644 0 0: Amazon Linux"]);
    assert_eq!(read.files(1), ["var/runtime/bootstrap 755 0 0: \u{7f}ELF, say"]);
    let settings = json!({"Entrypoint": ["/var/runtime/bootstrap"], "Env": ["TZ=:/etc/localtime"]});
    assert_eq!(read.config["config"], settings);
    assert_eq!(read.config["created"], "1980-01-01T00:00:00Z");
    assert_eq!(read.config["history"].as_array().unwrap().len(), 2);
}

#[test]
fn an_oci_layout_is_a_base_as_folder_and_as_tar() {
    let folder = tempfile::tempdir().unwrap();
    let base = minimal(folder.path());
    let other = tempfile::tempdir().unwrap();
    let from_folder = on(&base.folder, &other).unwrap();
    assert_eq!(Read::of(&from_folder).layers.len(), 2);
    assert_eq!(on(&base.archive, &other).unwrap().digest, from_folder.digest);
}

fn refused(base: &Path, folder: &TempDir) -> String {
    format!("{:#}", on(base, folder).unwrap_err()).replace(&folder.path().display().to_string(), "")
}

#[test]
fn a_base_for_another_processor_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        refused(&docker_archive(&folder, "amd64"), &folder),
        "cannot build on /base.tar: the base image is for linux/amd64, but the binary for linux/arm64: pull it with \
         that platform, or choose another `--arch`"
    );
}

#[test]
fn a_damaged_base_is_refused() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let base = minimal(folder.path());
    let layer = Read::of(&base).layers[0]["digest"].as_str().unwrap().replace(':', "/");
    fs::write(base.folder.join("blobs").join(layer), b"\x1f\x8bsomething else").unwrap();
    assert!(refused(&base.folder, &other).contains("the base image is damaged"));
}

#[test]
fn what_is_no_image_is_refused_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("base.tar");
    fs::write(&path, tar_of(&[("a", b"b")])).unwrap();
    assert!(refused(&path, &folder).contains("neither the `index.json` of an OCI layout nor"));
    fs::write(&path, layer::gzip(b"tar").unwrap()).unwrap();
    assert_eq!(refused(&path, &folder), "/base.tar is compressed: run `gunzip /base.tar` first");
    File::create(&path).unwrap().set_len(700).unwrap();
    assert!(refused(&folder.path().join("missing"), &folder).contains("cannot read /missing"));
}

#[test]
fn an_index_of_several_processors_gives_the_one_that_is_built_for() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let base = minimal(folder.path());
    let index = base.folder.join("index.json");
    let mut several: Value = serde_json::from_slice(&fs::read(&index).unwrap()).unwrap();
    let mut foreign = several["manifests"][0].clone();
    foreign["platform"]["architecture"] = json!("amd64");
    several["manifests"].as_array_mut().unwrap().insert(0, foreign.clone());
    fs::write(&index, several.to_string()).unwrap();
    assert_eq!(Read::of(&on(&base.folder, &other).unwrap()).layers.len(), 2);

    fs::write(&index, json!({"manifests": [foreign]}).to_string()).unwrap();
    assert!(refused(&base.folder, &other).contains("it has no image for linux/arm64"));
}
