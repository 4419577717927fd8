use notifications::model::{NewsKind, NewsMode};
use platform::{email_template, outbox::Sample};

/// A transfer of a project, for the new and the former owner.
pub const PROJECT_TRANSFERRED: NewsKind = NewsKind {
    code: "project_transferred",
    title: "Transfers of your projects",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// The e-mail to the new or the former owner of a project.
#[derive(Clone, Debug)]
pub struct ProjectTransferred {
    pub project: String,
    pub slug: String,
    pub is_owner: bool,
}

impl ProjectTransferred {
    /// Returns the path of the project's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/projects/{}", self.slug)
    }
}

email_template!(ProjectTransferred, "project_transferred.txt", "project_transferred.html");

/// Returns the e-mail to each of both with sample data.
pub(super) fn samples() -> [Sample; 2] {
    let transferred = |is_owner| ProjectTransferred {
        project: "Lantern <Works>".to_owned(),
        slug: "lantern".to_owned(),
        is_owner,
    };
    [
        Sample::new("project-transferred", transferred(true)).optional(),
        Sample::new("project-transferred-away", transferred(false)).optional(),
    ]
}
