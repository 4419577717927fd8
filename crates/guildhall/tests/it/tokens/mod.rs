//! Personal, access and refresh tokens: creation, use and revocation.

mod access;
mod api;
mod bearer;
mod page;
