//! Pages, cursors and streams of items, against the local runner's DynamoDB.

use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde::{Deserialize, Serialize};
use skyloom::{
    Error, Json, Read, ReadIndex, Scan, Table, Write, handler,
    table::{self, Cursor, Page},
};
use skyloom_local::Local;

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[index(ByColour, partition = "colour", sort = "size")]
struct Shirt {
    #[partition_key]
    shop: String,
    #[sort_key]
    id: u32,
    colour: String,
    size: u32,
    note: Option<String>,
}

/// Many are equal in the index.
fn shirt(shop: &str, id: u32) -> Shirt {
    let colour = if id.is_multiple_of(3) { "red" } else { "blue" };
    let note = (id % 4 == 1).then(|| "sold".to_owned());
    Shirt { shop: shop.into(), id, colour: colour.into(), size: id % 4, note }
}

/// A query in pages.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Case {
    limit: u32,
    descending: bool,
    filtered: bool,
    after: Option<u32>,
    index: bool,
}

#[handler(invoke)]
async fn fills(Json(count): Json<u32>, shirts: Write<Shirt>) -> Result<(), Error> {
    let all: Vec<_> = ["ann", "bob"].into_iter().flat_map(|shop| (0..count).map(|id| shirt(shop, id))).collect();
    Ok(shirts.put_many(&all).await?)
}

/// The items of all pages, then those of the same query at once.
#[handler(invoke)]
async fn reads_pages(
    Json(case): Json<Case>,
    shirts: Read<Shirt>,
    by_colour: ReadIndex<ByColour>,
) -> Result<Json<[Vec<Shirt>; 3]>, Error> {
    let Case { limit, descending, filtered, after, index } = case;
    macro_rules! adapted {
        ($query:expr) => {{
            let mut query = $query;
            if descending {
                query = query.descending();
            }
            if filtered {
                query = query.filter(Shirt::NOTE.not_exists());
            }
            match after {
                Some(after) => query.sort_ge(after),
                None => query,
            }
        }};
    }
    macro_rules! read {
        ($query:expr) => {{
            let (mut paged, mut next) = (Vec::new(), None::<Cursor>);
            loop {
                let page = adapted!($query).limit(limit).after(next).page().await?;
                paged.extend(page.items);
                next = page.next;
                if next.is_none() {
                    break;
                }
            }
            let (mut streamed, mut stream) = (Vec::new(), adapted!($query).stream());
            while let Some(shirt) = stream.try_next().await? {
                streamed.push(shirt);
            }
            [paged, adapted!($query).all().await?, streamed]
        }};
    }
    Ok(Json(if index { read!(by_colour.query("red")) } else { read!(shirts.query("ann")) }))
}

fn cases() -> impl Strategy<Value = Case> {
    let any = proptest::bool::ANY;
    (1..12_u32, any, any, proptest::option::of(0..30_u32), any)
        .prop_map(|(limit, descending, filtered, after, index)| Case { limit, descending, filtered, after, index })
}

#[skyloom_local::test]
async fn pages_of_any_size_have_all_items_in_order_and_once(app: Local) {
    app.invoke::<()>("fills", &30).await.unwrap();
    let mut runner = TestRunner::deterministic();
    for _ in 0..60 {
        let case = cases().new_tree(&mut runner).unwrap().current();
        let [paged, all, streamed]: [Vec<Shirt>; 3] = app.invoke("reads_pages", &case).await.unwrap();
        assert_eq!(paged, all, "{case:?}");
        assert_eq!(streamed, all, "{case:?}");
        let is_one_of = |shirt: &Shirt| match case.index {
            true => shirt.colour == "red" && case.after.is_none_or(|after| shirt.size >= after),
            false => shirt.shop == "ann" && case.after.is_none_or(|after| shirt.id >= after),
        };
        let expected = ["ann", "bob"].into_iter().flat_map(|shop| (0..30).map(move |id| shirt(shop, id)));
        let expected = expected.filter(|shirt| is_one_of(shirt) && !(case.filtered && shirt.note.is_some())).count();
        assert_eq!(all.len(), expected, "{case:?}");
    }
}

#[handler(invoke)]
async fn first_page(shirts: Read<Shirt>) -> Result<Json<Page<Shirt>>, Error> {
    Ok(Json(shirts.query("ann").limit(2).page().await?))
}

#[handler(invoke)]
async fn next_page(
    Json((shop, cursor)): Json<(String, Cursor)>,
    shirts: Read<Shirt>,
) -> Result<Json<Vec<u32>>, table::Error> {
    let page = shirts.query(shop).limit(2).after(cursor).page().await?;
    Ok(Json(page.items.into_iter().map(|shirt| shirt.id).collect()))
}

#[skyloom_local::test]
async fn functions_share_the_key_of_cursors(app: Local) {
    app.invoke::<()>("fills", &5).await.unwrap();
    let page: serde_json::Value = app.invoke("first_page", &()).await.unwrap();
    let cursor = page["next"].as_str().unwrap();
    assert_eq!(app.invoke::<Vec<u32>>("next_page", &("ann", cursor)).await.unwrap(), [2, 3]);
    let refused = app.invoke::<Vec<u32>>("next_page", &("bob", cursor)).await.unwrap_err();
    assert!(refused.contains("the cursor is not valid"), "{refused}");
    let forged = cursor.replacen(&cursor[40..41], if &cursor[40..41] == "A" { "B" } else { "A" }, 1);
    let refused = app.invoke::<Vec<u32>>("next_page", &("ann", forged)).await.unwrap_err();
    assert!(refused.contains("the cursor is not valid"), "{refused}");
}

#[handler(invoke)]
async fn scans(scan: Scan<Shirt>) -> Result<(), Error> {
    for segments in [1, 2, 7, 100] {
        let mut ids: Vec<_> =
            scan.items().segments(segments).all().await?.into_iter().map(|it| (it.shop, it.id)).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 60, "{segments}");
        let red = scan.filter(Shirt::COLOUR.eq("red")).segments(segments);
        assert_eq!(red.count().await?, 20);
    }
    assert_eq!(scan.items().limit(7).segments(3).all().await?.len(), 7);
    Ok(())
}

#[skyloom_local::test]
async fn segments_have_every_item_once(app: Local) {
    app.invoke::<()>("fills", &30).await.unwrap();
    app.invoke::<()>("scans", &()).await.unwrap();
}

#[handler(invoke)]
async fn selects(shirts: Read<Shirt>, scan: Scan<Shirt>) -> Result<(), Error> {
    let some = shirts.query("ann").descending().select((Shirt::ID, Shirt::COLOUR, Shirt::NOTE));
    let expected = [(3, "red".to_owned(), None), (2, "blue".to_owned(), None)];
    assert_eq!(some.all().await?[..2], expected);
    let page = shirts.query("ann").limit(2).select(Shirt::SIZE).page().await?;
    assert_eq!((page.items.as_slice(), page.next.is_some()), (&[0, 1][..], true));
    assert_eq!(scan.items().select(Shirt::SIZE).all().await?.len(), 8);
    let many = shirts.get_many_consistent([("ann", 1), ("ann", 9)]).await?;
    assert_eq!(many, [Some(shirt("ann", 1)), None]);
    Ok(())
}

#[skyloom_local::test]
async fn attributes_are_read_without_the_others(app: Local) {
    app.invoke::<()>("fills", &4).await.unwrap();
    app.invoke::<()>("selects", &()).await.unwrap();
}

#[handler(invoke)]
async fn stores(Json(shirt): Json<Shirt>, shirts: Write<Shirt>) -> Result<(), table::Error> {
    shirts.put(&shirt).await
}

#[skyloom_local::test]
async fn an_empty_key_of_an_index_is_found_before_it_is_sent(app: Local) {
    let error = app.invoke::<()>("stores", &Shirt { colour: String::new(), ..shirt("ann", 1) }).await.unwrap_err();
    assert!(error.contains("a key is empty or too long"), "{error}");
    assert!(
        app.logs("stores").iter().any(|line| line.contains("the partition key is empty")),
        "{:?}",
        app.logs("stores")
    );
}
