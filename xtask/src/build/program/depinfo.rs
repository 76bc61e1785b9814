//! What rustc writes of the inputs of a crate: the files that it read, and the variables of the environment.

use std::path::PathBuf;

/// A `.d` file, which has the syntax of Makefiles.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DepInfo {
    /// Relative to where rustc ran.
    pub(super) files: Vec<PathBuf>,
    /// `NAME=value`, or `NAME` for one that was asked for and not set.
    pub(super) variables: Vec<String>,
}

impl DepInfo {
    /// Each file has a line of its own, as a target that needs nothing.
    pub(super) fn parse(text: &str) -> Self {
        let mut info = Self::default();
        for line in text.lines() {
            if let Some(variable) = line.strip_prefix("# env-dep:") {
                info.variables.push(variable.to_owned());
            } else if let Some(file) = line.strip_suffix(':') {
                info.files.push(file.replace("\\ ", " ").into());
            }
        }
        info
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_variables_are_read() {
        let text = "/t/orders.rmeta: src/lib.rs src/my\\ file.rs /t/made.rs\n\n/t/orders.d: src/lib.rs src/my\\ file.rs /t/made.rs\n\n\
                    src/lib.rs:\nsrc/my\\ file.rs:\n/t/made.rs:\n\n# env-dep:CARGO_PKG_NAME=orders\n# env-dep:REVISION\n";
        let variables = ["CARGO_PKG_NAME=orders", "REVISION"].map(str::to_owned).to_vec();
        let files = ["src/lib.rs", "src/my file.rs", "/t/made.rs"].map(PathBuf::from).to_vec();
        assert_eq!(DepInfo::parse(text), DepInfo { files, variables });
    }
}
