//! What a binary says of where it runs, so that a wrong one is found here and not by the first invocation.

use anyhow::{Context, Result, bail, ensure};
use object::{
    LittleEndian,
    elf::{self, FileHeader64},
    read::elf::{FileHeader as _, ProgramHeader as _},
};

use super::architecture::{Architecture, Libc, Target};

/// What `provided.al2023` has: <https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html>.
const GLIBC: Version = Version(2, 34);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32);

type Header = FileHeader64<LittleEndian>;

/// Fails if the binary does not run where it is meant to.
pub(super) fn check(binary: &[u8], target: Target) -> Result<()> {
    let facts = Facts::of(binary).context("what the compiler wrote is no program for 64-bit Linux")?;
    let expected = match target.architecture {
        Architecture::Arm64 => elf::EM_AARCH64,
        Architecture::X86_64 => elf::EM_X86_64,
    };
    ensure!(facts.machine == expected, "the compiler wrote a program for another processor than {}", target.triple());
    ensure!(
        target.libc == Libc::Gnu || !facts.is_dynamic,
        "the program needs a dynamic linker, which an image without `--base` does not have"
    );
    if let Some(Version(major, minor)) = facts.glibc.filter(|needed| *needed > GLIBC) {
        bail!(
            "the program needs glibc {major}.{minor}, and Lambda has {}.{}: leave `--with cargo` out",
            GLIBC.0,
            GLIBC.1
        );
    }
    Ok(())
}

struct Facts {
    machine: elf::Machine,
    is_dynamic: bool,
    /// The newest glibc of which it needs something.
    glibc: Option<Version>,
}

impl Facts {
    fn of(binary: &[u8]) -> object::read::Result<Self> {
        let header = Header::parse(binary)?;
        let endian = header.endian()?;
        let segments = header.program_headers(endian, binary)?;
        Ok(Self {
            machine: header.e_machine(endian),
            is_dynamic: segments.iter().any(|segment| segment.p_type(endian) == elf::PT_INTERP),
            glibc: glibc(header, endian, binary)?,
        })
    }
}

fn glibc(header: &Header, endian: LittleEndian, binary: &[u8]) -> object::read::Result<Option<Version>> {
    let sections = header.sections(endian, binary)?;
    let Some((mut libraries, link)) = sections.gnu_verneed(endian, binary)? else { return Ok(None) };
    let strings = sections.strings(endian, binary, link)?;
    let mut newest = None;
    while let Some((_, mut versions)) = libraries.next()? {
        while let Some(version) = versions.next()? {
            newest = newest.max(glibc_version(version.name(endian, strings)?));
        }
    }
    Ok(newest)
}

/// `GLIBC_2.34` of `libc.so.6`, and nothing of what others call their versions.
fn glibc_version(name: &[u8]) -> Option<Version> {
    let mut numbers = std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_")?.split('.').map(str::parse);
    Some(Version(numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(glibc_version(b"GLIBC_2.4") < glibc_version(b"GLIBC_2.34"));
        assert_eq!(glibc_version(b"GLIBC_2.2.5"), Some(Version(2, 2)));
        assert_eq!(glibc_version(b"GCC_3.0"), None);
    }

    #[test]
    #[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
    fn this_process_is_dynamic_and_for_this_processor() {
        let binary = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let facts = Facts::of(&binary).unwrap();
        assert!(facts.is_dynamic && facts.glibc >= Some(Version(2, 2)));
        let check = |architecture, libc| check(&binary, Target { architecture, libc }).unwrap_err().to_string();
        assert_eq!(
            check(Architecture::Arm64, Libc::Gnu),
            "the compiler wrote a program for another processor than aarch64-unknown-linux-gnu"
        );
        assert!(check(Architecture::X86_64, Libc::Musl).contains("an image without `--base` does not have"));
    }

    #[test]
    fn what_is_no_program_is_refused() {
        let target = Target { architecture: Architecture::Arm64, libc: Libc::Gnu };
        let error = check(b"#!/bin/sh\n", target).unwrap_err().to_string();
        assert_eq!(error, "what the compiler wrote is no program for 64-bit Linux");
    }
}
