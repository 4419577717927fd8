use std::sync::Arc;

use super::GithubAccount;

/// A person of a demo's season; a visitor can sign in as them.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// `contributor`, `maintainer`, `moderator` or `admin`.
    pub part: &'static str,
    /// A sentence about what they can do.
    pub what: &'static str,
    /// Their account.
    pub account: GithubAccount,
}

/// The people of a demo; empty anywhere else. An extension of the services.
#[derive(Clone, Debug, Default)]
pub struct DemoPeople(pub Arc<[DemoPerson]>);

impl DemoPeople {
    /// Adds the people of another module.
    #[must_use]
    pub fn with(&self, more: &[DemoPerson]) -> Self {
        Self(self.0.iter().chain(more).cloned().collect())
    }
}
