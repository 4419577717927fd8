//! Tables of this module, and statements for its actions.

pub(crate) mod applications;
pub(crate) mod hackathons;
pub(crate) mod staff;
mod tables;
pub(crate) mod teams;

use sea_orm_migration::MigrationTrait;

/// Returns the migrations of this module, in order.
pub(crate) fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    tables::migrations().into()
}
