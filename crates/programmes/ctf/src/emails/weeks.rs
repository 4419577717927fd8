use chrono::NaiveDate;
use kernel::counted;
use platform::{
    module::{NewsKind, NewsMode},
    outbox::{Email, EmailTemplate, Frame, Sample},
};

use super::coaches;
use crate::{FLAG, rules::weeks::shown};

/// The week of a roster, for its coaches.
pub const CTF_ROSTER_WEEK: NewsKind = NewsKind {
    code: "ctf_roster_week",
    title: "Weeks of your CTF rosters",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: Some(FLAG),
};

/// The week of a competitor, for those who chose the weekly email.
pub const CTF_OWN_WEEK: NewsKind = NewsKind {
    code: "ctf_own_week",
    title: "Your weeks in CTFs",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: Some(FLAG),
};

/// The email about the week of a roster. It names no competitor.
#[derive(Clone, Debug)]
pub struct RosterWeek {
    pub roster: String,
    pub path: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub points: i64,
    pub solves: i64,
    /// The number of competitors with a solve, and of all.
    pub active: (usize, usize),
    /// The number of competitors who need support.
    pub support: usize,
    /// The number of competitors whose last sync failed.
    pub errors: usize,
    /// The number of milestones that competitors reached.
    pub milestones: i64,
}

impl EmailTemplate for RosterWeek {
    fn email(&self, _: Frame<'_>) -> Email {
        let (week, (active, all)) = (shown(self.first, self.last), self.active);
        let competitors = |count| counted(count, "competitor", "competitors");
        let points = counted(self.points, "point", "points");
        let earned = format!("{points} for {}", counted(self.solves, "solve", "solves"));
        let mut email = Email::new(format!("{}: {week}", self.roster))
            .heading(format!("{active} of {} solved something", competitors(all)))
            .preview(&earned);
        if self.milestones > 0 {
            let milestones = counted(self.milestones, "milestone", "milestones");
            email = email.says(format!("Competitors reached {milestones}."));
        }
        email = email.fact("Roster", &self.roster).fact("Week", week).fact("Points", earned);
        if self.support > 0 {
            email = email.fact("Need support", competitors(self.support));
        }
        if self.errors > 0 {
            email = email.fact("Sync errors", competitors(self.errors));
        }
        email
            .button("Open the dashboard", &self.path)
            .then("The dashboard shows who needs support, and why.")
            .because(coaches(&self.roster))
    }
}

/// The email about the week of a competitor.
#[derive(Clone, Debug)]
pub struct OwnWeek {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub points: i64,
    /// The number of solves.
    pub solves: i64,
}

impl EmailTemplate for OwnWeek {
    fn email(&self, _: Frame<'_>) -> Email {
        let week = shown(self.first, self.last);
        let email = Email::new(format!("Your week in CTFs: {week}")).heading("Your week in CTFs");
        let email = match self.solves {
            0 => email.says("No solves this week. The next challenge is a click away."),
            solves => email
                .fact("Week", week)
                .fact("Points", self.points.to_string())
                .fact("Solves", solves.to_string()),
        };
        email
            .button("Open your report card", "/ctf/me/report")
            .then("Your report card shows your strengths and what to try next.")
            .because("you chose the weekly email about your CTFs")
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> [Sample; 2] {
    let week = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap_or_default().week(chrono::Weekday::Mon);
    let (first, last) = (week.first_day(), week.last_day());
    let roster = RosterWeek {
        roster: "Harbor <Owls>".to_owned(),
        path: "/ctf/rosters/0192aaaa-bbbb-7ccc-8ddd-0123456789ab".to_owned(),
        first,
        last,
        points: 4_200,
        solves: 21,
        active: (9, 18),
        support: 2,
        errors: 1,
        milestones: 4,
    };
    let own = OwnWeek { first, last, points: 600, solves: 3 };
    [Sample::new("ctf-roster-week", roster), Sample::new("ctf-own-week", own)]
}
