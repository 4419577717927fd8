use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    db::{DbError, Sql},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{CompetitorId, CompetitorStatus, ReleaseBy, RosterId},
    rules::{
        consent::allows_mail,
        profile::{Profile, shown_name},
    },
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct CompetitorView {
    pub id: Uuid,
    pub roster_id: Uuid,
    /// The person, once they have signed in.
    pub user_id: Option<Uuid>,
    /// The person who answers for the account, if it was connected through their link or confirmed by them.
    pub connected_by_id: Option<Uuid>,
    /// The first name; empty when erased.
    pub first_name: String,
    /// The last name; empty when erased.
    pub last_name: String,
    /// The personal email address.
    pub email_personal: Option<String>,
    /// The email address at the school.
    pub email_school: Option<String>,
    /// True if they are of age; `None` if it is not known.
    pub is_18_or_over: Option<bool>,
    pub grade: Option<i64>,
    pub years_competing: Option<i64>,
    pub parent_name: Option<String>,
    /// The email address of a parent.
    pub parent_email: Option<String>,
    /// The name that a parent typed with their consent.
    pub consent_name: Option<String>,
    /// The version of the consent text that was agreed to.
    pub consent_version: Option<i64>,
    /// When it was agreed to.
    pub consented_at: Option<Timestamp>,
    /// True once the release is on record.
    pub release_signed: bool,
    /// The day of the signature, as `YYYY-MM-DD`.
    pub release_signed_on: Option<String>,
    /// The stored person who stated it.
    pub release_stated_by: Option<ReleaseBy>,
    pub release_withdrawn_at: Option<Timestamp>,
    /// True if they want the weekly email.
    pub wants_weekly_mail: bool,
    /// When they were last reminded that they are inactive.
    pub reminded_at: Option<Timestamp>,
    /// When a coach confirmed them.
    pub confirmed_at: Option<Timestamp>,
    /// The stored status.
    pub status: CompetitorStatus,
    /// When they left the roster.
    pub left_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
    /// The ID on the game platform, once the platform confirmed it.
    pub game_platform_id: Option<String>,
    /// The ID of the account on the platform, which stays if an operator clears the other one.
    pub account_id: Option<String>,
    /// When the account was last compared with the platform.
    pub game_platform_synced_at: Option<Timestamp>,
    /// The message of the last failure on the platform.
    pub game_platform_sync_error: Option<String>,
    /// The number of the account at MetaCTF.
    pub metactf_user_id: Option<i64>,
    /// The name of the account at MetaCTF.
    pub metactf_username: Option<String>,
    /// The stored state of the account at MetaCTF.
    pub metactf_user_status: Option<String>,
    /// When they last signed in on the platform.
    pub last_login_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// When they were last changed.
    pub updated_at: Timestamp,
}

impl CompetitorView {
    #[must_use]
    pub fn key(&self) -> CompetitorId {
        self.id.into()
    }

    #[must_use]
    pub fn roster(&self) -> RosterId {
        self.roster_id.into()
    }

    /// Returns the name as pages show it.
    #[must_use]
    pub fn name(&self) -> String {
        shown_name(&self.first_name, &self.last_name)
    }

    /// Returns the profile, to check whether it is complete.
    #[must_use]
    pub fn profile(&self) -> Profile {
        Profile {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            email_school: self.email_school.clone(),
            email_personal: self.email_personal.clone(),
            is_18_or_over: self.is_18_or_over,
            grade: self.grade,
            years_competing: self.years_competing,
            parent_name: self.parent_name.clone(),
            parent_email: self.parent_email.clone(),
        }
    }

    /// Returns whether a signed release is on record that was not withdrawn.
    #[must_use]
    pub fn is_released(&self) -> bool {
        self.release_signed && self.release_withdrawn_at.is_none()
    }

    /// Returns the person who stated the release.
    #[must_use]
    pub fn stated_by(&self) -> Option<ReleaseBy> {
        self.release_stated_by
    }

    /// Returns whether emails about their results can be sent to them.
    #[must_use]
    pub fn allows_mail(&self) -> bool {
        let is_withdrawn = self.release_withdrawn_at.is_some();
        allows_mail(self.is_released(), self.is_18_or_over, is_withdrawn)
    }

    /// Returns the ID of an account that the game platform reported, also if an operator has cleared the stored one.
    #[must_use]
    pub fn platform_account(&self) -> Option<String> {
        self.game_platform_id.clone().or_else(|| self.account_id.clone())
    }

    /// Returns whether they have an account on the game platform.
    #[must_use]
    pub fn is_on_platform(&self) -> bool {
        self.game_platform_id.is_some()
    }
}

/// The columns of a [`CompetitorView`], of the table `p`.
pub(super) const COMPETITOR: &str = "p.id, p.roster_id, p.user_id, p.connected_by_id, p.first_name, p.last_name, \
     p.email_personal, p.email_school, p.is_18_or_over, p.grade, p.years_competing, p.parent_name, \
     p.parent_email, p.consent_name, p.consent_version, p.consented_at, p.release_signed, p.release_signed_on, \
     p.release_stated_by, p.release_withdrawn_at, p.wants_weekly_mail, p.reminded_at, p.confirmed_at, \
     p.status, p.left_at, p.erased_at, p.game_platform_id, p.account_id, p.game_platform_synced_at, \
     p.game_platform_sync_error, p.metactf_user_id, p.metactf_username, p.metactf_user_status, \
     p.last_login_at, p.created_at, p.updated_at";

pub async fn competitor(
    db: &impl Sql,
    id: CompetitorId,
) -> Result<Option<CompetitorView>, DbError> {
    let sql = format!("SELECT {COMPETITOR} FROM competitors p WHERE p.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Finds the competitor that a person is.
pub async fn competitor_of(
    db: &impl Sql,
    person: UserId,
) -> Result<Option<CompetitorView>, DbError> {
    let sql = format!("SELECT {COMPETITOR} FROM competitors p WHERE p.user_id = $1");
    db.one(db.statement(&sql, [person.into()])).await
}

/// Returns whether a competitor can be connected with the account of a person: neither has another one, and the person does
/// not coach the roster.
///
/// # Errors
/// When the database fails.
pub async fn is_free(
    db: &impl Sql,
    competitor: &CompetitorView,
    person: UserId,
) -> Result<bool, DbError> {
    if competitor.user_id.is_some() || competitor_of(db, person).await?.is_some() {
        return Ok(false);
    }
    let role = super::roster_role(db, competitor.roster(), person).await?;
    Ok(role.is_none())
}

platform::codes! {
    /// A thing that competitors can need from their coach.
    CompetitorNeed {
        /// They joined by a link and a coach did not confirm them.
        Confirmation = "confirmation", "Confirmation";
        /// Their last sync left an error.
        Sync = "sync", "A sync that works";
        /// No release is on record.
        Release = "release", "A signed release";
    }
}

impl CompetitorNeed {
    /// Returns the condition that a competitor `p` needs it.
    pub(super) const fn condition(self) -> &'static str {
        match self {
            Self::Confirmation => "p.confirmed_at IS NULL",
            Self::Sync => {
                "(p.game_platform_sync_error IS NOT NULL OR EXISTS (SELECT 1 FROM game_platform_sync_state y \
                 WHERE y.syned_user_id = p.game_platform_id AND (y.last_result = 'failure' OR y.error_message IS NOT NULL)))"
            }
            Self::Release => {
                "p.confirmed_at IS NOT NULL AND NOT p.release_signed AND p.release_withdrawn_at IS NULL"
            }
        }
    }
}

/// The condition that the parent of a competitor `p` can be asked for the release.
const ASKABLE: &str = "(NOT p.release_signed AND (p.is_18_or_over IS NULL OR NOT p.is_18_or_over) AND p.parent_email IS NOT NULL)";

/// The number of competitors on a page of a list.
const PAGE: usize = 50;

/// A choice of competitors in a list.
#[derive(Clone, Debug, Default)]
pub struct CompetitorFilter {
    /// A part of a name; empty for all.
    pub search: String,
    /// The status; `None` for all.
    pub status: Option<CompetitorStatus>,
    /// The thing that they need; `None` for all.
    pub need: Option<CompetitorNeed>,
    /// The grade; `None` for all.
    pub grade: Option<i64>,
    /// True to list those who left instead of the present ones.
    pub gone: bool,
    /// The last competitor of the page before.
    pub after: Option<CompetitorId>,
}

#[derive(Clone, Debug, FromQueryResult)]
pub struct CompetitorRow {
    pub id: Uuid,
    /// The first name; empty when erased.
    pub first_name: String,
    /// The last name; empty when erased.
    pub last_name: String,
    pub grade: Option<i64>,
    /// The stored status.
    pub status: CompetitorStatus,
    /// True while a signed release is on record.
    pub release_signed: bool,
    /// True if no release is on record, and the email address of a parent, who can be asked for it.
    pub can_ask_parent: bool,
    /// When a coach confirmed them.
    pub confirmed_at: Option<Timestamp>,
    pub erased_at: Option<Timestamp>,
    /// The name of the account on the game platform.
    pub metactf_username: Option<String>,
    /// The message of the last failure on the platform.
    pub game_platform_sync_error: Option<String>,
    pub team: Option<String>,
}

impl CompetitorRow {
    /// Returns the name as pages show it.
    #[must_use]
    pub fn name(&self) -> String {
        shown_name(&self.first_name, &self.last_name)
    }

    /// Returns whether a coach has yet to confirm them.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.confirmed_at.is_none() && self.erased_at.is_none()
    }
}

#[derive(Clone, Debug, Default)]
pub struct CompetitorList {
    pub rows: Vec<CompetitorRow>,
    /// The last one, if there are others.
    pub next: Option<Uuid>,
}

/// Lists competitors of a roster, by name.
///
/// # Errors
/// When the database fails.
pub async fn competitors(
    db: &impl Sql,
    roster: RosterId,
    list: &CompetitorFilter,
) -> Result<CompetitorList, DbError> {
    let mut query = db.query();
    let mut conditions = vec![format!("p.roster_id = {}", query.bind(roster))];
    conditions.push(if list.gone {
        "p.left_at IS NOT NULL".to_owned()
    } else {
        "p.left_at IS NULL AND p.erased_at IS NULL".to_owned()
    });
    if let Some(status) = list.status {
        conditions.push(format!("p.status = {}", query.bind(status.as_str())));
    }
    if let Some(need) = list.need {
        conditions.push(need.condition().to_owned());
    }
    if let Some(grade) = list.grade {
        conditions.push(format!("p.grade = {}", query.bind(grade)));
    }
    let search = FoldedText::of(&list.search);
    if !search.is_empty() {
        conditions.push(query.contains("p.name_folded", &search));
    }
    if let Some(after) = list.after {
        let after = query.bind(after);
        conditions.push(format!(
            "(p.last_name, p.first_name, p.id) > \
             (SELECT a.last_name, a.first_name, a.id FROM competitors a WHERE a.id = {after})"
        ));
    }
    let limit = query.bind(PAGE as i64 + 1);
    let sql = format!(
        "SELECT p.id, p.first_name, p.last_name, p.grade, p.status, p.release_signed, {ASKABLE} AS can_ask_parent, \
         p.confirmed_at, p.erased_at, \
         p.metactf_username, p.game_platform_sync_error, t.name AS team FROM competitors p \
         LEFT JOIN ctf_team_members m ON m.competitor_id = p.id AND m.left_at IS NULL \
         LEFT JOIN ctf_teams t ON t.id = m.team_id WHERE {} \
         ORDER BY p.last_name, p.first_name, p.id LIMIT {limit}",
        conditions.join(" AND ")
    );
    let mut rows: Vec<CompetitorRow> = db.all(query.statement(sql)).await?;
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| has_more).map(|row| row.id);
    Ok(CompetitorList { rows, next })
}

/// Counts the present competitors of a roster by status.
///
/// # Errors
/// When the database fails.
pub async fn status_counts(
    db: &impl Sql,
    roster: RosterId,
) -> Result<Vec<(CompetitorStatus, i64)>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        status: CompetitorStatus,
        competitors: i64,
    }
    let sql = "SELECT p.status, count(*) AS competitors FROM competitors p WHERE p.roster_id = $1 \
               AND p.left_at IS NULL AND p.erased_at IS NULL GROUP BY p.status";
    let rows: Vec<Row> = db.all(db.statement(sql, [roster.into()])).await?;
    let count = |status: CompetitorStatus| {
        let own = rows.iter().find(|row| row.status == status);
        (status, own.map_or(0, |row| row.competitors))
    };
    Ok(CompetitorStatus::ALL.map(count).to_vec())
}

/// Lists the competitors of a roster whom a coach has yet to confirm, at most 1,000.
///
/// # Errors
/// When the database fails.
pub async fn unconfirmed(db: &impl Sql, roster: RosterId) -> Result<Vec<CompetitorId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "SELECT p.id FROM competitors p WHERE p.roster_id = $1 AND p.left_at IS NULL \
               AND p.erased_at IS NULL AND p.confirmed_at IS NULL ORDER BY p.id LIMIT 1000";
    let rows: Vec<Row> = db.all(db.statement(sql, [roster.into()])).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Returns the name of a competitor's team; `None` without one.
///
/// # Errors
/// When the database fails.
pub async fn team_name(db: &impl Sql, id: CompetitorId) -> Result<Option<String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        name: String,
    }
    let sql = "SELECT t.name FROM ctf_team_members m JOIN ctf_teams t ON t.id = m.team_id \
               WHERE m.competitor_id = $1 AND m.left_at IS NULL";
    let row: Option<Row> = db.one(db.statement(sql, [id.into()])).await?;
    Ok(row.map(|row| row.name))
}
