//! Personal tokens, access and refresh tokens: how they are made and ended, and what they may do.

mod access;
mod api;
mod bearer;
mod page;
