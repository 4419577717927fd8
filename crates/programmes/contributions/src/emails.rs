//! The kinds of notifications of this module, and its e-mails.

use notifications::model::{NewsKind, NewsMode};
use platform::{email_template, outbox::Sample};

/// A merged pull request that earned points.
pub const SCORED: NewsKind = NewsKind {
    code: "pull_request_scored",
    title: "Scored pull requests",
    is_security: false,
    mail: NewsMode::Digest,
    is_pushed: true,
};

/// A new maintainer of a project.
pub const MAINTAINER_ADDED: NewsKind = NewsKind {
    code: "maintainer_added",
    title: "New maintainer roles",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// The kinds of this module.
pub const KINDS: &[NewsKind] = &[SCORED, MAINTAINER_ADDED];

/// The e-mail about a merged pull request that earned points.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The pull request's title.
    pub title: String,
    /// `owner/name`.
    pub repository: String,
    /// The pull request's number.
    pub number: i64,
    /// The points for opening and merging.
    pub points: i64,
    /// The project that the pull request belongs to.
    pub project: String,
}

impl Scored {
    /// Returns the path of the page that explains the points.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/pull-requests/{}/{}", self.repository, self.number)
    }

    /// Returns the points in words, such as "1 point" or "60 points".
    #[must_use]
    pub fn earned(&self) -> String {
        match self.points {
            1 => "1 point".to_owned(),
            points => format!("{points} points"),
        }
    }
}

email_template!(Scored, "scored.txt", "scored.html");

/// The e-mail to a new maintainer of a project.
#[derive(Clone, Debug)]
pub struct MaintainerAdded {
    /// The project.
    pub project: String,
    /// The project's slug.
    pub slug: String,
}

impl MaintainerAdded {
    /// Returns the path of the project's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/projects/{}", self.slug)
    }
}

email_template!(
    MaintainerAdded,
    "maintainer_added.txt",
    "maintainer_added.html"
);

/// Returns each e-mail with sample data.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let scored = Scored {
        title: "Keep <lanterns> lit".to_owned(),
        repository: "octo-org/lantern".to_owned(),
        number: 7,
        points: 60,
        project: "Lantern".to_owned(),
    };
    let added = MaintainerAdded {
        project: "Lantern".to_owned(),
        slug: "lantern".to_owned(),
    };
    vec![
        Sample::new("pull-request-scored", scored).optional(),
        Sample::new("maintainer-added", added).optional(),
    ]
}
