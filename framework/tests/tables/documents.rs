//! Document paths, conditions, updates, what writes return and versions, as DynamoDB sees them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use skyloom::{
    Document, Error, Read, Table, Write, handler,
    table::{self, Attribute, DataType},
};
use skyloom_local::Local;

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Parcel {
    #[partition_key]
    id: String,
    status: String,
    address: Option<Address>,
    #[serde(default)]
    stops: Vec<Stop>,
    #[serde(default)]
    fees: BTreeMap<String, i64>,
    paid: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Document, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Address {
    /// A reserved word.
    name: String,
    street_lines: Vec<String>,
    floor: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Document, Serialize, Deserialize)]
struct Stop {
    city: String,
}

/// Attributes that the struct does not know.
struct Labels;
impl table::SetAttribute for Labels {
    type Element = String;
}
const LABELS: Attribute<Parcel, Labels> = Attribute::new("labels");

fn parcel() -> Parcel {
    Parcel {
        id: "1".into(),
        status: "new".into(),
        address: Some(Address { name: "Ann".into(), street_lines: vec!["one".into(), "two".into()], floor: Some(3) }),
        stops: vec![Stop { city: "Oslo".into() }],
        fees: BTreeMap::from([("eu.std".to_owned(), 5)]),
        paid: Some(5),
    }
}

fn stop(city: &str) -> Stop {
    Stop { city: city.into() }
}

#[handler(invoke)]
async fn updates_documents(reads: Read<Parcel>, parcels: Write<Parcel>) -> Result<(), Error> {
    parcels.put(&parcel()).await?;
    let update = || parcels.update("1");
    let moved = update()
        .set(Parcel::ADDRESS.then(Address::NAME), "Bob")
        .set(Parcel::ADDRESS.then(Address::STREET_LINES).at(0), Parcel::STATUS)
        .remove(Parcel::ADDRESS.then(Address::STREET_LINES).at(1))
        .remove(Parcel::ADDRESS.then(Address::FLOOR))
        .set(Parcel::STOPS.at(0).then(Stop::CITY), "Rome")
        .add(Parcel::FEES.entry("eu.std"), 2)
        .add(Parcel::FEES.entry("new one"), 7)
        .set_if_absent(Parcel::PAID, 100)
        .await?;
    let expected = Parcel {
        address: Some(Address { name: "Bob".into(), street_lines: vec!["new".into()], floor: None }),
        stops: vec![stop("Rome")],
        fees: BTreeMap::from([("eu.std".to_owned(), 7), ("new one".to_owned(), 7)]),
        ..parcel()
    };
    assert_eq!(moved, expected);

    let longer = update().append(Parcel::STOPS, [stop("Bern")]).remove(Parcel::PAID).await?;
    assert_eq!(longer.stops, [stop("Rome"), stop("Bern")]);
    let longer = update().prepend(Parcel::STOPS, [stop("Kiel")]).set_if_absent(Parcel::PAID, 100).await?;
    assert_eq!((longer.stops.len(), longer.stops[0].city.as_str(), longer.paid), (3, "Kiel", Some(100)));
    let created = parcels.update("2").append(Parcel::STOPS, [stop("Ulm")]).set(Parcel::STATUS, "new").or_create();
    assert_eq!(created.await?.stops, [stop("Ulm")]);

    update().add(LABELS, ["a", "b", "c"]).await?;
    update().delete(LABELS, ["a", "x"]).set(Parcel::STATUS, "seen").await?;
    update().only_if(LABELS.size().eq(2).and(LABELS.is_type(DataType::StringSet))).returning_nothing().await?;
    update().delete(LABELS, ["b", "c"]).only_if(LABELS.exists()).await?;
    update().only_if(LABELS.not_exists()).await?;
    assert_eq!(reads.get("1").await?.map(|parcel| parcel.status), Some("seen".into()));
    Ok(())
}

#[skyloom_local::test]
async fn what_is_inside_an_item_is_updated_by_its_path(app: Local) {
    app.invoke::<()>("updates_documents", &()).await.unwrap();
}

#[handler(invoke)]
async fn gives_items_back(parcels: Write<Parcel>) -> Result<(), Error> {
    let late = Parcel { status: "late".into(), ..parcel() };
    assert_eq!(parcels.put(&parcel()).returning_old().await?, None);
    assert_eq!(parcels.put(&late).returning_old().await?, Some(parcel()));
    let before = parcels.update("1").set(Parcel::STATUS, "new").returning_old().await?;
    assert_eq!(before, Some(late));
    for refused in [
        parcels.put_new(&parcel()).await,
        parcels.delete("1").only_if(Parcel::STOPS.size().gt(3)).await,
        parcels.update("1").only_if(Parcel::PAID.gt(Parcel::FEES.entry("eu.std"))).returning_nothing().await,
    ] {
        let Err(table::Error::ConditionFailed(found)) = refused else { panic!("{refused:?}") };
        assert_eq!(found.item()?, Some(parcel()));
    }
    assert_eq!(parcels.delete("1").only_if(Parcel::exists()).returning_old().await?, Some(parcel()));
    assert_eq!(parcels.delete("1").returning_old().await?, None);
    let gone = parcels.delete("1").only_if(Parcel::exists()).await;
    assert!(matches!(&gone, Err(table::Error::ConditionFailed(found)) if found.attributes().is_none()), "{gone:?}");
    Ok(())
}

#[skyloom_local::test]
async fn a_write_gives_the_item_that_was_there(app: Local) {
    app.invoke::<()>("gives_items_back", &()).await.unwrap();
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Account {
    #[partition_key]
    id: String,
    balance: i64,
    #[version]
    #[serde(default, rename = "v")]
    version: u64,
}

#[handler(invoke)]
async fn locks(accounts: Write<Account>, reads: Read<Account>) -> Result<(), Error> {
    let account = |balance, version| Account { id: "a".into(), balance, version };
    accounts.put(&account(1, 0)).await?;
    assert_eq!(reads.get("a").await?, Some(account(1, 1)));
    accounts.put(&account(2, 1)).await?;
    for stale in [accounts.put(&account(9, 1)).await, accounts.put(&account(9, 0)).await] {
        let Err(table::Error::VersionConflict(found)) = stale else { panic!("{stale:?}") };
        assert_eq!(found.item()?, Some(account(2, 2)));
    }
    assert_eq!(accounts.update("a").add(Account::BALANCE, 5).await?, account(7, 3));
    assert_eq!(accounts.update("a").expecting(3_u64).set(Account::BALANCE, 8).await?, account(8, 4));
    let stale = accounts.update("a").expecting(3_u64).set(Account::BALANCE, 9).returning_nothing().await;
    assert!(matches!(stale, Err(table::Error::VersionConflict(_))), "{stale:?}");
    let other = accounts.update("a").expecting(4_u64).only_if(Account::BALANCE.lt(0)).returning_nothing().await;
    assert!(matches!(other, Err(table::Error::ConditionFailed(_))), "{other:?}");
    let there = accounts.put_new(&account(0, 0)).await;
    assert!(matches!(there, Err(table::Error::ConditionFailed(_))), "{there:?}");
    let stale = accounts.delete("a").expecting(1_u64).await;
    assert!(matches!(stale, Err(table::Error::VersionConflict(_))), "{stale:?}");
    accounts.delete("a").expecting(4_u64).await?;
    let gone = accounts.put(&account(9, 4)).await;
    assert!(matches!(gone, Err(table::Error::VersionConflict(_))), "{gone:?}");

    let client = accounts.client().update_item().table_name(accounts.table_name());
    let before_versions = client.key("id", aws_sdk_dynamodb::types::AttributeValue::S("old".into()));
    before_versions.send().await.map_err(|error| Error::internal(error.into_service_error()))?;
    accounts.put(&Account { id: "old".into(), balance: 1, version: 0 }).await?;
    let twice = accounts.put_many(&[account(1, 0)]).await;
    assert!(matches!(twice, Err(table::Error::Item(_))), "{twice:?}");
    Ok(())
}

#[skyloom_local::test]
async fn nobodys_change_of_a_versioned_item_is_lost(app: Local) {
    app.invoke::<()>("locks", &()).await.unwrap();
}
