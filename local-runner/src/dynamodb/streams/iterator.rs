//! A shard iterator: where in a shard to read on.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::time::Duration;

use super::sequence::Sequence;

/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html>
const VALID_FOR: Duration = Duration::from_secs(15 * 60);

/// Its text is the stream's ARN, which IAM decides by, the version of the form, and the rest: `arn:…|1|AAAA…`. Who makes
/// up another rest gets no further than to another place of the same stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShardIterator {
    pub(super) stream: String,
    pub(super) shard: String,
    pub(super) next: Sequence,
    /// When it was given out.
    pub(super) made: Sequence,
}

impl ShardIterator {
    pub(super) fn write(&self) -> String {
        let rest = format!("{}/{}/{}", self.shard, self.next.0, self.made.0);
        format!("{}|1|{}", self.stream, STANDARD.encode(rest))
    }

    pub(super) fn read(text: &str) -> Option<Self> {
        let (stream, rest) = text.split_once("|1|")?;
        let rest = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
        let mut parts = rest.split('/');
        let shard = parts.next()?.to_owned();
        let mut number = || parts.next()?.parse().ok().map(Sequence);
        let (next, made) = (number()?, number()?);
        parts.next().is_none().then(|| Self { stream: stream.to_owned(), shard, next, made })
    }

    pub(super) fn is_expired(&self, now: Sequence) -> bool {
        now >= self.made.plus(VALID_FOR)
    }
}

/// The ARN of the stream that an iterator is of.
pub(in crate::dynamodb) fn stream_of_iterator(text: &str) -> Option<String> {
    ShardIterator::read(text).map(|iterator| iterator.stream)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".{0,60}", rest in "[a-zA-Z0-9/+=]{0,40}") {
            _ = ShardIterator::read(&text);
            _ = ShardIterator::read(&format!("arn:x|1|{rest}"));
            _ = ShardIterator::read(&format!("arn:x|1|{}", STANDARD.encode(text)));
        }

        #[test]
        fn an_iterator_reads_back(next: i64, made: i64) {
            let iterator = ShardIterator {
                stream: "arn:aws:dynamodb:eu-west-1:000000000000:table/a/stream/2025-01-01T00:00:00.250".into(),
                shard: "shardId-00000001735689600250-b5144a04".into(),
                next: Sequence(next),
                made: Sequence(made),
            };
            prop_assert_eq!(ShardIterator::read(&iterator.write()), Some(iterator));
        }
    }

    #[test]
    fn an_iterator_is_valid_for_a_quarter_of_an_hour() {
        let made = Sequence(0);
        let iterator = ShardIterator { stream: String::new(), shard: String::new(), next: made, made };
        assert!(!iterator.is_expired(Sequence(900_000_000 - 1)));
        assert!(iterator.is_expired(Sequence(900_000_000)));
    }
}
