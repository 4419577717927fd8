use notifications::model::{NewsKind, NewsMode};
use platform::{email_template, outbox::Sample};

/// Rules of a season that became those of a project.
pub const SEASON_RULES: NewsKind = NewsKind {
    code: "season_rules",
    title: "Rules of seasons in your projects",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: None,
};

/// The e-mail to the maintainers of a project whose rules those of a season replaced.
#[derive(Clone, Debug)]
pub struct SeasonRules {
    pub project: String,
    /// The project's slug.
    pub slug: String,
    pub season: String,
    /// The version of the project's rules.
    pub version: i64,
    /// From when on they apply, in UTC.
    pub since: String,
    /// The rules that change, with their values before and after.
    pub changes: Vec<(String, String, String)>,
}

impl SeasonRules {
    /// Returns the path of the project's rules.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/projects/{}/rules", self.slug)
    }
}

email_template!(SeasonRules, "season_rules.txt", "season_rules.html");

/// Returns the e-mail with sample data.
pub(super) fn sample() -> Sample {
    let rules = SeasonRules {
        project: "Lantern <Works>".to_owned(),
        slug: "lantern".to_owned(),
        season: "Autumn 2026".to_owned(),
        version: 3,
        since: "2026-10-01 08:00".to_owned(),
        changes: vec![("Merged".to_owned(), "50 points".to_owned(), "60 points".to_owned())],
    };
    Sample::new("season-rules", rules).optional()
}
