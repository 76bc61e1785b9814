use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::error::Error;

/// Pages are this long unless the caller wants shorter ones.
const LONGEST: usize = 60;

/// Cuts a page out of a list, and returns it with the token of the next one. A limit of nothing or 0 is the longest.
pub(super) fn page<T>(
    items: impl Iterator<Item = T>,
    limit: Option<usize>,
    token: Option<&str>,
) -> Result<(Vec<T>, Option<String>), Error> {
    let limit = limit.filter(|limit| *limit > 0).unwrap_or(LONGEST).min(LONGEST);
    let start = token.map_or(Some(0), decode).ok_or_else(invalid_token)?;
    let mut items = items.skip(start);
    let page: Vec<T> = items.by_ref().take(limit).collect();
    let next = items.next().map(|_| URL_SAFE_NO_PAD.encode((start + page.len()).to_string()));
    Ok((page, next))
}

fn decode(token: &str) -> Option<usize> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?.parse().ok()
}

fn invalid_token() -> Error {
    Error::InvalidParameter("Invalid pagination token".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_until_the_list_ends() {
        let (first, token) = page(0..5, Some(3), None).unwrap();
        let (second, end) = page(0..5, Some(3), token.as_deref()).unwrap();
        assert_eq!((first, second, end), (vec![0, 1, 2], vec![3, 4], None));
    }

    #[test]
    fn a_token_of_somebody_elses_making_is_refused() {
        assert!(page(0..5, None, Some("💥")).is_err());
    }
}
