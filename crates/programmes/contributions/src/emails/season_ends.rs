//! Emails about seasons that end soon.

use chrono::NaiveDate;
use kernel::counted;
use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

/// Returns a day for people to read: "31 October 2026".
pub(super) fn shown(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

use crate::FLAG;

pub const SEASON_ENDS_SOON: NewsKind = NewsKind {
    code: "season_ends_soon",
    title: "Seasons that end soon",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The email to a participant of a season that ends soon.
#[derive(Clone, Debug)]
pub struct SeasonEnds {
    pub season: String,
    pub slug: String,
    pub last_day: NaiveDate,
    /// The name of the time zone that decides the person's days.
    pub timezone: String,
    /// The number of merged pull requests that reach the goal; 0 for none.
    pub goal: i64,
    /// The number of the person's merged pull requests that count; absent if the person opted out of leaderboards.
    pub merged: Option<i64>,
}

impl SeasonEnds {
    /// Returns the path of the season's page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/seasons/{}", self.slug)
    }

    /// Returns a sentence about how far the person is from the goal.
    #[must_use]
    pub fn own(&self) -> String {
        let pulls = |count: i64| counted(count, "merged pull request", "merged pull requests");
        let goal = pulls(self.goal);
        match (self.merged, self.goal) {
            (None, 0) => "You opted out of leaderboards, so they do not list you.".to_owned(),
            (None, _) => {
                format!(
                    "The goal is {goal}. You opted out of leaderboards, so yours are not counted."
                )
            }
            (Some(merged), 0) => format!("You have {} so far.", pulls(merged)),
            (Some(merged), reached) if merged >= reached => {
                format!("You reached the goal of {goal}.")
            }
            (Some(merged), needed) => {
                let missing = needed - merged;
                let reach = if missing == 1 { "reaches" } else { "reach" };
                format!("You have {merged} of {goal}: {missing} more {reach} the goal.")
            }
        }
    }
}

impl EmailTemplate for SeasonEnds {
    fn email(&self, _: Frame<'_>) -> Email {
        let (season, last_day) = (&self.season, shown(self.last_day));
        Email::new(format!("{season} ends on {last_day}"))
            .says(self.own())
            .fact("Last day", format!("{last_day}, until midnight"))
            .fact("Time zone", &self.timezone)
            .button("Open the season", self.link())
            .because(format!("you are registered for {season}"))
    }
}

/// The email to an organizer of a season that ends soon.
#[derive(Clone, Debug)]
pub struct SeasonEndsForOrganizer {
    pub season: String,
    pub slug: String,
    pub last_day: NaiveDate,
    /// The number of people who take part.
    pub participants: i64,
    /// The number of people who reached the goal; absent if there is none.
    pub reached_goal: Option<i64>,
}

impl SeasonEndsForOrganizer {
    /// Returns the path of the page on which the season is changed.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/seasons/{}/edit", self.slug)
    }

    /// Returns a sentence about the people of the season.
    #[must_use]
    pub fn people(&self) -> String {
        let registered = counted(self.participants, "person is", "people are");
        match self.reached_goal {
            None => format!("{registered} registered."),
            Some(reached) => format!(
                "{registered} registered, and {} reached the goal so far.",
                counted(reached, "person", "people")
            ),
        }
    }
}

impl EmailTemplate for SeasonEndsForOrganizer {
    fn email(&self, _: Frame<'_>) -> Email {
        let season = &self.season;
        Email::new(format!("{season} ends on {}", shown(self.last_day)))
            .says(self.people())
            .says(
                "To extend it, change its last day before it ends. Afterward, points may change for some days, and \
                 then you can sign off the results.",
            )
            .button("Manage the season", self.link())
            .because(format!("you organize {season}"))
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> [Sample; 2] {
    let (season, slug) = ("Autumn <2026>".to_owned(), "autumn-2026".to_owned());
    let last_day = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap_or_default();
    let participant = SeasonEnds {
        season: season.clone(),
        slug: slug.clone(),
        last_day,
        timezone: "Europe/Berlin".to_owned(),
        goal: 4,
        merged: Some(3),
    };
    let organizer = SeasonEndsForOrganizer {
        season,
        slug,
        last_day,
        participants: 412,
        reached_goal: Some(97),
    };
    [
        Sample::new("season-ends-soon", participant).optional(),
        Sample::new("season-ends-soon-organizer", organizer).optional(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_email_says_how_far_the_person_is_from_the_goal() {
        for (merged, goal, says) in [
            (Some(0), 4, "You have 0 of 4 merged pull requests: 4 more reach the goal."),
            (Some(3), 4, "You have 3 of 4 merged pull requests: 1 more reaches the goal."),
            (Some(0), 1, "You have 0 of 1 merged pull request: 1 more reaches the goal."),
            (Some(4), 4, "You reached the goal of 4 merged pull requests."),
            (Some(9), 4, "You reached the goal of 4 merged pull requests."),
            (Some(1), 0, "You have 1 merged pull request so far."),
            (
                None,
                4,
                "The goal is 4 merged pull requests. You opted out of leaderboards, so yours are not counted.",
            ),
            (None, 0, "You opted out of leaderboards, so they do not list you."),
        ] {
            let email = SeasonEnds {
                season: "Autumn".to_owned(),
                slug: "autumn".to_owned(),
                last_day: NaiveDate::default(),
                timezone: "UTC".to_owned(),
                goal,
                merged,
            };
            assert_eq!(email.own(), says);
        }
    }

    #[test]
    fn the_email_counts_the_people_of_a_season() {
        for (participants, reached_goal, says) in [
            (0, None, "0 people are registered."),
            (1, Some(0), "1 person is registered, and 0 people reached the goal so far."),
            (2, Some(1), "2 people are registered, and 1 person reached the goal so far."),
        ] {
            let email = SeasonEndsForOrganizer {
                season: "Autumn".to_owned(),
                slug: "autumn".to_owned(),
                last_day: NaiveDate::default(),
                participants,
                reached_goal,
            };
            assert_eq!(email.people(), says);
        }
    }
}
