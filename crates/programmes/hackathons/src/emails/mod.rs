//! Emails of this module.

mod announcements;
mod confirmations;
mod help;
mod phases;
mod prizes;
mod rewards;
mod staff_invitations;
mod submissions;
mod surveys;

mod friends;

pub use announcements::{Announced, HACKATHON_ANNOUNCEMENT};
pub use confirmations::ConfirmPlace;
pub use help::{HACKATHON_HELP, HelpTaken};

pub use friends::{FRIEND_ACCEPTED, FRIEND_REQUEST, FriendAccepted, FriendRequested};
use kernel::Points;
use notifications::model::{NewsKind, NewsMode};
use platform::outbox::{Email, EmailTemplate, Frame, Sample};

use crate::{
    FLAG,
    model::{ApplicationStatus, JuryOutcome},
};

pub use phases::{HACKATHON_PHASE, PhaseBegun};
pub use prizes::{HACKATHON_PRIZE, PRIZE_OVERDUE, PrizeNews};
pub use rewards::{REWARD_OVERDUE, REWARD_REDEMPTION, RewardNews};
pub use staff_invitations::StaffInvited;
pub use submissions::{HACKATHON_REMINDER, HACKATHON_SUBMISSION, SubmissionNews};
pub use surveys::{HACKATHON_SURVEY, SurveyOpened};

/// A decision about an application.
pub const HACKATHON_APPLICATION: NewsKind = NewsKind {
    code: "hackathon_application",
    title: "Your applications to hackathons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// A hackathon that is canceled, or has other dates.
pub const HACKATHON_CHANGED: NewsKind = NewsKind {
    code: "hackathon_changed",
    title: "Changed dates of your hackathons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

pub const HACKATHON_RESULTS: NewsKind = NewsKind {
    code: "hackathon_results",
    title: "Results of your hackathons",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: Some(FLAG),
};

pub const TEAM_INVITATION: NewsKind = NewsKind {
    code: "team_invitation",
    title: "Invitations to teams",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: true,
    flag: Some(FLAG),
};

/// The kinds of notifications of this module.
pub(crate) const KINDS: &[NewsKind] = &[
    HACKATHON_APPLICATION,
    HACKATHON_CHANGED,
    HACKATHON_REMINDER,
    HACKATHON_RESULTS,
    HACKATHON_SUBMISSION,
    FRIEND_ACCEPTED,
    FRIEND_REQUEST,
    TEAM_INVITATION,
    REWARD_OVERDUE,
    REWARD_REDEMPTION,
    HACKATHON_PRIZE,
    PRIZE_OVERDUE,
    HACKATHON_ANNOUNCEMENT,
    HACKATHON_HELP,
    HACKATHON_SURVEY,
    HACKATHON_PHASE,
];

/// The email about the status of an application.
#[derive(Clone, Debug)]
pub struct ApplicationDecided {
    pub hackathon: String,
    /// The hackathon's slug.
    pub slug: String,
    pub status: ApplicationStatus,
    /// The reason of a rejection.
    pub reason: Option<String>,
    /// When submissions open and close, in the hackathon's time zone.
    pub opens: String,
    pub closes: String,
    /// The name of the hackathon's time zone.
    pub timezone: String,
    /// The place, or "Online".
    pub venue: Option<String>,
    /// True once submissions are open.
    pub has_begun: bool,
    /// The time by which people confirm their places, in the hackathon's time zone.
    pub confirm_by: Option<String>,
}

impl ApplicationDecided {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}", self.slug)
    }

    /// Returns the sentence that says the status.
    #[must_use]
    pub fn sentence(&self) -> String {
        let name = &self.hackathon;
        match self.status {
            ApplicationStatus::PendingReview => format!("We got your application for {name}"),
            ApplicationStatus::AutoAccepted | ApplicationStatus::Approved => {
                format!("You have a place at {name}")
            }
            ApplicationStatus::Waitlisted => format!("You are on the waitlist of {name}"),
            ApplicationStatus::Rejected => {
                format!("Your application for {name} was not accepted")
            }
            ApplicationStatus::Withdrawn => format!("You withdrew your application for {name}"),
        }
    }

    /// Returns the sentence that says what comes next; empty if the reason says it.
    #[must_use]
    pub fn next(&self) -> &'static str {
        match self.status {
            ApplicationStatus::PendingReview => {
                "You get an email when an organizer has reviewed it."
            }
            ApplicationStatus::AutoAccepted | ApplicationStatus::Approved => {
                match (self.has_begun, &self.confirm_by) {
                    (true, _) => "Form a team, or join one.",
                    (false, Some(_)) => {
                        "Confirm your place first. Then form a team before submissions open."
                    }
                    (false, None) => "Form a team before submissions open.",
                }
            }
            ApplicationStatus::Waitlisted => {
                "You get a place, and an email, as soon as one is free."
            }
            ApplicationStatus::Rejected | ApplicationStatus::Withdrawn => match &self.reason {
                Some(_) => "",
                None => "The organizers gave no reason.",
            },
        }
    }
}

impl EmailTemplate for ApplicationDecided {
    fn email(&self, _: Frame<'_>) -> Email {
        let hackathon = &self.hackathon;
        let holds_place = self.status.holds_place();
        let confirm_by = self.confirm_by.as_ref().filter(|_| holds_place);
        let mut email = Email::new(self.sentence()).says(self.next());
        if let Some(by) = confirm_by {
            email = email.preview(format!("Confirm by {by}"));
        }
        if holds_place {
            let Self { opens, closes, timezone, .. } = self;
            email = email.fact("When", format!("{opens} to {closes} ({timezone})"));
        }
        let confirmed =
            confirm_by.map(|by| format!("{by}; after that, your place goes to the waitlist"));
        let facts = [
            ("Where", self.venue.as_ref().filter(|_| holds_place)),
            ("Confirm by", confirmed.as_ref()),
            ("Reason", self.reason.as_ref()),
        ];
        for (name, value) in facts {
            if let Some(value) = value {
                email = email.fact(name, value);
            }
        }
        let action = if confirm_by.is_some() { "Confirm your place" } else { "Open the hackathon" };
        email.button(action, self.link()).because(format!("you applied to {hackathon}"))
    }
}

/// The email about a hackathon that is canceled, or has other dates.
#[derive(Clone, Debug)]
pub struct HackathonMoved {
    pub hackathon: String,
    pub slug: String,
    pub cancel_reason: Option<String>,
    /// The opening and the end of applications, of submissions and of judging if there is any, in the hackathon's time zone.
    pub dates: Vec<(&'static str, String, String)>,
    /// The name of the hackathon's time zone.
    pub timezone: String,
}

impl HackathonMoved {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}", self.slug)
    }

    /// Returns the sentence that says what changed.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.cancel_reason {
            Some(_) => format!("{} is canceled", self.hackathon),
            None => format!("{} has new dates", self.hackathon),
        }
    }
}

impl EmailTemplate for HackathonMoved {
    fn email(&self, _: Frame<'_>) -> Email {
        let email = Email::new(self.sentence());
        let email = match &self.cancel_reason {
            Some(reason) => email.says("The event will not take place.").fact("Reason", reason),
            None => {
                let span = |email: Email, (what, from, to): &(&'static str, String, String)| {
                    email.fact(*what, format!("{from} to {to}"))
                };
                let email = email.says("These are the new dates.");
                self.dates.iter().fold(email, span).fact("Time zone", &self.timezone)
            }
        };
        email
            .button("Open the hackathon", self.link())
            .because(format!("you applied to {}", self.hackathon))
    }
}

/// The recap of a hackathon for a person who had a place: the results, and their own.
#[derive(Clone, Debug)]
pub struct HackathonResults {
    pub hackathon: String,
    pub slug: String,
    /// The name of the person's project and the choice of the jury; `None` without a judged submission.
    pub project: Option<(String, Option<JuryOutcome>)>,
    /// The points that they earned.
    pub points: Points,
    /// The names of the prizes that the project won.
    pub prizes: Vec<String>,
    /// The names of the badges that they earned since applications opened.
    pub badges: Vec<String>,
}

impl HackathonResults {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}", self.slug)
    }

    /// Returns the sentence about the person's project.
    #[must_use]
    pub fn outcome(&self) -> String {
        match &self.project {
            None => "You had no submission that was judged.".to_owned(),
            Some((title, Some(JuryOutcome::Winner))) => format!("{title} is a winner."),
            Some((title, Some(JuryOutcome::Finalist))) => format!("{title} is a finalist."),
            Some((title, None)) => {
                format!("{title} was judged. It is not among the finalists and winners.")
            }
        }
    }

    /// Returns the sentence about the prizes; `None` without prizes.
    #[must_use]
    pub fn won(&self) -> Option<String> {
        (!self.prizes.is_empty()).then(|| format!("It won: {}.", self.prizes.join(", ")))
    }

    /// Returns the sentence about the points; `None` without points.
    #[must_use]
    pub fn earned(&self) -> Option<String> {
        (self.points > 0).then(|| {
            let noun = if self.points == 1 { "point" } else { "points" };
            format!("You earned {} {noun}.", ui::format::exact(self.points))
        })
    }

    /// Returns the sentence about the badges; `None` without badges.
    #[must_use]
    pub fn honored(&self) -> Option<String> {
        let noun = if self.badges.len() == 1 { "badge" } else { "badges" };
        let named = || format!("You earned the {noun} {}.", self.badges.join(", "));
        (!self.badges.is_empty()).then(named)
    }
}

impl EmailTemplate for HackathonResults {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(format!("The results of {} are published", self.hackathon))
            .says(self.outcome())
            .says(self.won().unwrap_or_default())
            .says(self.earned().unwrap_or_default())
            .says(self.honored().unwrap_or_default())
            .button("See the results", self.link())
            .because(format!("you had a place at {}", self.hackathon))
    }
}

/// The email about results that could not be published, for the organizers.
#[derive(Clone, Debug)]
pub struct ResultsHeld {
    pub hackathon: String,
    pub slug: String,
}

impl ResultsHeld {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}/results", self.slug)
    }
}

impl EmailTemplate for ResultsHeld {
    fn email(&self, _: Frame<'_>) -> Email {
        let hackathon = &self.hackathon;
        Email::new(format!("The results of {hackathon} were not published"))
            .says("They were due, but some decisions are still open.")
            .says("Make the decisions that the page lists, then publish the results.")
            .button("Open the results", self.link())
            .because(format!("you organize {hackathon}"))
    }
}

/// The email about an invitation to a team. It does not name the team, whose name can be that of its people.
#[derive(Clone, Debug)]
pub struct TeamInvited {
    pub hackathon: String,
    /// The hackathon's slug.
    pub slug: String,
}

impl TeamInvited {
    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> String {
        format!("/hackathons/{}", self.slug)
    }
}

impl EmailTemplate for TeamInvited {
    fn email(&self, _: Frame<'_>) -> Email {
        Email::new(format!("You are invited to a team at {}", self.hackathon))
            .says("You can accept once you have an application.")
            .button("See the invitation", self.link())
            .because("a team invited you")
    }
}

/// Returns each email with sample data.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let (hackathon, slug) = ("Low <Tide> Hack".to_owned(), "low-tide-hack".to_owned());
    let decided = |status, reason: Option<&str>| ApplicationDecided {
        hackathon: hackathon.clone(),
        slug: slug.clone(),
        status,
        reason: reason.map(str::to_owned),
        opens: "14 Nov 2026, 09:00".to_owned(),
        closes: "22 Nov 2026, 18:00".to_owned(),
        timezone: "Europe/Lisbon".to_owned(),
        venue: Some("The Net <Loft>".to_owned()),
        has_begun: false,
        confirm_by: Some("10 Nov 2026, 18:00".to_owned()),
    };
    let moved = HackathonMoved {
        hackathon: hackathon.clone(),
        slug: slug.clone(),
        cancel_reason: None,
        dates: vec![(
            "Submissions",
            "14 Nov 2026, 09:00".to_owned(),
            "22 Nov 2026, 18:00".to_owned(),
        )],
        timezone: "Europe/Lisbon".to_owned(),
    };
    let canceled =
        HackathonMoved { cancel_reason: Some("The harbor is closed.".to_owned()), ..moved.clone() };
    let accepted = decided(ApplicationStatus::Approved, None);
    let rejected = decided(ApplicationStatus::Rejected, Some("Too few places."));
    let invited = TeamInvited { hackathon: hackathon.clone(), slug: slug.clone() };
    let held = ResultsHeld { hackathon: hackathon.clone(), slug: slug.clone() };
    let unsubmitted = HackathonResults {
        hackathon,
        slug,
        project: None,
        points: 0,
        prizes: Vec::new(),
        badges: Vec::new(),
    };
    let recap = HackathonResults {
        project: Some(("Gannet".to_owned(), Some(JuryOutcome::Winner))),
        points: 1_350,
        prizes: vec!["Harbor prize".to_owned()],
        badges: vec!["Submitted on time".to_owned(), "Hackathon winner".to_owned()],
        ..unsubmitted.clone()
    };
    let mut samples = vec![
        Sample::new("team-invitation", invited).optional(),
        Sample::new("hackathon-accepted", accepted).optional(),
        Sample::new("hackathon-rejected", rejected).optional(),
        Sample::new("hackathon-moved", moved).optional(),
        Sample::new("hackathon-canceled", canceled).optional(),
        Sample::new("hackathon-results", recap).optional(),
        Sample::new("results-held", held).optional(),
        Sample::new("hackathon-results-alone", unsubmitted).optional(),
    ];
    samples.extend(submissions::samples());
    samples.extend(friends::samples());
    samples.extend(rewards::samples());
    samples.extend(prizes::samples());
    samples.extend(announcements::samples());
    samples.extend(help::samples());
    samples.extend(phases::samples());
    samples.extend(confirmations::samples());
    samples.extend(surveys::samples());
    samples.extend(staff_invitations::samples());
    samples
}
