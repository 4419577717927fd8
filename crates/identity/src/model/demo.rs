use std::sync::Arc;

use super::GithubAccount;

/// A person of the demo data, whom visitors can sign in as.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// The role in a word, such as `contributor`.
    pub part: &'static str,
    /// A sentence about what they see here.
    pub sees: &'static str,
    pub account: GithubAccount,
}

/// The people of a demo, empty outside demo mode. They are an extension of the services.
#[derive(Clone, Debug, Default)]
pub struct DemoPeople(pub Arc<[DemoPerson]>);

impl DemoPeople {
    /// Adds the people of another module.
    #[must_use]
    pub fn with(&self, more: &[DemoPerson]) -> Self {
        Self(self.0.iter().chain(more).cloned().collect())
    }
}
