//! The e-mail about a repository that the GitHub App no longer covers.

use notifications::model::{NewsKind, NewsMode};
use platform::{email_template, outbox::Sample};

/// A repository of a project that the GitHub App no longer covers.
pub const REPOSITORY_DISCONNECTED: NewsKind = NewsKind {
    code: "repository_disconnected",
    title: "Disconnected repositories",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// The e-mail to the maintainers of a repository that the GitHub App no longer covers.
#[derive(Clone, Debug)]
pub struct RepositoryDisconnected {
    /// `owner/name`.
    pub repository: String,
    /// The project's slug.
    pub slug: String,
    pub project: String,
    /// The reason, as a sentence without its period.
    pub reason: String,
    /// True if the repository has a webhook of its own, which still delivers.
    pub has_hook: bool,
}

impl RepositoryDisconnected {
    /// Returns the path of the project's repositories.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/projects/{}/repositories", self.slug)
    }
}

email_template!(
    RepositoryDisconnected,
    "repository_disconnected.txt",
    "repository_disconnected.html"
);

/// Returns the e-mail with sample data.
pub(super) fn samples() -> Vec<Sample> {
    let email = RepositoryDisconnected {
        repository: "octo-org/lantern".to_owned(),
        slug: "lantern".to_owned(),
        project: "Lantern <Works>".to_owned(),
        reason: "The installation of the GitHub App is suspended".to_owned(),
        has_hook: false,
    };
    vec![Sample::new("repository-disconnected", email).optional()]
}
