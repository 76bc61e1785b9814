use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use skyloom::{Api, Key, Table, UserPool};

/// The API, which the library's own pages call.
#[derive(Debug, Api)]
#[api(cors(
    origins = ["https://library.example.com"],
    methods = ["GET", "POST", "DELETE"],
    headers = ["authorization", "content-type"],
    expose = ["etag"],
    max_age = "1h"
))]
pub struct Library;

/// Members and librarians sign in here, with the number of their card.
#[derive(Debug, UserPool, Deserialize)]
#[user_pool(sign_in = "username", groups = ["librarian"])]
pub struct Member {
    /// The member's id, which never changes.
    pub sub: String,
}

/// One copy of a book, on a shelf or on loan.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize, JsonSchema)]
#[table(stream = "new-and-old-images")]
#[index(ByBorrower, partition = "borrower", sort = "due")]
#[index(ByBranch, local, sort = "branch")]
pub struct Volume {
    /// The book's number, which all its copies share.
    #[partition_key]
    pub isbn: u64,
    /// The number of this copy, from 1.
    #[sort_key]
    pub number: u64,
    /// What the book is called.
    pub title: String,
    /// Where the copy belongs.
    pub branch: Branch,
    /// Who has it: the member's `sub`. Without one it is on its shelf, and in no index of borrowers.
    pub borrower: Option<String>,
    /// When it has to be back, in seconds since the epoch.
    pub due: Option<u64>,
}

/// A house of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Key, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Branch {
    /// The main house.
    Central,
    /// The one by the harbour.
    Harbour,
}

/// What a librarian sends to add a copy.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVolume {
    /// The book's number.
    pub isbn: u64,
    /// The number of the copy.
    pub number: u64,
    /// What the book is called.
    pub title: String,
    /// Where the copy belongs.
    pub branch: Branch,
}

/// How often a book was borrowed.
#[derive(Debug, PartialEq, Table, Serialize, Deserialize, JsonSchema)]
pub struct Statistic {
    /// The book.
    #[partition_key]
    pub isbn: u64,
    /// Loans so far.
    #[serde(default)]
    pub loans: u64,
}

/// That a member was reminded of a loan.
#[derive(Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(ttl = "forgotten_at")]
pub struct Reminder {
    /// Whom.
    #[partition_key]
    pub member: String,
    /// Of which copy, `isbn-number`, and when it was due, so that each loan is in here once.
    #[sort_key]
    pub loan: String,
    /// When this is forgotten, in seconds since the epoch.
    pub forgotten_at: u64,
}

/// A token that was given to a partner.
#[derive(Debug, Table, Serialize, Deserialize)]
pub struct PartnerToken {
    /// What the partner sends.
    #[partition_key]
    pub token: String,
    /// Who it is.
    pub partner: String,
    /// Which houses it may ask about.
    pub branches: Vec<Branch>,
}

/// Another library's program.
#[derive(Debug, Serialize, Deserialize)]
pub struct Partner {
    /// Who it is.
    pub name: String,
    /// Which houses it may ask about.
    pub branches: Vec<Branch>,
}

/// A parcel of new books that a publisher told of.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(ttl = "forgotten_at")]
pub struct Delivery {
    /// The publisher's own id of it.
    #[partition_key]
    pub id: String,
    /// Which books.
    pub isbns: Vec<u64>,
    /// When this is forgotten, in seconds since the epoch.
    pub forgotten_at: u64,
}

/// Asks for a new count of a book's copies.
#[derive(Debug, Serialize, Deserialize)]
pub struct Recount {
    /// The book.
    pub isbn: u64,
}

/// How many copies of a book there are.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Recounted {
    /// On their shelf.
    pub available: usize,
    /// On loan.
    pub lent: usize,
}
