//! Personal tokens: how they are made and revoked, and what they may do.

mod api;
mod bearer;
mod page;
