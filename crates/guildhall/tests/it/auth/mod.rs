//! Doors: who may go where, from which site, and what every answer carries.

mod admin_rows;
mod headers;
mod matrix;
mod origin;
mod own_rows;
pub(crate) mod routes;
pub(crate) mod rows;
mod sign_in_rows;
