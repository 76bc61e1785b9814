//! The files of a base image: a folder, or a tar that is read where they are in it, because it may be large.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tar::{Archive, EntryType};

/// Where the files are.
#[derive(Debug)]
pub(super) enum Files {
    Folder(PathBuf),
    Tar { path: PathBuf, entries: BTreeMap<PathBuf, Entry> },
}

/// A file of a tar.
#[derive(Debug)]
pub(super) enum Entry {
    At {
        offset: u64,
        size: u64,
    },
    /// `docker save` has written a layer that it wrote already as a link to it.
    Link(PathBuf),
}

impl Files {
    pub(super) fn open(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut magic = [0; 2];
        let is_compressed = file.read_exact(&mut magic).is_ok() && magic == [0x1f, 0x8b];
        ensure!(!is_compressed, "{0} is compressed: run `gunzip {0}` first", path.display());
        file.rewind().context("cannot read the base image from its beginning")?;
        let entries = entries(file).with_context(|| format!("{} is not a tar", path.display()))?;
        Ok(Self::Tar { path: path.to_owned(), entries })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(folder) => folder.join(name).is_file(),
            Self::Tar { entries, .. } => entries.contains_key(Path::new(name)),
        }
    }

    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>> {
        match self {
            Self::Folder(folder) => fs::read(folder.join(clean(Path::new(name)))),
            Self::Tar { path, entries } => read_entry(path, entries, Path::new(name)),
        }
        .with_context(|| format!("cannot read `{name}` of the base image"))
    }

    pub(super) fn read_json(&self, name: &str) -> Result<Value> {
        serde_json::from_slice(&self.read(name)?).with_context(|| format!("`{name}` of the base image is not JSON"))
    }
}

fn entries(file: File) -> io::Result<BTreeMap<PathBuf, Entry>> {
    let mut found = BTreeMap::new();
    for entry in Archive::new(file).entries_with_seek()? {
        let entry = entry?;
        let path = clean(&entry.path()?);
        let link = || -> io::Result<Option<PathBuf>> { Ok(entry.link_name()?.map(|to| to.into_owned())) };
        let parent = path.parent().map(Path::to_owned).unwrap_or_default();
        let place = match entry.header().entry_type() {
            EntryType::Regular => Entry::At { offset: entry.raw_file_position(), size: entry.size() },
            EntryType::Symlink => Entry::Link(clean(&parent.join(link()?.unwrap_or_default()))),
            EntryType::Link => Entry::Link(clean(&link()?.unwrap_or_default())),
            _ => continue,
        };
        found.insert(path, place);
    }
    Ok(found)
}

/// Without `.`, and with `..` resolved, which never leaves the root.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => cleaned.push(name),
            Component::ParentDir => drop(cleaned.pop()),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    cleaned
}

fn read_entry(tar: &Path, entries: &BTreeMap<PathBuf, Entry>, name: &Path) -> io::Result<Vec<u8>> {
    let mut entry = entries.get(&clean(name));
    if let Some(Entry::Link(to)) = entry {
        entry = entries.get(to); // a link to a link is none that Docker writes
    }
    let Some(Entry::At { offset, size }) = entry else {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no such file in it"));
    };
    let mut file = File::open(tar)?;
    file.seek(SeekFrom::Start(*offset))?;
    let mut content = Vec::new();
    file.take(*size).read_to_end(&mut content)?;
    Ok(content)
}

/// The path of a blob, of which only SHA-256 is known here.
pub(super) fn blob(digest: &Value) -> Result<String> {
    match digest.as_str().and_then(|digest| digest.strip_prefix("sha256:")) {
        Some(hex) if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Ok(format!("blobs/sha256/{hex}"))
        }
        _ => bail!("the base image names a blob by {digest}, which is no SHA-256"),
    }
}
