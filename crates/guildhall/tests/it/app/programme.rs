//! A programme's part in the tests that look at every module.

use futures_util::future::BoxFuture;

use super::TestApp;
use crate::auth::rows::Row;

/// The tests that a programme takes part in, besides those of its own.
pub(crate) struct ProgrammeTests {
    /// Rows of the permission matrix for its routes.
    pub(crate) rows: &'static [Row],
    /// Creates the objects that these rows name, and their owners.
    pub(crate) prepare: for<'a> fn(&'a TestApp) -> BoxFuture<'a, ()>,
    /// Performs every audited action of the programme with a person, and leaves whatever it stores of them.
    pub(crate) act: for<'a> fn(&'a TestApp, &'a str) -> BoxFuture<'a, ()>,
}
