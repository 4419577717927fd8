use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::FLAG;

/// A transfer of a project, for the new and the former owner.
pub const PROJECT_TRANSFERRED: NewsKind = NewsKind {
    code: "project_transferred",
    title: "Transfers of your projects",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The email to the new or the former owner of a project.
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

impl EmailTemplate for ProjectTransferred {
    fn email(&self, frame: Frame<'_>) -> Email {
        let (project, community) = (&self.project, frame.community);
        let email = if self.is_owner {
            Email::new(format!("You now own {project}"))
                .says(format!("{project} on {community} was transferred to you."))
                .says("You can transfer it to another maintainer, and decide conflicts of reviews.")
                .because(format!("you own {project}"))
        } else {
            Email::new(format!("You no longer own {project}"))
                .says(format!("{project} on {community} was transferred to another maintainer."))
                .says("You are still a maintainer.")
                .because(format!("you owned {project} until now"))
        };
        email
            .button("Open the project", self.link())
            .more("What owners can do", "/guides/maintaining#owner")
    }
}

/// Returns the email to each of both with sample data.
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
