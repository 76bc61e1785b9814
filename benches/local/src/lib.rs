//! The benches of the local runner are in `benches/`.
