use kernel::counted;
use platform::{
    email_template,
    module::{NewsKind, NewsMode},
    outbox::Sample,
};

/// The week of a roster, for its coaches.
pub const CTF_ROSTER_WEEK: NewsKind = NewsKind {
    code: "ctf_roster_week",
    title: "Weeks of your CTF rosters",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: None,
};

/// The week of a competitor, for those who chose the weekly e-mail.
pub const CTF_OWN_WEEK: NewsKind = NewsKind {
    code: "ctf_own_week",
    title: "Your weeks in CTFs",
    is_security: false,
    mail: NewsMode::Instant,
    is_pushed: false,
    flag: None,
};

/// The e-mail about the week of a roster. It names no competitor.
#[derive(Clone, Debug)]
pub struct RosterWeek {
    pub roster: String,
    pub path: String,
    pub first: String,
    pub last: String,
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

impl RosterWeek {
    /// Returns the sentences about the week.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let (active, all) = self.active;
        let mut lines = vec![
            format!(
                "{} for {}.",
                counted(self.points, "point", "points"),
                counted(self.solves, "solve", "solves")
            ),
            format!("{active} of {} solved something.", counted(all, "competitor", "competitors")),
        ];
        if self.milestones > 0 {
            let milestones = counted(self.milestones, "milestone", "milestones");
            lines.push(format!("Competitors reached {milestones}."));
        }
        if self.support > 0 {
            let support = counted(self.support, "competitor needs", "competitors need");
            lines.push(format!("{support} support."));
        }
        if self.errors > 0 {
            let errors = counted(self.errors, "competitor has", "competitors have");
            lines.push(format!("{errors} a sync error."));
        }
        lines
    }
}

email_template!(RosterWeek, "ctf_roster_week.txt", "ctf_roster_week.html");

/// The e-mail about the week of a competitor.
#[derive(Clone, Debug)]
pub struct OwnWeek {
    /// The first day.
    pub first: String,
    /// The last day.
    pub last: String,
    pub points: i64,
    /// The number of solves.
    pub solves: i64,
}

impl OwnWeek {
    /// Returns the sentence about the week.
    #[must_use]
    pub fn line(&self) -> String {
        match self.solves {
            0 => "No solves this week. The next challenge is a click away.".to_owned(),
            solves => format!(
                "{} for {}.",
                counted(self.points, "point", "points"),
                counted(solves, "solve", "solves")
            ),
        }
    }
}

email_template!(OwnWeek, "ctf_own_week.txt", "ctf_own_week.html");

/// Returns each e-mail with sample data.
pub(super) fn samples() -> [Sample; 2] {
    let roster = RosterWeek {
        roster: "Harbor <Owls>".to_owned(),
        path: "/ctf/rosters/0192aaaa-bbbb-7ccc-8ddd-0123456789ab".to_owned(),
        first: "2026-11-16".to_owned(),
        last: "2026-11-22".to_owned(),
        points: 4_200,
        solves: 21,
        active: (9, 18),
        support: 2,
        errors: 1,
        milestones: 4,
    };
    let own = OwnWeek {
        first: "2026-11-16".to_owned(),
        last: "2026-11-22".to_owned(),
        points: 600,
        solves: 3,
    };
    [Sample::new("ctf-roster-week", roster), Sample::new("ctf-own-week", own)]
}
