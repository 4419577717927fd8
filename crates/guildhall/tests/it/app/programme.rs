//! A programme's part in the tests of all modules.

use futures_util::future::BoxFuture;

use super::TestApp;
use crate::auth::{objects::ObjectRow, rows::Row};

/// The tests that a programme takes part in, in addition to its own.
pub(crate) struct ProgrammeTests {
    /// Rows of the permission matrix for its routes.
    pub(crate) rows: &'static [&'static [Row]],
    /// Its routes to objects, with real ones.
    pub(crate) objects: &'static [&'static [ObjectRow]],
    /// Creates the objects in these rows, and their owners.
    pub(crate) prepare: for<'a> fn(&'a TestApp) -> BoxFuture<'a, ()>,
    /// Performs every audited action of the programme with a person, and stores all kinds of data about them.
    pub(crate) act: for<'a> fn(&'a TestApp, &'a str) -> BoxFuture<'a, ()>,
}
