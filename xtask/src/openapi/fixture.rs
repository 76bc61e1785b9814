//! An application with a route of each kind, for tests.

use skyloom_manifest::Manifest;

use super::{About, Document};

/// What it prints.
pub(crate) fn desk() -> Manifest {
    let manifest: Manifest = serde_json::from_str(include_str!("desk.json")).unwrap();
    assert_eq!(manifest.validate(), []);
    manifest
}

pub(crate) fn about() -> About {
    About { version: "1.2.3".into(), description: Some("Lends desks".into()) }
}

/// Its document for everyone, and that for API Gateway.
pub(crate) fn documents() -> [Document; 2] {
    let desk = desk();
    let api = &desk.apis[0];
    [Document::of(&desk, api, &about()), Document::for_aws(&desk, api, &about()).unwrap()]
}
