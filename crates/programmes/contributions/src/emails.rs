//! News of this module, and its e-mails.

use notifications::model::{NewsKind, NewsMode};
use platform::{email_template, outbox::Sample};

/// A merged pull request earned its points.
pub const SCORED: NewsKind = NewsKind {
    code: "pull_request_scored",
    title: "Your pull request is merged and scored",
    is_security: false,
    mail: NewsMode::Digest,
    is_pushed: true,
};

/// Sent to a new maintainer of a project.
pub const APPOINTED: NewsKind = NewsKind {
    code: "maintainer_added",
    title: "You become a maintainer of a project",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
};

/// Kinds of this module.
pub const KINDS: &[NewsKind] = &[SCORED, APPOINTED];

/// A merged pull request earned its points.
#[derive(Clone, Debug)]
pub struct Scored {
    /// Its title.
    pub title: String,
    /// `owner/name`.
    pub repository: String,
    /// Its number there.
    pub number: i64,
    /// Points of its opening and merge together.
    pub points: i64,
    /// The project it counts for.
    pub project: String,
}

impl Scored {
    /// The page that explains the points: a path.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/pull-requests/{}/{}", self.repository, self.number)
    }

    /// "1 point", "60 points".
    #[must_use]
    pub fn earned(&self) -> String {
        match self.points {
            1 => "1 point".to_owned(),
            points => format!("{points} points"),
        }
    }
}

email_template!(Scored, "scored.txt", "scored.html");

/// E-mail to a new maintainer of a project.
#[derive(Clone, Debug)]
pub struct Appointed {
    /// The project.
    pub project: String,
    /// Its name in addresses.
    pub slug: String,
}

impl Appointed {
    /// The project's page: a path.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/projects/{}", self.slug)
    }
}

email_template!(Appointed, "appointed.txt", "appointed.html");

/// One sample of each e-mail.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let scored = Scored {
        title: "Keep <lanterns> lit".to_owned(),
        repository: "octo-org/lantern".to_owned(),
        number: 7,
        points: 60,
        project: "Lantern".to_owned(),
    };
    let appointed = Appointed {
        project: "Lantern".to_owned(),
        slug: "lantern".to_owned(),
    };
    vec![
        Sample::new("pull-request-scored", scored),
        Sample::new("maintainer-appointed", appointed),
    ]
}
