//! Access: the permission matrix, checks of the origin, and headers of every answer.

mod admin_rows;
mod badge_rows;
mod headers;
pub(crate) mod matrix;
pub(crate) mod objects;
mod operations_rows;
mod origin;
mod own_rows;
mod phone_rows;
mod rights;
pub(crate) mod routes;
pub(crate) mod rows;
pub(crate) mod setup;
mod setup_rows;
mod sign_in_rows;
mod text_rows;
mod webhook_rows;
