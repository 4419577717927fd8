//! Queries of people.

mod addresses;
mod credentials;
mod identities;
mod members;
mod own;
mod people;
mod totals;

pub use addresses::{Email, Reachable, email, reachable, timezone, verified_email};
pub use credentials::{session, sessions, signed_in_at, token, tokens};
pub use identities::{identities, seen_logins};
pub use members::{Member, MemberBan, MemberFilter, members};
pub use own::{ExportState, export, export_document, export_state};
pub use people::{
    CanonicalPerson, canonical, find_account, find_named, find_person, has_people, known, logins,
    person, points, role,
};
pub use totals::{Total, totals};
