//! The email about a repository that the GitHub App no longer covers.

use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::FLAG;

/// A repository of a project that the GitHub App no longer covers.
pub const REPOSITORY_DISCONNECTED: NewsKind = NewsKind {
    code: "repository_disconnected",
    title: "Disconnected repositories",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The email to the maintainers of a repository that the GitHub App no longer covers.
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

impl EmailTemplate for RepositoryDisconnected {
    fn email(&self, frame: Frame<'_>) -> Email {
        let community = frame.community;
        let now = if self.has_hook {
            format!("The webhook of the repository still delivers its events to {community}.")
        } else {
            format!(
                "Events of the repository no longer reach {community}, so new pull requests earn no points until it \
                 is connected again."
            )
        };
        Email::new(format!("{} is disconnected from the GitHub App", self.repository))
            .says(format!("{}. {now}", self.reason))
            .fact("Repository", &self.repository)
            .fact("Project", &self.project)
            .button("Open the repositories", self.link())
            .more("How to connect it again", "/guides/maintaining#app")
            .because(format!("you maintain {}", self.project))
    }
}

/// Returns the email with sample data.
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
