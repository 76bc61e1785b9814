//! Destinations of what becomes of records and events: what is made, how it is named, and who may write to it.

use serde_json::{Value, json};
use skyloom_manifest::{Destination, Manifest};

use super::{Resources, intrinsic, name, policy::allow, target};

/// The longest that SQS keeps a message, in seconds: two weeks.
const LONGEST_RETENTION: u32 = 1_209_600;

/// Adds the destination, if it is one that is made for the application. All are encrypted at rest.
pub(super) fn add(resources: &mut Resources, destination: &Destination) {
    let Some(id) = id(destination) else { return };
    match destination {
        Destination::Queue { .. } => resources.add_shared(id, queue()),
        Destination::Topic { .. } => resources.add_shared(id, topic()),
        Destination::Bucket { .. } => resources.add_shared(id, bucket()),
        Destination::Function { .. } | Destination::Arn { .. } => {}
    }
}

/// The logical id of a destination that is made for the application.
pub(super) fn id(destination: &Destination) -> Option<String> {
    match destination {
        Destination::Queue { name } => Some(name::queue(name)),
        Destination::Topic { name } => Some(name::topic(name)),
        Destination::Bucket { name } => Some(name::bucket(name)),
        Destination::Function { .. } | Destination::Arn { .. } => None,
    }
}

fn queue() -> Value {
    json!({
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {"SqsManagedSseEnabled": true, "MessageRetentionPeriod": LONGEST_RETENTION},
    })
}

fn topic() -> Value {
    json!({
        "Type": "AWS::SNS::Topic",
        "Properties": {"KmsMasterKeyId": "alias/aws/sns"},
    })
}

/// The bucket outlives the stack: it has the records themselves.
fn bucket() -> Value {
    json!({
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}],
            },
            "VersioningConfiguration": {"Status": "Enabled"},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": true,
                "BlockPublicPolicy": true,
                "IgnorePublicAcls": true,
                "RestrictPublicBuckets": true,
            },
        },
    })
}

/// `DestinationConfig` of the event source mapping.
pub(super) fn config(manifest: &Manifest, destination: &Destination) -> Value {
    json!({"OnFailure": {"Destination": arn(manifest, destination)}})
}

/// What Lambda does with the function's role to tell it, and nothing else.
pub(super) fn statements(manifest: &Manifest, destination: &Destination) -> Vec<Value> {
    let arn = || arn(manifest, destination);
    match destination.service() {
        Some("sqs") => vec![allow(&["sqs:SendMessage"], arn())],
        Some("sns") => vec![allow(&["sns:Publish"], arn())],
        Some("lambda") => vec![allow(&["lambda:InvokeFunction"], arn())],
        Some("s3") => {
            vec![allow(&["s3:PutObject"], objects(destination)), allow(&["s3:ListBucket"], arn())]
        }
        _ => vec![],
    }
}

pub(super) fn arn(manifest: &Manifest, destination: &Destination) -> Value {
    match destination {
        Destination::Queue { name } => intrinsic::attribute(&name::queue(name), "Arn"),
        Destination::Topic { name } => intrinsic::reference(&name::topic(name)),
        Destination::Bucket { name } => intrinsic::attribute(&name::bucket(name), "Arn"),
        Destination::Function { name } => {
            let itself = || intrinsic::attribute(&name::function(name), "Arn");
            manifest.function(name).map_or_else(itself, target::arn)
        }
        Destination::Arn { arn } => intrinsic::substitute(arn),
    }
}

/// The objects of a bucket: Lambda's keys begin with `aws/lambda/`.
fn objects(destination: &Destination) -> Value {
    match destination {
        Destination::Bucket { name } => intrinsic::substitute(format!("${{{}.Arn}}/aws/lambda/*", name::bucket(name))),
        other => intrinsic::substitute(format!("{}/aws/lambda/*", other.name())),
    }
}

#[cfg(test)]
mod tests {
    use skyloom_manifest::Trigger;

    use super::*;
    use crate::template::fixture;

    fn shop(destination: Destination) -> Manifest {
        let mut manifest = fixture::shop();
        for function in &mut manifest.functions {
            if let Trigger::Stream(stream) = &mut function.trigger {
                stream.on_failure = Some(destination.clone());
                stream.tumbling_window = Some(60);
                stream.parallelization = 1;
            }
        }
        manifest
    }

    fn role_and_mapping(destination: Destination) -> String {
        let template = fixture::template(&shop(destination));
        let of_type = |wanted: &str| {
            let mut found = template.resources().filter(|(_, it)| it["Type"] == wanted);
            found.find(|(id, _)| id.starts_with("Ship")).map(|(_, it)| it["Properties"].clone()).unwrap()
        };
        let statements = &of_type("AWS::IAM::Role")["Policies"][0]["PolicyDocument"]["Statement"];
        let told = statements.as_array().unwrap().iter().filter(|it| {
            let action = it["Action"][0].as_str().unwrap();
            ["sqs", "sns", "s3"].iter().any(|service| action.starts_with(service))
        });
        let told: Vec<_> = told.map(ToString::to_string).collect();
        let mapping = of_type("AWS::Lambda::EventSourceMapping");
        format!("{}\n{}", mapping["DestinationConfig"], told.join("\n"))
    }

    #[test]
    fn a_queue_is_made_once_and_may_be_sent_to() {
        let destination = Destination::Queue { name: "DeadLetters".into() };
        let template = fixture::template(&shop(destination.clone()));
        assert!(template.resources().any(|(id, it)| id == "DeadLettersQueue" && it["Type"] == "AWS::SQS::Queue"));
        expect_test::expect![[r#"
            {"OnFailure":{"Destination":{"Fn::GetAtt":["DeadLettersQueue","Arn"]}}}
            {"Action":["sqs:SendMessage"],"Effect":"Allow","Resource":{"Fn::GetAtt":["DeadLettersQueue","Arn"]}}"#]]
        .assert_eq(&role_and_mapping(destination));
    }

    #[test]
    fn a_bucket_may_be_written_to_under_lambdas_keys() {
        expect_test::expect![[r#"
            {"OnFailure":{"Destination":{"Fn::GetAtt":["FailedBucket","Arn"]}}}
            {"Action":["s3:PutObject"],"Effect":"Allow","Resource":{"Fn::Sub":"${FailedBucket.Arn}/aws/lambda/*"}}
            {"Action":["s3:ListBucket"],"Effect":"Allow","Resource":{"Fn::GetAtt":["FailedBucket","Arn"]}}"#]]
        .assert_eq(&role_and_mapping(Destination::Bucket { name: "Failed".into() }));
    }

    #[test]
    fn what_is_there_already_is_named_by_its_arn() {
        let arn = "arn:aws:sns:eu-west-1:111122223333:alarms";
        let manifest = shop(Destination::Arn { arn: arn.into() });
        let template = fixture::template(&manifest);
        assert!(!template.resources().any(|(_, it)| it["Type"] == "AWS::SNS::Topic"));
        expect_test::expect![[r#"
            {"OnFailure":{"Destination":"arn:aws:sns:eu-west-1:111122223333:alarms"}}
            {"Action":["sns:Publish"],"Effect":"Allow","Resource":"arn:aws:sns:eu-west-1:111122223333:alarms"}"#]]
        .assert_eq(&role_and_mapping(Destination::Arn { arn: arn.into() }));
    }
}
