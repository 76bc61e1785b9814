//! What the other engine says otherwise.

use crate::transcript::Lines;

/// Requests that moto 5.2 is known not to answer as AWS does, each with what it does instead. There is no other allowance.
pub(crate) const KNOWN: &[(&str, &str)] = &[
    (
        "pages(|after| ann().limit(8).after(after).page())",
        "a page that is exactly as long as what is left has no LastEvaluatedKey (`Table.query`)",
    ),
    ("that(Thing::SIZE.eq(Thing::LEAST))", "two attributes that are both missing are equal (`OpEqual`)"),
    ("that(Thing::NAME.size().eq(2))", "the size of a missing attribute is an internal error (`FuncSize`)"),
    ("update()", "an update of nothing is an internal error (`Item.update_with_attribute_updates`)"),
    (
        r#"exact().add(Parcel::WEIGHT, number("12345678901234567.00000000000000000001"))"#,
        "sums have Python's 28 digits (`DynamoType.__add__`)",
    ),
    (
        r#"read.get_many((0..100).map(|id| sold.key(("ann", id))))"#,
        "a transaction reads 25 items (`TRANSACTION_MAX_ITEMS`), and AWS's reads 100",
    ),
    (r#"tx.write(take(2)).token("nib")"#, "nothing looks at client request tokens (`transact_write_items`)"),
    (r#"stocks.delete("nib").returning_old()"#, "so that what has the same token is done again"),
];

/// How many answers were compared, and what is not as it should be: answers that are different without being known, and
/// those that are known to be different and are not.
pub(crate) fn between(here: &[(&str, Lines)], there: &[(&str, Lines)]) -> (usize, Vec<String>) {
    let (mut compared, mut known, mut unexpected) = (0, 0, Vec::new());
    for ((function, here), (_, there)) in here.iter().zip(there) {
        assert_eq!(here.len(), there.len(), "{function} asked something else");
        for ((request, here), (_, there)) in here.iter().zip(there) {
            let is_known = KNOWN.iter().any(|(known, _)| known == request);
            compared += 1;
            known += usize::from(is_known);
            if (here == there) == is_known {
                unexpected.push(format!("{function}: {request}\n     here: {here}\n    there: {there}"));
            }
        }
    }
    assert_eq!(known, KNOWN.len(), "a difference that is known is about a request that is not made, or is made twice");
    (compared, unexpected)
}
