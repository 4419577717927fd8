//! The participation of a person and their team by a submission.

use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};

use super::{
    ExtensionView, HackathonView, SettingsView, SubmissionView, extension, submission_by,
    submission_settings, team_of,
};
use crate::{model::Submitter, rules::submissions::Attempt};

/// The submission of a person or of their team, with everything that decides whether they may submit.
#[derive(Clone, Debug)]
pub struct Participation {
    /// The team of the person, else the person.
    pub by: Submitter,
    /// The number of people who submit together.
    pub members: i64,
    /// The submission; absent before its first draft.
    pub submission: Option<SubmissionView>,
    /// The requirements of the hackathon.
    pub settings: SettingsView,
    /// A later deadline.
    pub extension: Option<ExtensionView>,
}

impl Participation {
    /// Returns the circumstances in which they submit at an instant.
    #[must_use]
    pub fn attempt<'a>(&self, hackathon: &'a HackathonView, now: Timestamp) -> Attempt<'a> {
        let submission = self.submission.as_ref();
        Attempt {
            title: &hackathon.title,
            phase: hackathon.phase(now),
            timeline: hackathon.timeline(),
            extension: self.extension.as_ref().map(|own| own.closes_at),
            refuses_late: self.settings.refuses_late,
            facts: submission.map(SubmissionView::facts).unwrap_or_default(),
            is_locked: submission.is_some_and(|it| it.locked_at.is_some()),
            members: self.members,
            team_min: hackathon.team_min,
            now,
        }
    }
}

/// Returns the participation of a person and their team in a hackathon.
pub async fn participation(
    db: &impl Sql,
    hackathon: &HackathonView,
    person: UserId,
) -> Result<Participation, DbError> {
    let key = hackathon.key();
    let (by, members) = match team_of(db, key, person).await? {
        Some((team, _)) => (Submitter::Team(team.key()), team.members),
        None => (Submitter::Person(person), 1),
    };
    Ok(Participation {
        by,
        members,
        submission: submission_by(db, key, by).await?,
        settings: submission_settings(db, key).await?,
        extension: extension(db, key, by).await?,
    })
}
