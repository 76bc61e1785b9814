//! What the other engine says otherwise.

use crate::transcript::Lines;

/// Requests to which moto's answer is known not to be AWS's, each with the reason. There is no other allowance.
pub(crate) const KNOWN: &[(&str, &str)] = &[];

/// How many answers were compared, and those that are different without being known.
pub(crate) fn between(here: &[(&str, Lines)], there: &[(&str, Lines)]) -> (usize, Vec<String>) {
    let (mut compared, mut unexpected) = (0, Vec::new());
    for ((function, here), (_, there)) in here.iter().zip(there) {
        assert_eq!(here.len(), there.len(), "{function} asked something else");
        for ((request, here), (_, there)) in here.iter().zip(there) {
            compared += 1;
            let is_known = KNOWN.iter().any(|(known, _)| known == request);
            if (here == there) == is_known {
                unexpected.push(format!("{function}: {request}\n     here: {here}\n    there: {there}"));
            }
        }
    }
    (compared, unexpected)
}
