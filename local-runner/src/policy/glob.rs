/// A part of a pattern of IAM's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// `*`: any characters.
    Any,
    /// `?`: one character.
    One,
    Byte(u8),
}

/// A text whose stars and question marks are wildcards.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let piece = |byte| match byte {
        b'*' => Piece::Any,
        b'?' => Piece::One,
        byte => Piece::Byte(byte),
    };
    text.bytes().map(piece).collect()
}

/// A text that is nothing but itself.
pub(super) fn literal(text: &str) -> Vec<Piece> {
    text.bytes().map(Piece::Byte).collect()
}

/// The pattern as it is written.
pub(super) fn text(pieces: &[Piece]) -> String {
    let byte = |piece: &Piece| match piece {
        Piece::Any => b'*',
        Piece::One => b'?',
        Piece::Byte(byte) => *byte,
    };
    String::from_utf8_lossy(&pieces.iter().map(byte).collect::<Vec<_>>()).into_owned()
}

/// Whether a pattern is the whole of a text.
pub(super) fn matches(pattern: &[Piece], text: &str) -> bool {
    glob(pattern, text.as_bytes(), false)
}

/// The same for an ARN: there a `*` reaches beyond a colon only where it ends its segment.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
pub(super) fn matches_arn(pattern: &[Piece], arn: &str) -> bool {
    glob(pattern, arn.as_bytes(), true)
}

/// One row per piece of the pattern: which beginnings of the text the pattern so far can be.
fn glob(pattern: &[Piece], text: &[u8], is_arn: bool) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for (at, piece) in pattern.iter().enumerate() {
        let before = std::mem::replace(&mut reached, vec![false; text.len() + 1]);
        if *piece == Piece::Any {
            let crosses = !is_arn || matches!(pattern.get(at + 1), None | Some(Piece::Byte(b':')));
            reached[0] = before[0];
            for end in 0..text.len() {
                reached[end + 1] = before[end + 1] || (reached[end] && (crosses || text[end] != b':'));
            }
        } else {
            for end in 0..text.len() {
                let same = match piece {
                    Piece::Byte(byte) => *byte == text[end],
                    _ => !is_arn || text[end] != b':',
                };
                reached[end + 1] = before[end] && same;
            }
        }
    }
    reached[text.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        super::matches(&pieces(pattern), text)
    }

    fn matches_arn(pattern: &str, arn: &str) -> bool {
        super::matches_arn(&pieces(pattern), arn)
    }

    #[test]
    fn stars_and_question_marks_stand_for_characters() {
        assert!(matches("*", "") && matches("*", "dynamodb:GetItem"));
        assert!(matches("dynamodb:*Item", "dynamodb:GetItem"));
        assert!(matches("dynamodb:?etItem", "dynamodb:GetItem"));
        assert!(!matches("dynamodb:?etItem", "dynamodb:etItem"));
        assert!(!matches("dynamodb:Get", "dynamodb:GetItem"));
        assert!(matches("a*b*c", "a-b-b-c") && !matches("a*b*c", "a-b-b"));
    }

    #[test]
    fn a_star_inside_a_segment_stays_in_it() {
        let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders-Order";
        assert!(matches_arn("arn:aws:dynamodb:*:*:table/*", arn));
        assert!(matches_arn("arn:aws:dynamodb:*", arn));
        assert!(matches_arn("arn:aws:dynamodb:us-*-1:*:table/orders-*", arn));
        assert!(!matches_arn("arn:aws:dynamodb:us-*0:table/orders-Order", arn));
        assert!(!matches_arn("arn:aws:dynamodb:*:*:table/orders-?", arn));
    }

    proptest! {
        #[test]
        fn a_text_is_its_own_pattern_and_many_stars_do_not_take_long(text in "[a-z:]{0,64}") {
            prop_assert!(matches(&text, &text));
            let stars = "*a".repeat(200);
            prop_assert!(!matches(&stars, &text));
        }
    }
}
