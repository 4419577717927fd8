pub(crate) mod deliveries;
pub(crate) mod pulls;
pub(crate) mod pushes;
pub(crate) mod repositories;
pub(crate) mod reviews;
mod tables;

pub use tables::migrations;
