//! Where Lambda tells of what became of records and events.

/// What there is to tell. On each occasion Lambda takes other kinds of destinations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The records of a stream are given up.
    StreamFailure,
    /// An event is given up.
    Failure,
    /// An event was handled.
    Success,
    /// An event is given up, and itself sent on.
    DeadLetter,
}

impl Occasion {
    /// The services of the destinations that Lambda takes.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/api/API_OnFailure.html>,
    /// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
    pub const fn services(self) -> &'static [&'static str] {
        match self {
            Self::StreamFailure => &["sqs", "sns", "s3"],
            Self::Failure => &["sqs", "sns", "s3", "lambda"],
            Self::Success => &["sqs", "sns", "lambda"],
            Self::DeadLetter => &["sqs", "sns"],
        }
    }

    /// The kinds of those, in words.
    const fn kinds(self) -> &'static str {
        match self {
            Self::StreamFailure => "an SQS queue, an SNS topic or an S3 bucket",
            Self::Failure => "an SQS queue, an SNS topic, an S3 bucket or a Lambda function",
            Self::Success => "an SQS queue, an SNS topic or a Lambda function",
            Self::DeadLetter => "an SQS queue or an SNS topic",
        }
    }
}

/// Says what is wrong with a destination of that service, `sqs`, on that occasion, or nothing.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_destination(service: &str, occasion: Occasion) -> Result<(), String> {
    if occasion.services().contains(&service) {
        return Ok(());
    }
    Err(format!("a destination is {}, and `{service}` is none of them", occasion.kinds()))
}

/// The service of the ARN of a destination: `sqs`, `sns`, `s3` or `lambda`.
///
/// # Errors
/// A sentence that says what to write.
pub fn service_of_destination(arn: &str) -> Result<&'static str, String> {
    // The placeholders have colons of their own.
    let parts = ["${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}"];
    let plain = parts.iter().fold(arn.to_owned(), |arn, part| arn.replace(part, "x"));
    let fields: Vec<&str> = plain.splitn(6, ':').collect();
    let ["arn", _, service, _, _, name] = fields[..] else {
        return Err(format!("`{arn}` is no ARN: write `arn:aws:sqs:eu-west-1:111122223333:name`"));
    };
    let known =
        Occasion::Failure.services().iter().find(|known| **known == service).ok_or_else(|| {
            format!("a destination is {}, and `{service}` is none of them", Occasion::Failure.kinds())
        })?;
    match name.strip_prefix("function:").unwrap_or(name) {
        "" | "*" => Err(format!("`{arn}` names no one {}: write its name at the end", what(known))),
        name if name.ends_with(".fifo") => {
            Err(format!("Lambda tells no FIFO {0} of this: name a standard {0}", what(known)))
        }
        _ => Ok(known),
    }
}

fn what(service: &str) -> &'static str {
    match service {
        "sqs" => "queue",
        "sns" => "topic",
        "lambda" => "function",
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
    fn a_destination_is_a_queue_a_topic_a_bucket_or_a_function() {
        let function = "arn:aws:lambda:eu-west-1:111122223333:function:f";
        let own = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:failed";
        assert_eq!(service_of_destination("arn:aws:sqs:eu-west-1:111122223333:failed"), Ok("sqs"));
        assert_eq!(service_of_destination(own), Ok("sns"));
        assert_eq!(service_of_destination("arn:aws:s3:::failed"), Ok("s3"));
        assert_eq!(service_of_destination(function), Ok("lambda"));
        for (arn, part) in [
            ("failed", "is no ARN"),
            ("arn:aws:kinesis:eu-west-1:111122223333:stream/s", "`kinesis` is none of them"),
            ("arn:aws:sqs:eu-west-1:111122223333:failed.fifo", "no FIFO queue"),
            ("arn:aws:s3:::*", "names no one bucket"),
            ("arn:aws:lambda:eu-west-1:111122223333:function:*", "names no one function"),
        ] {
            let error = service_of_destination(arn).unwrap_err();
            assert!(error.contains(part), "{arn}: {error}");
        }
    }

    #[test]
    fn not_every_destination_is_for_every_occasion() {
        for (service, occasion) in [
            ("lambda", Occasion::StreamFailure),
            ("s3", Occasion::Success),
            ("s3", Occasion::DeadLetter),
            ("lambda", Occasion::DeadLetter),
        ] {
            assert!(check_destination(service, occasion).is_err(), "{service} {occasion:?}");
        }
        assert_eq!(check_destination("s3", Occasion::Failure), Ok(()));
        assert_eq!(
            check_destination("lambda", Occasion::DeadLetter),
            Err("a destination is an SQS queue or an SNS topic, and `lambda` is none of them".into())
        );
    }

    #[test]
    fn a_name_can_be_a_logical_id() {
        assert_eq!(check_destination_name("DeadLetters"), Ok(()));
        for name in ["", "dead", "Dead_Letters", "Dead-Letters", "D\u{e9}"] {
            assert!(check_destination_name(name).is_err(), "{name}");
        }
    }
}
