//! A lending library: members borrow volumes, partners see what is on the shelves, publishers deliver new ones, and each
//! morning whoever is late is reminded.

mod catalogue;
mod deliveries;
mod loans;
mod model;
mod partners;
mod upkeep;

pub use model::{
    Branch, Delivery, Library, Member, NewVolume, Partner, PartnerToken, Recount, Recounted, Reminder, Statistic,
    Volume,
};
