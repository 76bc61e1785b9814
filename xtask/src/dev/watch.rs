use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

/// An editor writes a file in several steps, and several files at once.
const UNTIL_QUIET: Duration = Duration::from_millis(50);

/// Watches the files that an executable was built from.
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    folders: BTreeSet<PathBuf>,
    changes: mpsc::UnboundedReceiver<()>,
}

impl Watch {
    /// The sources that cargo wrote down beside the executable, and the workspace's own manifest.
    pub(super) fn of(executable: &Path, workspace: &Path) -> Result<Self> {
        let (sender, changes) = mpsc::unbounded_channel();
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| is_change(&event)) {
                let _ = sender.send(()); // the receiver is gone only when the server ends
            }
        });
        let mut watch = Self { watcher: watcher.context("cannot watch files")?, folders: BTreeSet::new(), changes };
        watch.add(workspace.to_owned())?;
        watch.extend(executable)?;
        Ok(watch)
    }

    /// Watches what a new version was built from as well.
    pub(super) fn extend(&mut self, executable: &Path) -> Result<()> {
        let listed = executable.with_extension("d");
        let text = fs::read_to_string(&listed).with_context(|| format!("cannot read {}", listed.display()))?;
        for folder in folders(&text) {
            self.add(folder)?;
        }
        Ok(())
    }

    fn add(&mut self, folder: PathBuf) -> Result<()> {
        if folder.is_dir() && self.folders.insert(folder.clone()) {
            let mode = RecursiveMode::NonRecursive;
            self.watcher.watch(&folder, mode).with_context(|| format!("cannot watch {}", folder.display()))?;
        }
        Ok(())
    }

    /// Waits for a change, and until no further one follows.
    pub(super) async fn changed(&mut self) {
        if self.changes.recv().await.is_none() {
            std::future::pending::<()>().await; // nothing is watched any more, so nothing changes
        }
        while tokio::time::timeout(UNTIL_QUIET, self.changes.recv()).await.is_ok() {}
    }
}

/// Reading changes nothing, and the names that are not a source's are those of editors and of cargo.
fn is_change(event: &Event) -> bool {
    let is_source = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        !matches!(extension, None | Some("swp" | "swx" | "tmp" | "lock"))
    };
    let changes = matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_));
    changes && event.paths.iter().any(is_source)
}

/// The folders of the sources that a dep-info file lists: `executable: file file …`, with spaces escaped.
fn folders(dep_info: &str) -> BTreeSet<PathBuf> {
    let sources = dep_info.lines().filter_map(|line| line.split_once(": ")).flat_map(|(_, files)| split(files));
    sources.filter_map(|file| Path::new(&file).parent().map(Path::to_owned)).collect()
}

fn split(files: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut characters = files.trim().chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' => names.push(String::new()),
            '\\' => names.extend_last(characters.next()),
            other => names.extend_last(Some(other)),
        }
    }
    names
}

trait ExtendLast {
    fn extend_last(&mut self, character: Option<char>);
}

impl ExtendLast for Vec<String> {
    fn extend_last(&mut self, character: Option<char>) {
        if let Some(last) = self.last_mut() {
            last.extend(character);
        }
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind};

    use super::*;

    #[test]
    fn the_folders_of_all_sources_are_watched_once() {
        let text = "/t/orders: /w/my\\ app/src/lib.rs /w/my\\ app/src/main.rs /w/framework/src/http/json.rs\n";
        let expected = ["/w/framework/src/http", "/w/my app/src"].map(PathBuf::from);
        assert_eq!(folders(text), BTreeSet::from(expected));
    }

    #[test]
    fn a_written_source_is_a_change_and_a_read_or_an_editors_own_file_is_none() {
        let event = |kind, path: &str| Event::new(kind).add_path(path.into());
        assert!(is_change(&event(EventKind::Create(CreateKind::File), "/w/src/new.rs")));
        assert!(!is_change(&event(EventKind::Access(AccessKind::Any), "/w/src/lib.rs")));
        assert!(!is_change(&event(EventKind::Create(CreateKind::File), "/w/src/.lib.rs.swp")));
    }
}
