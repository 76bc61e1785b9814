//! What AWS takes as the settings of a table.

use std::ops::RangeInclusive;

/// Read or write capacity, and the most requests per second of a table on demand. An account's quota is lower, but can
/// be raised.
pub const CAPACITY: RangeInclusive<u64> = 1..=u32::MAX as u64;
/// Utilization that autoscaling aims at, in percent.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html>
pub const CAPACITY_TARGET: RangeInclusive<u64> = 20..=90;
/// How far back a table can be restored, in days.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoverySpecification.html>
pub const RECOVERY_DAYS: RangeInclusive<u64> = 1..=35;
/// Tags of a table or of a function. <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html>
pub const TAGS: usize = 50;

const TAG_KEY_LENGTH: usize = 128;
const TAG_VALUE_LENGTH: usize = 256;

/// Says what is wrong with a tag's key.
///
/// # Errors
/// A sentence that names the rule.
pub fn check_tag_key(key: &str) -> Result<(), String> {
    let length = key.chars().count();
    if !(1..=TAG_KEY_LENGTH).contains(&length) {
        return Err(format!("the key of a tag has 1 to {TAG_KEY_LENGTH} characters, and this one has {length}"));
    }
    if key.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:")) {
        return Err("keys of tags that begin with `aws:` are AWS's own: choose another one".into());
    }
    check_tag_characters(key)
}

/// Says what is wrong with a tag's value, which may be empty.
///
/// # Errors
/// A sentence that names the rule.
pub fn check_tag_value(value: &str) -> Result<(), String> {
    let length = value.chars().count();
    if length > TAG_VALUE_LENGTH {
        return Err(format!("the value of a tag has at most {TAG_VALUE_LENGTH} characters, and this one has {length}"));
    }
    check_tag_characters(value)
}

fn check_tag_characters(text: &str) -> Result<(), String> {
    let is_allowed = |c: &char| c.is_alphanumeric() || c.is_whitespace() || "+-=._:/@".contains(*c);
    match text.chars().find(|c| !is_allowed(c)) {
        Some(c) => Err(format!("`{c}` cannot be in a tag: there are letters, digits, spaces and `+ - = . _ : / @`")),
        None => Ok(()),
    }
}

/// Says what is wrong with the name of a region, `eu-west-1`.
///
/// # Errors
/// A sentence with an example.
pub fn check_region(region: &str) -> Result<(), String> {
    let parts: Vec<&str> = region.split('-').collect();
    let is_word = |part: &&str| part.len() > 1 && part.bytes().all(|c| c.is_ascii_lowercase());
    let is_region = match &parts[..] {
        [words @ .., number] => {
            words.len() >= 2
                && words.iter().all(is_word)
                && !number.is_empty()
                && number.bytes().all(|c| c.is_ascii_digit())
        }
        [] => false,
    };
    if is_region { Ok(()) } else { Err(format!("`{region}` is no region: write one like `eu-west-1`")) }
}

/// Says what is wrong with the ARN of a Kinesis data stream.
///
/// # Errors
/// A sentence with an example.
pub fn check_kinesis_stream(arn: &str) -> Result<(), String> {
    match resource(arn, "kinesis") {
        Some(resource) if resource.strip_prefix("stream/").is_some_and(|name| !name.is_empty()) => Ok(()),
        _ => Err(format!(
            "`{arn}` is no Kinesis data stream: write its ARN, `arn:aws:kinesis:eu-west-1:123456789012:stream/changes`"
        )),
    }
}

/// Says what is wrong with the ARN of a KMS key or of its alias.
///
/// # Errors
/// A sentence with an example.
pub fn check_kms_key(arn: &str) -> Result<(), String> {
    let is_key = |resource: &str| {
        ["key/", "alias/"].iter().any(|kind| resource.strip_prefix(kind).is_some_and(|name| !name.is_empty()))
    };
    if resource(arn, "kms").is_some_and(is_key) {
        return Ok(());
    }
    Err(format!(
        "`{arn}` is no encryption: there are `aws-owned`, `aws-managed`, and the ARN of a KMS key, `arn:aws:kms:eu-west-1:123456789012:key/…`"
    ))
}

/// Whether the key that this ARN names can be had in each region of a global table: a multi-Region key has the same id
/// everywhere, and an alias can.
pub fn is_key_of_many_regions(arn: &str) -> bool {
    resource(arn, "kms").is_some_and(|resource| resource.starts_with("key/mrk-") || resource.starts_with("alias/"))
}

/// The region that an ARN names, if it names one and not CloudFormation's own.
pub fn region_of(arn: &str) -> Option<&str> {
    arn_parts(arn).map(|[_, _, region, ..]| region).filter(|region| check_region(region).is_ok())
}

/// The same ARN in another region.
pub fn in_region(arn: &str, region: &str) -> String {
    let Some([partition, service, _, account, resource]) = arn_parts(arn) else { return arn.to_owned() };
    format!("arn:{partition}:{service}:{region}:{account}:{resource}")
}

pub(super) fn resource<'a>(arn: &'a str, wanted: &str) -> Option<&'a str> {
    let [partition, service, region, account, resource] = arn_parts(arn)?;
    let all_there = [partition, region, account].iter().all(|part| !part.is_empty());
    (all_there && service == wanted).then_some(resource)
}

/// Partition, service, region, account and resource. `${AWS::Region}` and its like are parts too, colons and all.
fn arn_parts(arn: &str) -> Option<[&str; 5]> {
    let mut rest = arn.strip_prefix("arn:")?;
    let mut parts = [""; 5];
    for part in &mut parts[..4] {
        let skipped = if rest.starts_with("${") { rest.find('}')? } else { 0 };
        let end = skipped + rest[skipped..].find(':')?;
        *part = &rest[..end];
        rest = &rest[end + 1..];
    }
    parts[4] = rest;
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_within_aws_rules() {
        assert_eq!(check_tag_key("cost-center"), Ok(()));
        assert_eq!(check_tag_value(""), Ok(()));
        assert!(check_tag_key("").unwrap_err().contains("has 1 to 128"));
        assert!(check_tag_key(&"k".repeat(129)).unwrap_err().contains("has 129"));
        assert!(check_tag_key("AWS:team").unwrap_err().contains("AWS's own"));
        assert!(check_tag_value(&"v".repeat(257)).unwrap_err().contains("has 257"));
        assert!(check_tag_value("a;b").unwrap_err().starts_with("`;` cannot be in a tag"));
    }

    #[test]
    fn regions_are_told_from_what_is_none() {
        for region in ["eu-west-1", "us-gov-east-1", "ap-southeast-2", "cn-north-1"] {
            assert_eq!(check_region(region), Ok(()), "{region}");
        }
        for other in ["", "eu", "eu-west", "EU-west-1", "eu_west_1", "eu-west-1a", "eu-1", "-west-1"] {
            assert!(check_region(other).is_err(), "{other}");
        }
    }

    #[test]
    fn arns_are_of_their_service() {
        let stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/changes";
        assert_eq!(check_kinesis_stream(stream), Ok(()));
        let own = "arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/changes";
        assert_eq!(check_kinesis_stream(own), Ok(()));
        assert!(check_kinesis_stream("arn:aws:kinesis:eu-west-1:123456789012:changes").is_err());
        assert!(check_kinesis_stream("changes").is_err());
        assert!(check_kms_key(stream).is_err());
        assert_eq!(check_kms_key("arn:aws:kms:eu-west-1:123456789012:alias/shop"), Ok(()));
        assert_eq!((region_of(stream), region_of(own)), (Some("eu-west-1"), None));
        assert_eq!(in_region(stream, "us-east-1"), "arn:aws:kinesis:us-east-1:123456789012:stream/changes");
    }

    #[test]
    fn only_a_multi_region_key_or_an_alias_is_in_many_regions() {
        assert!(is_key_of_many_regions("arn:aws:kms:eu-west-1:123456789012:key/mrk-1234"));
        assert!(is_key_of_many_regions("arn:aws:kms:eu-west-1:123456789012:alias/shop"));
        assert!(!is_key_of_many_regions("arn:aws:kms:eu-west-1:123456789012:key/1234"));
    }
}
