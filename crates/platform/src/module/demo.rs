use futures_util::future::BoxFuture;
use kernel::Timestamp;

use super::Services;
use crate::config::Config;

/// A module's part of the demo: sample data for a season that ends at an instant.
#[derive(Clone, Copy, Debug)]
pub struct Demo {
    /// The data in a few words, for the banner of pages while it loads: "a CTF roster".
    pub says: &'static str,
    /// Sets what the demo needs in the configuration, before anything is opened.
    pub configure: fn(&mut Config),
    /// Replaces external services by simulated ones that the sample data is read from, before the server and its jobs start.
    pub simulate: for<'a> fn(&'a mut Services, Timestamp) -> BoxFuture<'a, anyhow::Result<()>>,
    /// Prepares the services before the server starts, for example by registering people to sign in as.
    pub prepare: for<'a> fn(&'a mut Services, Timestamp) -> BoxFuture<'a, anyhow::Result<()>>,
    /// Sends the season's events to the server at a URL, and waits until it has processed them. Idempotent.
    pub fill: for<'a> fn(&'a Services, &'a str, Timestamp) -> BoxFuture<'a, anyhow::Result<()>>,
}
