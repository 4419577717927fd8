use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::FLAG;

/// Rules of a season that became those of a project.
pub const SEASON_RULES: NewsKind = NewsKind {
    code: "season_rules",
    title: "Rules of seasons in your projects",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The email to the maintainers of a project whose rules those of a season replaced.
#[derive(Clone, Debug)]
pub struct SeasonRules {
    pub project: String,
    /// The project's slug.
    pub slug: String,
    pub season: String,
    /// The version of the project's rules.
    pub version: i64,
    /// From when on they apply, with the time zone.
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

impl EmailTemplate for SeasonRules {
    fn email(&self, _: Frame<'_>) -> Email {
        let Self { project, season, version, since, .. } = self;
        let email = Email::new(format!("{project} has the rules of {season}")).says(format!(
            "The organizers of {season} published its rules as version {version} of the rules of {project}. They apply \
             to pull requests that are opened from {since} on. Earlier ones keep the rules that they were opened under."
        ));
        let change = |email: Email, (rule, before, after): &(String, String, String)| {
            email.fact(rule, format!("{after} (before: {before})"))
        };
        self.changes
            .iter()
            .fold(email, change)
            .button("See the rules", self.link())
            .then("As a maintainer, you can publish other rules.")
            .because(format!("you maintain {project}"))
    }
}

/// Returns the email with sample data.
pub(super) fn sample() -> Sample {
    let rules = SeasonRules {
        project: "Lantern <Works>".to_owned(),
        slug: "lantern".to_owned(),
        season: "Autumn 2026".to_owned(),
        version: 3,
        since: "1 October 2026, 08:00 UTC".to_owned(),
        changes: vec![("Merged".to_owned(), "50 points".to_owned(), "60 points".to_owned())],
    };
    Sample::new("season-rules", rules).optional()
}
