//! The office: what admins, moderators and maintainers look after.

mod deliveries;
mod ledger;
mod maintainers;
mod people;
