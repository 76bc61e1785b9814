//! What Lambda and CloudWatch take as the settings of a function.

use std::ops::RangeInclusive;

use super::table::resource;

/// Room in `/tmp`, in MB. <https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html>
pub const EPHEMERAL_STORAGE: RangeInclusive<u64> = 512..=10_240;
/// Retries of an asynchronous invocation.
/// <https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html>
pub const EVENT_RETRIES: RangeInclusive<u64> = 0..=2;
/// Age from which an event is no longer tried, in seconds.
pub const EVENT_AGE: RangeInclusive<u64> = 60..=21_600;
/// Layers of a function. <https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html>
pub const LAYERS: usize = 5;
/// All environment variables of a function, as the JSON that Lambda measures.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const ENVIRONMENT_BYTES: usize = 4_096;

/// For how many days CloudWatch keeps a log.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
const LOG_RETENTION: [u64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// Says what is wrong with the days that a log is kept, or nothing.
///
/// # Errors
/// A sentence with the nearest number that CloudWatch takes.
pub fn check_log_retention(days: u64) -> Result<(), String> {
    if LOG_RETENTION.contains(&days) {
        return Ok(());
    }
    let near = LOG_RETENTION.into_iter().min_by_key(|it| it.abs_diff(days)).unwrap_or(30);
    Err(format!("CloudWatch keeps no logs for {days} days: the nearest that it takes is {near}"))
}

/// Says what is wrong with the ARN of a layer's version, or nothing.
///
/// # Errors
/// A sentence with an example.
pub fn check_layer(arn: &str) -> Result<(), String> {
    if name_of_layer(arn).is_some() {
        return Ok(());
    }
    Err(format!(
        "`{arn}` is no version of a layer: write its ARN with the version at the end, \
         `arn:aws:lambda:eu-west-1:123456789012:layer:tools:3`"
    ))
}

/// Says what is wrong with layers together, or nothing.
///
/// # Errors
/// A sentence that names the layer that is too much.
pub fn check_layers<'a>(arns: impl IntoIterator<Item = &'a str>) -> Result<(), String> {
    let mut seen: Vec<&str> = Vec::new();
    for arn in arns {
        if seen.len() == LAYERS {
            return Err(format!("a function takes {LAYERS} layers, and `{arn}` is one more: remove one of them"));
        }
        let layer = name_of_layer(arn).map_or(arn, |(layer, _)| layer);
        if seen.contains(&layer) {
            return Err(format!("a function takes one version of a layer, and `{arn}` is another: remove one of them"));
        }
        seen.push(layer);
    }
    Ok(())
}

/// The ARN without its version, and the version.
fn name_of_layer(arn: &str) -> Option<(&str, &str)> {
    let name = resource(arn, "lambda")?.strip_prefix("layer:")?;
    let (name, version) = name.split_once(':')?;
    let is_version = version.bytes().all(|c| c.is_ascii_digit()) && !version.trim_start_matches('0').is_empty();
    let is_name = !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c));
    (is_name && is_version).then(|| arn.rsplit_once(':')).flatten()
}

/// Says by how much environment variables are too large for a function that has no others, or nothing.
///
/// # Errors
/// A sentence that says what to do.
pub fn check_environment_size<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<(), String> {
    let lengths = variables.into_iter().map(|(name, value)| json_length(name) + json_length(value) + 2);
    let bytes = 2 + lengths.sum::<usize>().saturating_sub(1);
    if bytes <= ENVIRONMENT_BYTES {
        return Ok(());
    }
    Err(format!(
        "the environment variables take {bytes} bytes, but Lambda takes {ENVIRONMENT_BYTES}: keep what is long in a \
         table, a parameter or the binary"
    ))
}

/// The bytes of a text as a JSON string.
fn json_length(text: &str) -> usize {
    let escaped = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    };
    2 + text.chars().map(escaped).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_kept_for_the_days_that_cloudwatch_knows() {
        assert_eq!(check_log_retention(30), Ok(()));
        assert_eq!(
            check_log_retention(31),
            Err("CloudWatch keeps no logs for 31 days: the nearest that it takes is 30".into())
        );
        assert!(check_log_retention(0).unwrap_err().ends_with("takes is 1"));
    }

    #[test]
    fn a_layer_is_named_with_its_version() {
        for good in [
            "arn:aws:lambda:eu-west-1:123456789012:layer:tools:3",
            "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:layer:tools_2:10",
        ] {
            assert_eq!(check_layer(good), Ok(()), "{good}");
        }
        for bad in [
            "tools",
            "arn:aws:lambda:eu-west-1:123456789012:layer:tools",
            "arn:aws:lambda:eu-west-1:123456789012:layer:tools:0",
            "arn:aws:lambda:eu-west-1:123456789012:layer:tools:x",
            "arn:aws:lambda:eu-west-1:123456789012:function:tools:3",
        ] {
            assert!(check_layer(bad).unwrap_err().contains("is no version of a layer"), "{bad}");
        }
    }

    #[test]
    fn five_layers_are_taken_each_in_one_version() {
        let layer = |number: usize| format!("arn:aws:lambda:eu-west-1:123456789012:layer:l{number}:1");
        let layers: Vec<_> = (0..6).map(layer).collect();
        assert_eq!(check_layers(layers[..5].iter().map(String::as_str)), Ok(()));
        assert!(
            check_layers(layers.iter().map(String::as_str))
                .unwrap_err()
                .contains("`arn:aws:lambda:eu-west-1:123456789012:layer:l5:1` is one more")
        );
        let other = layers[0].trim_end_matches('1').to_owned() + "2";
        assert!(check_layers([&*layers[0], &*other]).unwrap_err().contains("one version of a layer"));
    }

    #[test]
    fn an_environment_is_measured_as_json() {
        let value = "v".repeat(ENVIRONMENT_BYTES - r#"{"AB":""}"#.len());
        assert_eq!(check_environment_size([("AB", &*value)]), Ok(()));
        let one_more = value.clone() + "v";
        assert!(check_environment_size([("AB", &*one_more)]).unwrap_err().contains("take 4097 bytes"));
        assert!(check_environment_size([("AB", &*(value[1..].to_owned() + "\""))]).is_err());
        assert_eq!(check_environment_size([]), Ok(()));
    }
}
