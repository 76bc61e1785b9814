//! Whole tables. Their order is the engine's own, so that it is not compared.

use skyloom::{
    Json, Scan, handler,
    table::{Cursor, Error},
};

use crate::{
    reads::{Order, Status},
    transcript::{Lines, transcript},
};

#[handler(invoke)]
async fn scans(scan: Scan<Order>) -> Json<Lines> {
    let open = || Order::STATUS.eq(Status::Open);
    transcript! {
        sorted(scan.all());
        sorted(scan.items().consistent().all());
        sorted(scan.filter(open().and(Order::CENTS.le(90))).all());
        scan.items().count();
        scan.filter(open()).count();
        scan.filter(Order::PLACED_AT.not_exists()).consistent().count();
        how_many(scan.items().limit(7).all());
        how_many(scan.filter(open()).limit(5).all());
        by_sevens(&scan);
        sorted(scan.items().segments(4).all());
        sorted(scan.filter(open()).segments(3).all());
        scan.items().segments(5).count();
        scan.filter(Order::NOTE.exists()).segments(2).count();
        sum(&scan);
        every_note(&scan);
    }
}

async fn sorted(orders: impl Future<Output = Result<Vec<Order>, Error>>) -> Result<Vec<String>, Error> {
    let mut keys: Vec<_> = orders.await?.into_iter().map(|order| format!("{}/{}", order.shopper, order.id)).collect();
    keys.sort();
    Ok(keys)
}

async fn how_many(orders: impl Future<Output = Result<Vec<Order>, Error>>) -> Result<usize, Error> {
    Ok(orders.await?.len())
}

/// How long the pages are, and whether they have every item once.
async fn by_sevens(scan: &Scan<Order>) -> Result<(Vec<usize>, usize), Error> {
    let (mut lengths, mut all, mut after) = (Vec::new(), Vec::new(), None::<Cursor>);
    loop {
        let page = scan.items().limit(7).after(after).page().await?;
        lengths.push(page.items.len());
        all.extend(page.items.into_iter().map(|order| (order.shopper, order.id)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    all.sort();
    all.dedup();
    Ok((lengths, all.len()))
}

async fn sum(scan: &Scan<Order>) -> Result<u64, Error> {
    let (mut stream, mut sum) = (scan.items().segments(3).stream(), 0);
    while let Some(order) = stream.try_next().await? {
        sum += order.cents;
    }
    Ok(sum)
}

async fn every_note(scan: &Scan<Order>) -> Result<Vec<Option<String>>, Error> {
    let mut notes = scan.filter(Order::SHOPPER.eq("ann")).select(Order::NOTE).all().await?;
    notes.sort();
    Ok(notes)
}
