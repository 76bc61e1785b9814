//! How the code comes to Lambda: in a zip archive, or in a container image.

use serde_json::{Value, json};
use skyloom_manifest::Manifest;

use super::intrinsic;
use crate::stage::{Package, Stage};

/// Where the functions' code is at AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// An archive in a bucket.
    Object {
        /// The bucket's name.
        bucket: String,
        /// The object's key.
        key: String,
    },
    /// An image in a registry, by its digest.
    Image {
        /// `111122223333.dkr.ecr.eu-west-1.amazonaws.com/skyloom/orders@sha256:…`
        uri: String,
    },
}

/// The properties that all functions share. SAM has none of an image's among its globals.
pub(super) fn globals(manifest: &Manifest, stage: &Stage) -> [(&'static str, Option<Value>); 2] {
    let archive = format!("target/lambda/{}/bootstrap.zip", manifest.application); // where `cargo lambda build` puts it
    let is_zip = !is_image(stage);
    [("CodeUri", is_zip.then(|| archive.into())), ("Runtime", is_zip.then(|| "provided.al2023".into()))]
}

/// The properties of one function that say which it is: one binary serves them all.
pub(super) fn of_function(manifest: &Manifest, function: &str, stage: &Stage) -> Vec<(&'static str, Value)> {
    if !is_image(stage) {
        return vec![("Handler", function.into())];
    }
    vec![
        ("PackageType", "Image".into()),
        ("ImageUri", placeholder(&manifest.application)),
        ("ImageConfig", json!({"Command": [function]})),
    ]
}

/// Puts the code into a template, but for a function that an override gave code of its own.
pub(super) fn put(template: &mut Value, application: &str, code: &Code) {
    match code {
        Code::Object { bucket, key } => {
            template["Globals"]["Function"]["CodeUri"] = json!({"Bucket": bucket, "Key": key});
        }
        Code::Image { uri } => {
            let functions = template["Resources"].as_object_mut().into_iter().flatten();
            for (_, function) in functions.filter(|(_, it)| it["Type"] == "AWS::Serverless::Function") {
                if function["Properties"]["ImageUri"] == placeholder(application) {
                    function["Properties"]["ImageUri"] = uri.as_str().into();
                }
            }
        }
    }
}

/// The name of the repository that an application's images are in.
pub(crate) fn repository(application: &str) -> String {
    format!("skyloom/{}", application.to_ascii_lowercase())
}

fn is_image(stage: &Stage) -> bool {
    stage.settings.package == Some(Package::Image)
}

/// The last image of the repository, until a deployment names one.
fn placeholder(application: &str) -> Value {
    intrinsic::substitute(format!(
        "${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}/{}:latest",
        repository(application)
    ))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::{super::fixture, *};

    #[test]
    fn functions_of_an_image_differ_by_its_command() {
        let mut template = fixture::shop_in_an_image();
        let value = template.value_mut();
        assert_eq!(value["Globals"]["Function"], json!({"Architectures": ["arm64"]}));
        let properties = &mut value["Resources"]["GetOrderFunction"]["Properties"];
        for other in ["Description", "Environment", "LoggingConfig", "MemorySize", "Role", "Timeout"] {
            properties.as_object_mut().unwrap().remove(other);
        }
        expect![[r#"
            {
              "ImageConfig": {
                "Command": [
                  "get_order"
                ]
              },
              "ImageUri": {
                "Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/skyloom/orders:latest"
              },
              "PackageType": "Image"
            }"#]]
        .assert_eq(&serde_json::to_string_pretty(&properties).unwrap());
    }

    #[test]
    fn a_deployment_names_the_image_and_leaves_an_overrides_own() {
        let mut template = fixture::shop_in_an_image();
        template.value_mut()["Resources"]["ShipFunction"]["Properties"]["ImageUri"] = "own".into();
        let deployed = template.with_code("orders", &Code::Image { uri: "new".into() });
        assert_eq!(deployed["Resources"]["GetOrderFunction"]["Properties"]["ImageUri"], "new");
        assert_eq!(deployed["Resources"]["ShipFunction"]["Properties"]["ImageUri"], "own");
    }
}
