//! Doors: who may go where, from which site, and what every answer carries.

mod headers;
mod matrix;
mod origin;
mod routes;
mod rows;
