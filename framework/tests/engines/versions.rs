//! Optimistic locking.

use serde::{Deserialize, Serialize};
use skyloom::{Json, Read, Table, Write, handler};

use crate::transcript::{Lines, transcript};

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Account {
    #[partition_key]
    id: String,
    balance: i64,
    #[version]
    version: u64,
}

fn account(balance: i64, version: u64) -> Account {
    Account { id: "a".into(), balance, version }
}

#[handler(invoke)]
async fn versions(accounts: Write<Account>, reads: Read<Account>) -> Json<Lines> {
    transcript! {
        accounts.put(&account(1, 0));
        accounts.put(&account(2, 1));
        accounts.put(&account(9, 1));
        accounts.put(&account(9, 0));
        accounts.put_new(&account(9, 0));
        accounts.update("a").add(Account::BALANCE, 5);
        accounts.update("a").expecting(3_u64).set(Account::BALANCE, 8);
        accounts.update("a").expecting(3_u64).set(Account::BALANCE, 9);
        accounts.update("a").expecting(4_u64).only_if(Account::BALANCE.lt(0)).returning_nothing();
        accounts.delete("a").expecting(1_u64);
        reads.get("a");
        accounts.delete("a").expecting(4_u64).returning_old();
        accounts.put(&account(9, 4));
        reads.get("a");
    }
}
