//! What a build made, in words or as JSON.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{architecture::Architecture, archive::Archive, digest::Digest, image::Image};

/// All that is to be known of a build. Nothing of it depends on when and for how long it ran.
#[derive(Debug)]
pub(super) struct Report<'a> {
    pub(super) application: &'a str,
    pub(super) architecture: Architecture,
    pub(super) profile: &'a str,
    /// The size of the binary.
    pub(super) unpacked: usize,
    pub(super) binary: Digest,
    pub(super) artifact: Artifact,
}

/// What was written.
#[derive(Debug)]
pub(super) enum Artifact {
    /// For a function of package type `Zip`.
    Zip(Archive),
    /// For a function of package type `Image`.
    Image(Image),
}

impl Report<'_> {
    /// To standard output.
    pub(super) fn print(&self, as_json: bool) -> Result<()> {
        if as_json {
            let text = serde_json::to_string_pretty(&self.to_json()).context("cannot write what was made")?;
            crate::print(&(text + "\n"))
        } else {
            crate::print(&self.to_text())
        }
    }

    fn to_text(&self) -> String {
        let unpacked = megabytes(self.unpacked as u64);
        match &self.artifact {
            Artifact::Zip(Archive { path, size, digest }) => format!(
                "{}\n  sha256      {}\n  CodeSha256  {}\n  size        {} zipped of 50, {unpacked} unzipped of 250\n",
                path.display(),
                digest.hex(),
                digest.base64(),
                megabytes(*size as u64),
            ),
            Artifact::Image(Image { folder, archive, digest, size }) => format!(
                "{}\n{}\n  digest      {digest}\n  size        {}, the binary alone {unpacked}\n",
                folder.display(),
                archive.display(),
                megabytes(*size),
            ),
        }
    }

    fn to_json(&self) -> Value {
        let artifact = match &self.artifact {
            Artifact::Zip(Archive { path, size, digest }) => json!({"zip": {
                "path": path, "size": size, "sha256": digest.hex(), "code_sha256": digest.base64(),
            }}),
            Artifact::Image(Image { folder, archive, digest, size }) => json!({"image": {
                "layout": folder, "archive": archive, "size": size, "digest": digest.to_string(),
            }}),
        };
        let mut report = json!({
            "application": self.application,
            "architecture": self.architecture.lambda(),
            "profile": self.profile,
            "binary": {"size": self.unpacked, "sha256": self.binary.hex()},
        });
        if let (Value::Object(report), Value::Object(artifact)) = (&mut report, artifact) {
            report.extend(artifact);
        }
        report
    }
}

/// As AWS counts them.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes * 10 / (1 << 20);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn report(artifact: Artifact) -> Report<'static> {
        let binary = Digest::of(b"binary");
        Report {
            application: "orders",
            architecture: Architecture::X86_64,
            profile: "release",
            unpacked: 10_374_456,
            binary,
            artifact,
        }
    }

    #[test]
    fn an_archive_is_told_with_its_hashes_and_limits() {
        let archive = Archive { path: "orders.zip".into(), size: 4_200_000, digest: Digest::of(b"zip") };
        let report = report(Artifact::Zip(archive));
        expect![[r#"
            orders.zip
              sha256      4a70fe9aa6436e02c2dea340fbd1e352e4ef2d8ce6ca52ad25d4b95471fc8bf2
              CodeSha256  SnD+mqZDbgLC3qNA+9HjUuTvLYzmylKtJdS5VHH8i/I=
              size        4.0 MB zipped of 50, 9.8 MB unzipped of 250
        "#]]
        .assert_eq(&report.to_text());
        expect![[r#"
            {
              "application": "orders",
              "architecture": "x86_64",
              "binary": {
                "sha256": "9a3a45d01531a20e89ac6ae10b0b0beb0492acd7216a368aa062d1a5fecaf9cd",
                "size": 10374456
              },
              "profile": "release",
              "zip": {
                "code_sha256": "SnD+mqZDbgLC3qNA+9HjUuTvLYzmylKtJdS5VHH8i/I=",
                "path": "orders.zip",
                "sha256": "4a70fe9aa6436e02c2dea340fbd1e352e4ef2d8ce6ca52ad25d4b95471fc8bf2",
                "size": 4200000
              }
            }"#]]
        .assert_eq(&format!("{:#}", report.to_json()));
    }

    #[test]
    fn an_image_is_told_with_the_digest_that_a_registry_knows_it_by() {
        let image = Image {
            folder: "orders.oci".into(),
            archive: "orders.oci.tar".into(),
            size: 4_200_000,
            digest: Digest::of(b"manifest"),
        };
        let report = report(Artifact::Image(image));
        expect![[r#"
            orders.oci
            orders.oci.tar
              digest      sha256:05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f
              size        4.0 MB, the binary alone 9.8 MB
        "#]]
        .assert_eq(&report.to_text());
        expect![[r#"
            {
              "archive": "orders.oci.tar",
              "digest": "sha256:05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f",
              "layout": "orders.oci",
              "size": 4200000
            }"#]]
        .assert_eq(&format!("{:#}", report.to_json()["image"]));
    }
}
