//! Where the records go that Lambda gives up.

/// The services of an on-failure destination.
const SERVICES: [&str; 3] = ["sqs", "sns", "s3"];

/// The service of the ARN of an on-failure destination: `sqs`, `sns` or `s3`.
///
/// <https://docs.aws.amazon.com/lambda/latest/api/API_OnFailure.html>
///
/// # Errors
/// A sentence that says what to write.
pub fn destination_service(arn: &str) -> Result<&'static str, String> {
    // The placeholders have colons of their own.
    let parts = ["${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}"];
    let plain = parts.iter().fold(arn.to_owned(), |arn, part| arn.replace(part, "x"));
    let fields: Vec<&str> = plain.splitn(6, ':').collect();
    let ["arn", _, service, _, _, name] = fields[..] else {
        return Err(format!("`{arn}` is no ARN: write `arn:aws:sqs:eu-west-1:111122223333:name`"));
    };
    let known = SERVICES.into_iter().find(|known| *known == service).ok_or_else(|| {
        format!("a destination is an SQS queue, an SNS topic or an S3 bucket, and `{service}` is none of them")
    })?;
    match name {
        "" | "*" => Err(format!("`{arn}` names no one {}: write its name at the end", what(known))),
        name if name.ends_with(".fifo") => {
            Err(format!("Lambda tells no FIFO {0} of failures: name a standard {0}", what(known)))
        }
        _ => Ok(known),
    }
}

fn what(service: &str) -> &'static str {
    match service {
        "sqs" => "queue",
        "sns" => "topic",
        _ => "bucket",
    }
}

/// Says what is wrong with the name of a destination that the application has made, or nothing. It becomes the logical
/// id of a resource.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_destination_name(name: &str) -> Result<(), String> {
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    if name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(is_letter) && name.len() <= 64 {
        return Ok(());
    }
    Err(format!(
        "`{name}` is no name of a destination: write up to 64 letters and digits that begin with a capital, `DeadLetters`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_a_queue_a_topic_or_a_bucket() {
        assert_eq!(destination_service("arn:aws:sqs:eu-west-1:111122223333:failed"), Ok("sqs"));
        assert_eq!(destination_service("arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:failed"), Ok("sns"));
        assert_eq!(destination_service("arn:aws:s3:::failed"), Ok("s3"));
        for (arn, part) in [
            ("failed", "is no ARN"),
            ("arn:aws:lambda:eu-west-1:111122223333:function:f", "`lambda` is none of them"),
            ("arn:aws:sqs:eu-west-1:111122223333:failed.fifo", "no FIFO queue"),
            ("arn:aws:s3:::*", "names no one bucket"),
        ] {
            let error = destination_service(arn).unwrap_err();
            assert!(error.contains(part), "{arn}: {error}");
        }
    }

    #[test]
    fn a_name_can_be_a_logical_id() {
        assert_eq!(check_destination_name("DeadLetters"), Ok(()));
        for name in ["", "dead", "Dead_Letters", "Dead-Letters", "D\u{e9}"] {
            assert!(check_destination_name(name).is_err(), "{name}");
        }
    }
}
