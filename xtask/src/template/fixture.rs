//! The shop of the documentation, as it would print itself, and a bit more than it has: one of everything.

use skyloom_manifest::Manifest;

pub(crate) fn shop() -> Manifest {
    serde_json::from_str(include_str!("shop.json")).unwrap()
}
