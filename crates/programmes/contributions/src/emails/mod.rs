//! The kinds of notifications of this module, and its emails.

mod disputes;
mod fair_play;
mod ownership;
mod repositories;
mod reviews;
mod season_ends;
mod season_rules;

use chrono::NaiveDate;
use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

pub use disputes::{DISPUTE_OPENED, DISPUTE_UPDATED, DisputeNews, SCORE_DECISION, ScoreDecision};
pub use fair_play::{FLAGS_WAITING, FlagsWaiting, REPORT_OUTCOME, ReportOutcome};
pub use ownership::{PROJECT_TRANSFERRED, ProjectTransferred};
pub use repositories::{REPOSITORY_DISCONNECTED, RepositoryDisconnected};
pub use reviews::{
    IDLE_PULL_REQUEST, IDLE_REVIEW, IdlePull, IdleReview, REVIEWED_PULL_REQUEST, Reviewed,
};
pub use season_ends::{SEASON_ENDS_SOON, SeasonEnds, SeasonEndsForOrganizer};
pub use season_rules::{SEASON_RULES, SeasonRules};

use crate::FLAG;

/// A merged pull request that earned points.
pub const SCORED: NewsKind = NewsKind {
    code: "pull_request_scored",
    title: "Scored pull requests",
    is_security: false,
    mail: NewsMode::Digest,
    is_pushed: true,
    flag: Some(FLAG),
};

pub const MAINTAINER_ADDED: NewsKind = NewsKind {
    code: "maintainer_added",
    title: "New maintainer roles",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

pub const SEASON_REGISTERED: NewsKind = NewsKind {
    code: "season_registered",
    title: "Registrations for seasons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: Some(FLAG),
};

/// A warning or disqualification in a season, or the end of one.
pub const SEASON_SANCTION: NewsKind = NewsKind {
    code: "season_sanction",
    title: "Warnings and disqualifications in seasons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

pub const SEASON_RESULTS: NewsKind = NewsKind {
    code: "season_results",
    title: "Final results of seasons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

pub const KINDS: &[NewsKind] = &[
    SCORED,
    MAINTAINER_ADDED,
    PROJECT_TRANSFERRED,
    REPOSITORY_DISCONNECTED,
    REVIEWED_PULL_REQUEST,
    IDLE_REVIEW,
    IDLE_PULL_REQUEST,
    SEASON_REGISTERED,
    SEASON_SANCTION,
    SEASON_ENDS_SOON,
    SEASON_RESULTS,
    SEASON_RULES,
    FLAGS_WAITING,
    REPORT_OUTCOME,
    DISPUTE_OPENED,
    DISPUTE_UPDATED,
    SCORE_DECISION,
];

/// The email about a merged pull request that earned points.
#[derive(Clone, Debug)]
pub struct PointsEarned {
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

impl PointsEarned {
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

impl EmailTemplate for PointsEarned {
    fn email(&self, _: Frame<'_>) -> Email {
        let pull = format!("{}#{}", self.repository, self.number);
        Email::new(format!("{} for {pull}", self.earned()))
            .heading(self.earned())
            .says(format!("\"{}\" was merged.", self.title))
            .fact("Points", self.points.to_string())
            .fact("Pull request", pull)
            .fact("Project", &self.project)
            .button("See how they were calculated", self.link())
            .because("it is your pull request")
    }
}

/// The email to a new maintainer of a project.
#[derive(Clone, Debug)]
pub struct MaintainerAdded {
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

impl EmailTemplate for MaintainerAdded {
    fn email(&self, frame: Frame<'_>) -> Email {
        let project = &self.project;
        Email::new(format!("You are now a maintainer of {project}"))
            .says(format!("You can now manage {project} on {}.", frame.community))
            .button("Open the project", self.link())
            .more("What maintainers can do", "/guides/maintaining")
            .because(format!("you maintain {project}"))
    }
}

/// The email to a person who registered for a season.
#[derive(Clone, Debug)]
pub struct RegisteredForSeason {
    pub season: String,
    pub slug: String,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// The name of the time zone that decides the person's days.
    pub timezone: String,
    /// True if no pull request counts as the person's, because no account on GitHub is linked.
    pub lacks_github: bool,
}

impl RegisteredForSeason {
    /// Returns the path of the season's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/seasons/{}", self.slug)
    }
}

impl EmailTemplate for RegisteredForSeason {
    fn email(&self, _: Frame<'_>) -> Email {
        let season = &self.season;
        Email::new(format!("You are registered for {season}"))
            .says(if self.lacks_github {
                "Link your GitHub account, or your pull requests do not count. The page of the season has the link."
            } else {
                "The points of your merged pull requests count from the first to the last day."
            })
            .fact("First day", season_ends::shown(self.first_day))
            .fact("Last day", season_ends::shown(self.last_day))
            .fact("Time zone", &self.timezone)
            .button("Open the season", self.link())
            .because(format!("you registered for {season}"))
    }
}

/// The email to a person who was warned or disqualified in a season, or for whom that ended.
#[derive(Clone, Debug)]
pub struct SanctionDecided {
    pub season: String,
    /// The season's slug.
    pub slug: String,
    /// True for a disqualification, false for a warning.
    pub disqualifies: bool,
    /// True if it was lifted.
    pub is_lifted: bool,
    pub reason: String,
}

impl SanctionDecided {
    /// Returns the path of the season's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/seasons/{}", self.slug)
    }

    /// Returns the sentence that says what was decided.
    #[must_use]
    pub fn sentence(&self) -> String {
        let season = &self.season;
        match (self.disqualifies, self.is_lifted) {
            (false, false) => format!("You are warned in {season}"),
            (true, false) => format!("You are disqualified from {season}"),
            (false, true) => format!("Your warning in {season} is lifted"),
            (true, true) => format!("Your disqualification from {season} is lifted"),
        }
    }
}

impl EmailTemplate for SanctionDecided {
    fn email(&self, _: Frame<'_>) -> Email {
        let says = match (self.disqualifies, self.is_lifted) {
            (true, false) => {
                "Your points no longer count in this season, and you cannot register again."
            }
            (false, false) => "Your points count as before.",
            (true, true) => "Your points count again.",
            (false, true) => "It no longer counts.",
        };
        let email = Email::new(self.sentence())
            .says(says)
            .fact("Season", &self.season)
            .fact("Reason", &self.reason)
            .button("Open the season", self.link())
            .because(format!("you take part in {}", self.season));
        if self.is_lifted {
            email
        } else {
            email.more("How to contest it", "/guides/contributing#disputes")
        }
    }
}

/// The email about the final results of a season.
#[derive(Clone, Debug)]
pub struct SeasonResults {
    pub season: String,
    pub slug: String,
    /// The person's rank; absent if they are not in the results.
    pub rank: Option<i64>,
    /// The person's points.
    pub points: i64,
    /// True if the person reached the goal.
    pub has_reached_goal: bool,
}

impl SeasonResults {
    #[must_use]
    pub fn link(&self) -> String {
        format!("/seasons/{}/results", self.slug)
    }

    /// Returns a sentence about the person's own result.
    #[must_use]
    pub fn own(&self) -> String {
        let points = kernel::counted(self.points, "point", "points");
        match (self.rank, self.has_reached_goal) {
            (None, _) => "You have no points in this season.".to_owned(),
            (Some(rank), false) => format!("Your rank is {rank}, with {points}."),
            (Some(rank), true) => {
                format!("Your rank is {rank}, with {points}. You reached the goal.")
            }
        }
    }
}

impl EmailTemplate for SeasonResults {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(format!("The results of {} are final", self.season))
            .says(self.own())
            .button("See the results", self.link())
            .because(format!("you are registered for {}", self.season))
    }
}

/// Returns each email with sample data.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let scored = PointsEarned {
        title: "Keep <lanterns> lit".to_owned(),
        repository: "octo-org/lantern".to_owned(),
        number: 7,
        points: 60,
        project: "Lantern".to_owned(),
    };
    let added = MaintainerAdded { project: "Lantern".to_owned(), slug: "lantern".to_owned() };
    let mut samples = vec![
        Sample::new("pull-request-scored", scored).optional(),
        Sample::new("maintainer-added", added).optional(),
    ];
    samples.extend(ownership::samples());
    samples.extend(repositories::samples());
    samples.extend(reviews::samples());
    samples.extend(disputes::samples());
    samples.extend(season_samples());
    samples.extend(season_ends::samples());
    samples.push(season_rules::sample());
    samples.extend(fair_play::samples());
    samples
}

fn season_samples() -> [Sample; 3] {
    let (season, slug) = ("Autumn <2026>".to_owned(), "autumn-2026".to_owned());
    let registered = RegisteredForSeason {
        season: season.clone(),
        slug: slug.clone(),
        first_day: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap_or_default(),
        last_day: NaiveDate::from_ymd_opt(2026, 10, 31).unwrap_or_default(),
        timezone: "Europe/Berlin".to_owned(),
        lacks_github: false,
    };
    let sanction = SanctionDecided {
        season: season.clone(),
        slug: slug.clone(),
        disqualifies: true,
        is_lifted: false,
        reason: "Pull requests that only move <spaces>.".to_owned(),
    };
    let results =
        SeasonResults { season, slug, rank: Some(2), points: 412, has_reached_goal: true };
    [
        Sample::new("season-registered", registered).optional(),
        Sample::new("season-sanction", sanction).optional(),
        Sample::new("season-results", results).optional(),
    ]
}
