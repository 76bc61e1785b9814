//! The two processors of Lambda, under the names that each tool has for them.

use clap::ValueEnum;

/// A processor that Lambda has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Architecture {
    /// Graviton: the cheaper one
    Arm64,
    /// Intel and AMD
    #[value(name = "x86-64", alias = "x86_64")]
    X86_64,
}

/// The C library that a binary is linked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Libc {
    /// That of Amazon Linux, loaded when the binary starts.
    Gnu,
    /// One inside the binary, so that it needs no other file.
    Musl,
}

impl Architecture {
    /// As it is said on the command line and in file names.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86-64",
        }
    }

    /// As a template's `Architectures` says it.
    pub(super) fn lambda(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    /// As the configuration of a container image says it.
    pub(super) fn oci(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "amd64",
        }
    }

    /// The oldest one that Lambda has: Graviton2, and x86 with AVX2.
    pub(super) fn cpu(self) -> &'static str {
        match self {
            Self::Arm64 => "neoverse-n1",
            Self::X86_64 => "haswell",
        }
    }

    /// Whether this process runs on it.
    pub(super) fn is_this_machines(self) -> bool {
        let here = if cfg!(target_arch = "aarch64") { Self::Arm64 } else { Self::X86_64 };
        cfg!(all(target_os = "linux", any(target_arch = "aarch64", target_arch = "x86_64"))) && here == self
    }
}

/// What is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) architecture: Architecture,
    pub(super) libc: Libc,
}

impl Target {
    /// As rustc says it.
    pub(super) fn triple(self) -> &'static str {
        match (self.architecture, self.libc) {
            (Architecture::Arm64, Libc::Gnu) => "aarch64-unknown-linux-gnu",
            (Architecture::Arm64, Libc::Musl) => "aarch64-unknown-linux-musl",
            (Architecture::X86_64, Libc::Gnu) => "x86_64-unknown-linux-gnu",
            (Architecture::X86_64, Libc::Musl) => "x86_64-unknown-linux-musl",
        }
    }
}
