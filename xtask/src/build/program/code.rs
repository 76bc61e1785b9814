//! The code of a binary, and the shape of the rest.

use anyhow::{Context, Result, ensure};
use object::{
    LittleEndian,
    elf::{FileHeader64, SHF_EXECINSTR},
    read::elf::{FileHeader as _, SectionHeader as _},
};

use crate::build::digest::Digest;

/// Of the sections with code the bytes, and of all the size. Line numbers are in the others, and of the same size.
pub(super) fn digest(binary: &[u8]) -> Result<Digest> {
    let facts = facts(binary).context("the sections of the binary cannot be read")?;
    ensure!(facts.iter().any(|section| section.code.is_some()), "the binary has no section with code");
    let lines = facts.iter().map(|Section { name, size, code }| {
        format!("{} {size} {}\n", name.escape_ascii(), code.map(|code| code.hex()).unwrap_or_default())
    });
    Ok(Digest::of(lines.collect::<String>().as_bytes()))
}

struct Section<'a> {
    name: &'a [u8],
    size: u64,
    code: Option<Digest>,
}

fn facts(binary: &[u8]) -> object::read::Result<Vec<Section<'_>>> {
    let header = FileHeader64::<LittleEndian>::parse(binary)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, binary)?;
    let section = |section| {
        let has_code = section_flags(section, endian) & SHF_EXECINSTR.0 != 0;
        let code = if has_code { Some(Digest::of(section.data(endian, binary)?)) } else { None };
        Ok(Section { name: sections.section_name(endian, section)?, size: section.sh_size(endian), code })
    };
    sections.iter().map(section).collect()
}

fn section_flags(section: &object::elf::SectionHeader64<LittleEndian>, endian: LittleEndian) -> u64 {
    section.sh_flags(endian).0
}

#[cfg(test)]
#[cfg(all(target_os = "linux", target_pointer_width = "64", target_endian = "little"))]
mod tests {
    use super::*;

    /// A byte of this process in a section of that name, changed.
    fn changed(name: &str) -> (Vec<u8>, Vec<u8>) {
        let before = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let header = FileHeader64::<LittleEndian>::parse(&*before).unwrap();
        let sections = header.sections(LittleEndian, &*before).unwrap();
        let section =
            sections.iter().find(|it| sections.section_name(LittleEndian, it) == Ok(name.as_bytes())).unwrap();
        let (at, _) = section.file_range(LittleEndian).unwrap();
        let mut after = before.clone();
        after[usize::try_from(at).unwrap()] ^= 1;
        (before, after)
    }

    #[test]
    fn a_byte_of_code_counts_and_one_of_data_does_not() {
        let (before, after) = changed(".text");
        assert_ne!(digest(&before).unwrap(), digest(&after).unwrap());
        let (before, after) = changed(".rodata");
        assert_eq!(digest(&before).unwrap(), digest(&after).unwrap());
    }

    #[test]
    fn what_has_no_code_is_no_program() {
        assert!(digest(b"#!/bin/sh\n").is_err());
    }
}
