use chrono::{Datelike, Months, NaiveTime, SubsecRound, TimeDelta};
use kernel::Timestamp;

use crate::{
    fake_github::ChangedFile,
    payloads::{Account, Verdict},
    season::Season,
};

/// The people at the beginning of the others, whom visitors of the demo can sign in as: a contributor, a moderator and an
/// admin.
const VISITORS: usize = 3;

/// The people of the scripts, and the end of the season.
pub(super) struct ScriptCast<'a> {
    maintainers: &'a [Account],
    others: Vec<&'a Account>,
    until: Timestamp,
}

impl<'a> ScriptCast<'a> {
    pub(super) fn of(season: &'a Season) -> Self {
        Self {
            maintainers: &season.projects[0].maintainers,
            others: season.others().collect(),
            until: season.spec.until.trunc_subsecs(0),
        }
    }

    /// Returns a maintainer of the first project.
    pub(super) fn maintainer(&self, place: usize) -> &'a Account {
        &self.maintainers[place]
    }

    /// Returns the person whom visitors can sign in as to see the pages of a contributor.
    pub(super) fn contributor(&self) -> &'a Account {
        self.others[0]
    }

    /// Returns one of the most active people.
    pub(super) fn active(&self, place: usize) -> &'a Account {
        self.others[VISITORS + place]
    }

    /// Returns one of the least active people, of whose work little is drawn.
    pub(super) fn rare(&self, place: usize) -> &'a Account {
        self.others[self.others.len() - 1 - place]
    }

    /// Returns the instant that is some hours before the end of the season.
    pub(super) fn ago(&self, hours: i64) -> Timestamp {
        self.until - TimeDelta::hours(hours)
    }

    /// Returns the first morning of the last month that is over.
    pub(super) fn last_month(&self) -> Timestamp {
        let today = self.until.date_naive();
        let first = today.with_day(1).and_then(|first| first.checked_sub_months(Months::new(1)));
        let midnight = first.unwrap_or(today).and_time(NaiveTime::MIN).and_utc();
        midnight + TimeDelta::hours(9)
    }
}

/// An act on a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScriptDeed {
    Label(&'static str),
    Review(Verdict),
    Push,
    Merge,
    /// It is closed without a merge.
    Close,
}

/// An act with its time and person.
#[derive(Clone, Debug)]
pub(super) struct ScriptStep {
    pub(super) at: Timestamp,
    pub(super) by: Account,
    pub(super) deed: ScriptDeed,
}

/// A pull request and the acts on it.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) tag: &'static str,
    pub(super) is_junk: bool,
    pub(super) is_draft: bool,
    pub(super) author: Account,
    pub(super) opened_at: Timestamp,
    pub(super) title: String,
    pub(super) files: Vec<ChangedFile>,
    pub(super) steps: Vec<ScriptStep>,
}

impl Script {
    /// Creates a pull request that stays open.
    pub(super) fn new(
        author: &Account,
        opened_at: Timestamp,
        title: impl Into<String>,
        files: Vec<ChangedFile>,
    ) -> Self {
        Self {
            tag: "",
            is_junk: false,
            is_draft: false,
            author: author.clone(),
            opened_at,
            title: title.into(),
            files,
            steps: Vec::new(),
        }
    }

    /// Sets the name by which it is found.
    pub(super) fn tag(self, tag: &'static str) -> Self {
        Self { tag, ..self }
    }

    /// Moves it to the repository that was made to earn points.
    pub(super) fn junk(self) -> Self {
        Self { is_junk: true, ..self }
    }

    pub(super) fn draft(self) -> Self {
        Self { is_draft: true, ..self }
    }

    /// Adds an act, some minutes after the one before.
    pub(super) fn then(mut self, minutes: i64, by: &Account, deed: ScriptDeed) -> Self {
        let last = self.steps.last().map_or(self.opened_at, |step| step.at);
        self.steps.push(ScriptStep {
            at: last + TimeDelta::minutes(minutes),
            by: by.clone(),
            deed,
        });
        self
    }

    /// Has one person approve it after some hours, and another merge it.
    pub(super) fn merged(self, hours: i64, reviewer: &Account, merger: &Account) -> Self {
        self.then(hours * 60, reviewer, ScriptDeed::Review(Verdict::Approved)).then(
            25,
            merger,
            ScriptDeed::Merge,
        )
    }
}

pub(super) fn file(path: impl Into<String>, additions: i64, deletions: i64) -> ChangedFile {
    ChangedFile { filename: path.into(), additions, deletions, patch: None }
}
