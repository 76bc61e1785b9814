/// Whether a pattern of IAM's, with `*` for any characters and `?` for one, is the whole of a text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    if !pattern.contains(['*', '?']) {
        return pattern == text;
    }
    glob(pattern.as_bytes(), text.as_bytes(), |_| true)
}

/// The same for an ARN: there a `*` reaches beyond a colon only where it ends its segment.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
pub(super) fn matches_arn(pattern: &str, arn: &str) -> bool {
    if !pattern.contains(['*', '?']) {
        return pattern == arn;
    }
    glob(pattern.as_bytes(), arn.as_bytes(), |after| matches!(after.first(), None | Some(b':')))
}

/// One row per character of the pattern: which beginnings of the text the pattern so far can be.
fn glob(pattern: &[u8], text: &[u8], crosses_colons: impl Fn(&[u8]) -> bool) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for (at, letter) in pattern.iter().enumerate() {
        let before = std::mem::replace(&mut reached, vec![false; text.len() + 1]);
        if *letter == b'*' {
            let crosses = crosses_colons(&pattern[at + 1..]);
            reached[0] = before[0];
            for end in 0..text.len() {
                reached[end + 1] = before[end + 1] || (reached[end] && (crosses || text[end] != b':'));
            }
        } else {
            for end in 0..text.len() {
                let same = *letter == text[end] || (*letter == b'?' && text[end] != b':');
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
