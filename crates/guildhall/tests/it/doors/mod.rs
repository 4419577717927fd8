//! Doors: who may go where, from which site, and what every answer carries.

mod headers;
mod matrix;
mod office_rows;
mod origin;
mod own_rows;
mod routes;
mod rows;
mod sign_in_rows;
