use super::Place;

/// What the seed has drawn for one place. It is the same however many other places there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Luck(u64);

impl Luck {
    pub(super) fn new(seed: u64, place: &Place) -> Self {
        // FNV-1a, which is the same in every build; the mixing below makes up for its weakness.
        let bytes = seed.to_be_bytes().into_iter().chain(place.point.bytes()).chain(place.time.to_be_bytes());
        Self(bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }

    /// A number from 0 up to 1, without 1, for each of several questions.
    pub(super) fn unit(self, question: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "the upper 53 bits fit")]
        let upper = (self.mixed(question) >> 11) as f64;
        upper / (1_u64 << 53) as f64
    }

    /// A whole number from `range`.
    pub(super) fn between(self, range: std::ops::RangeInclusive<u64>) -> u64 {
        range.start() + self.mixed(usize::MAX) % (range.end() - range.start() + 1)
    }

    /// So many of an alphabet's letters.
    pub(super) fn text(self, length: usize) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
        (0..length).map(|at| char::from(ALPHABET[(self.mixed(at + 1_000) % 32) as usize])).collect()
    }

    /// SplitMix64.
    fn mixed(self, question: usize) -> u64 {
        let mut bits = self.0.wrapping_add((question as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luck(seed: u64, time: u32) -> Luck {
        Luck::new(seed, &Place { point: "place_order PutItem orders-Order".into(), time })
    }

    #[test]
    fn a_place_has_the_same_luck_under_the_same_seed() {
        assert_eq!(luck(7, 1).unit(0), luck(7, 1).unit(0));
        assert_ne!(luck(7, 1).unit(0), luck(8, 1).unit(0));
        assert_ne!(luck(7, 1).unit(0), luck(7, 2).unit(0));
        assert_ne!(luck(7, 1).unit(0), luck(7, 1).unit(1));
    }

    #[test]
    fn a_rate_is_met_about_as_often_as_it_says() {
        let met = (0..10_000).filter(|seed| luck(*seed, 1).unit(3) < 0.05).count();
        assert!((400..600).contains(&met), "{met} of 10000");
    }

    #[test]
    fn a_number_is_in_its_range() {
        assert!((0..1_000).all(|seed| (2..=4).contains(&luck(seed, 1).between(2..=4))));
        assert_eq!(luck(1, 1).text(52).len(), 52);
    }
}
