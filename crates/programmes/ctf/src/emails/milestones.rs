use kernel::counted;
use platform::{
    module::{NewsKind, NewsMode},
    outbox::{Email, EmailTemplate, Frame, Sample},
};

use super::coaches;
use crate::FLAG;

/// Milestones that competitors reached, for the coaches who chose it.
pub const CTF_MILESTONES: NewsKind = NewsKind {
    code: "ctf_milestones",
    title: "Achievements of your CTF competitors",
    is_security: false,
    mail: NewsMode::Digest,
    is_pushed: false,
    flag: Some(FLAG),
};

/// The email about milestones. It names no competitor; the pages that list notifications do, as long as the reader coaches them.
#[derive(Clone, Debug)]
pub enum Milestones {
    /// A competitor reached some.
    Reached {
        roster: String,
        /// The path of the report card.
        link: String,
        headings: Vec<String>,
    },
    /// The first import of competitors found some.
    Imported {
        roster: String,
        /// The path of the dashboard.
        link: String,
        competitors: usize,
        milestones: usize,
    },
}

impl Milestones {
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::Reached { roster, headings, .. } => match headings.as_slice() {
                [heading] => format!("{roster}: a competitor reached a milestone: {heading}"),
                headings => format!(
                    "{roster}: a competitor reached {}",
                    counted(headings.len(), "milestone", "milestones")
                ),
            },
            Self::Imported { roster, .. } => {
                format!("{roster}: milestones from before the first sync")
            }
        }
    }

    /// Returns the sentence about the milestones.
    #[must_use]
    pub fn line(&self) -> String {
        match self {
            Self::Reached { headings, .. } => {
                format!("A competitor reached: {}.", headings.join(", "))
            }
            Self::Imported { competitors, milestones, .. } => format!(
                "The first sync of {} found {}.",
                counted(*competitors, "competitor", "competitors"),
                counted(*milestones, "milestone", "milestones")
            ),
        }
    }

    /// Returns the path of the page.
    #[must_use]
    pub fn link(&self) -> &str {
        match self {
            Self::Reached { link, .. } | Self::Imported { link, .. } => link,
        }
    }
}

impl EmailTemplate for Milestones {
    fn email(&self, _: Frame<'_>) -> Email {
        let (Self::Reached { roster, .. } | Self::Imported { roster, .. }) = self;
        let (heading, action) = match self {
            Self::Reached { headings, .. } if headings.len() == 1 => {
                ("A competitor reached a milestone", "See the report card")
            }
            Self::Reached { .. } => ("A competitor reached milestones", "See the report card"),
            Self::Imported { .. } => {
                ("Milestones from before the first sync", "Open the dashboard")
            }
        };
        Email::new(self.subject())
            .heading(heading)
            .says(self.line())
            .fact("Roster", roster)
            .button(action, self.link())
            .more("Choose your notices of achievements", "/ctf")
            .because(coaches(roster))
    }
}

/// Returns each email with sample data.
pub(super) fn samples() -> [Sample; 2] {
    let reached = Milestones::Reached {
        roster: "Harbor <Owls>".to_owned(),
        link: "/ctf/competitors/0192aaaa-bbbb-7ccc-8ddd-0123456789ab".to_owned(),
        headings: vec!["50 solves".to_owned(), "First hard challenge".to_owned()],
    };
    let imported = Milestones::Imported {
        roster: "Harbor <Owls>".to_owned(),
        link: "/ctf/rosters/0192aaaa-bbbb-7ccc-8ddd-0123456789ab".to_owned(),
        competitors: 18,
        milestones: 61,
    };
    [Sample::new("ctf-milestones", reached), Sample::new("ctf-milestones-imported", imported)]
}
