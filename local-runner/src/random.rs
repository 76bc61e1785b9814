use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use aws_lc_rs::{
    digest::{self, SHA256},
    rand,
};

/// The runner's luck: the operating system's, or, where a run has to repeat itself, what follows from a seed.
#[derive(Clone, Debug)]
pub(crate) struct Random(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Seed { seed: u64, drawn: Arc<AtomicU64> },
}

impl Random {
    /// Cannot be foreseen.
    pub(crate) fn system() -> Self {
        Self(Source::System)
    }

    /// The same for the same seed. Clones draw from one sequence.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Source::Seed { seed, drawn: Arc::default() })
    }

    /// Another source, for what is drawn apart: the same for the same seed and purpose, and whatever else is drawn.
    pub(crate) fn apart(&self, purpose: &str) -> Self {
        match &self.0 {
            Source::System => Self::system(),
            Source::Seed { seed, .. } => {
                let block = digest::digest(&SHA256, &[&seed.to_be_bytes(), purpose.as_bytes()].concat());
                let seed = block.as_ref().iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
                Self::seeded(seed)
            }
        }
    }

    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            Source::System => rand::fill(&mut bytes).expect("an operating system always has randomness to give"),
            Source::Seed { seed, drawn } => {
                for chunk in bytes.chunks_mut(SHA256.output_len()) {
                    let place = drawn.fetch_add(1, Ordering::Relaxed);
                    let block = digest::digest(&SHA256, &[seed.to_be_bytes(), place.to_be_bytes()].concat());
                    chunk.copy_from_slice(&block.as_ref()[..chunk.len()]);
                }
            }
        }
        bytes
    }

    /// A number from 0 to `end - 1`.
    pub(crate) fn below(&self, end: u32) -> u32 {
        let scaled = u128::from(u64::from_be_bytes(self.bytes())) * u128::from(end);
        u32::try_from(scaled >> 64).unwrap_or_default()
    }

    /// So many characters of an alphabet.
    pub(crate) fn text<const N: usize>(&self, alphabet: &str) -> String {
        let letters = alphabet.as_bytes();
        self.bytes::<N>().iter().map(|byte| char::from(letters[usize::from(*byte) % letters.len()])).collect()
    }

    /// Two hexadecimal digits for each of so many bytes.
    pub(crate) fn hex<const N: usize>(&self) -> String {
        hexadecimal(&self.bytes::<N>())
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&self) -> String {
        let mut bytes: [u8; 16] = self.bytes();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = hexadecimal(&bytes);
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }
}

/// Each request has several ids, so a string for each byte would be felt.
fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |random: Random| (random.uuid(), random.below(1_000_000), random.text::<5>("abc"));
        assert_eq!(draw(Random::seeded(7)), draw(Random::seeded(7)));
        assert_ne!(draw(Random::seeded(7)), draw(Random::seeded(8)));
        assert_ne!(draw(Random::system()), draw(Random::system()));
    }

    #[test]
    fn clones_draw_from_one_sequence() {
        let random = Random::seeded(7);
        assert_ne!(random.uuid(), random.clone().uuid());
    }

    #[test]
    fn what_is_drawn_apart_changes_nothing_else() {
        let random = Random::seeded(7);
        let apart = random.apart("key").uuid();
        assert_eq!(random.uuid(), Random::seeded(7).uuid());
        assert_eq!(random.apart("key").uuid(), apart);
        assert_ne!(random.apart("lock").uuid(), apart);
    }

    #[test]
    fn a_number_stays_below_its_end() {
        let random = Random::seeded(1);
        assert!((0..1_000).all(|_| random.below(3) < 3));
        assert_eq!(random.below(1), 0);
    }

    #[test]
    fn a_uuid_has_version_4() {
        let uuid = Random::seeded(1).uuid();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
        assert!("89ab".contains(&uuid[19..20]));
    }

    #[test]
    fn a_byte_is_two_digits() {
        assert_eq!(hexadecimal(&[0x00, 0x0f, 0xa5, 0xff]), "000fa5ff");
        assert_eq!(Random::seeded(1).hex::<12>().len(), 24);
    }
}
