use futures_util::future::BoxFuture;
use kernel::Timestamp;

use super::Services;

/// A module's part of the demo: a story that ends at an instant, told through the running server.
#[derive(Clone, Copy, Debug)]
pub struct Demo {
    /// Prepares the services before the server starts: registers people that a visitor can sign in as.
    pub prepare: for<'a> fn(&'a mut Services, Timestamp) -> BoxFuture<'a, anyhow::Result<()>>,
    /// Sends everything that happened to the server at an address, and returns when all of it is processed.
    /// Sending it again changes nothing.
    pub fill: for<'a> fn(&'a Services, &'a str, Timestamp) -> BoxFuture<'a, anyhow::Result<()>>,
}
