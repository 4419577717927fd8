use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
};

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use super::{MaintainerView, maintainers_of};
use crate::{
    model::{SanctionKind, SeasonId},
    store::season_people::{self, Participant, Sanction},
};

/// A person's state in a season.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParticipantState {
    /// Taking part.
    #[default]
    In,
    /// Warned. The points count.
    Warned,
    Disqualified,
}

impl ParticipantState {
    fn of<'a>(sanctions: impl IntoIterator<Item = &'a Sanction>) -> Self {
        let held = sanctions.into_iter().filter(|it| it.lifted_at.is_none());
        match held.map(|it| it.kind).max() {
            None => Self::In,
            Some(SanctionKind::Warning) => Self::Warned,
            Some(SanctionKind::Disqualification) => Self::Disqualified,
        }
    }

    /// Returns the code of the state in the API.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Warned => "warned",
            Self::Disqualified => "disqualified",
        }
    }

    /// Returns the CSS class of the state's color.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::In => "t-vert",
            Self::Warned => "t-or",
            Self::Disqualified => "t-gules",
        }
    }
}

impl fmt::Display for ParticipantState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::In => "In",
            Self::Warned => "Warned",
            Self::Disqualified => "Disqualified",
        })
    }
}

/// A person's registration for a season.
#[derive(Clone, Debug)]
pub struct Registration {
    pub id: Uuid,
    /// The name of the time zone that decides the person's days.
    pub timezone: String,
    /// The version of the consent text that the person agreed to.
    pub consent_version: i64,
    /// True if organizers may see the email address.
    pub shares_email: bool,
    /// When the person registered.
    pub registered_at: Timestamp,
    /// When the person withdrew.
    pub withdrawn_at: Option<Timestamp>,
    pub state: ParticipantState,
}

impl Registration {
    fn of(participant: Participant, state: ParticipantState) -> Self {
        Self {
            id: participant.id,
            timezone: participant.timezone,
            consent_version: participant.consent_version,
            shares_email: participant.shares_email,
            registered_at: participant.created_at,
            withdrawn_at: participant.withdrawn_at,
            state,
        }
    }
}

/// Finds a person's registration, which may be withdrawn.
pub async fn registration(
    db: &impl Sql,
    season: SeasonId,
    person: UserId,
) -> Result<Option<Registration>, DbError> {
    let Some(found) = season_people::participant(db, season, person).await? else {
        return Ok(None);
    };
    let sanctions = season_people::sanctions(db, season, Some(person)).await?;
    Ok(Some(Registration::of(found, ParticipantState::of(&sanctions))))
}

/// A participant in the list of organizers.
#[derive(Clone, Debug)]
pub struct ParticipantView {
    pub user_id: UserId,
    /// The login, or the placeholder of a closed account.
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    pub registration: Registration,
    /// True if no pull request counts as theirs, because no account on GitHub is linked.
    pub lacks_github: bool,
}

/// Lists the registrations of a season after one, in the order in which people registered.
pub async fn participants_page(
    db: &impl Sql,
    season: SeasonId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<ParticipantView>, DbError> {
    let sql = "SELECT p.id, p.user_id, p.timezone, p.consent_version, p.shares_email, p.created_at, \
               p.withdrawn_at FROM season_participants p WHERE p.season_id = $1 AND p.id > $2 \
               ORDER BY p.id LIMIT $3";
    let after = after.unwrap_or_default();
    let values = [season.into(), after.into(), limit.into()];
    let rows: Vec<Participant> = db.all(db.statement(sql, values)).await?;
    views(db, season, rows).await
}

/// Finds a participant by login.
pub async fn participant_named(
    db: &impl Sql,
    season: SeasonId,
    person: UserId,
) -> Result<Option<ParticipantView>, DbError> {
    let found = season_people::participant(db, season, person).await?;
    Ok(views(db, season, found.into_iter().collect()).await?.pop())
}

async fn views(
    db: &impl Sql,
    season: SeasonId,
    rows: Vec<Participant>,
) -> Result<Vec<ParticipantView>, DbError> {
    let people = rows.iter().map(|row| row.user_id.into());
    let mut known = identity::reads::who(db, people).await?;
    let mut sanctions: HashMap<Uuid, Vec<Sanction>> = HashMap::new();
    for sanction in season_people::sanctions(db, season, None).await? {
        sanctions.entry(sanction.user_id).or_default().push(sanction);
    }
    let unlinked = if rows.is_empty() { HashSet::new() } else { unlinked(db, season).await? };
    let view = |row: Participant| {
        let user_id: UserId = row.user_id.into();
        let state = ParticipantState::of(sanctions.get(&row.user_id).into_iter().flatten());
        let who = known.remove(&user_id).unwrap_or_default();
        ParticipantView {
            user_id,
            login: who.login.clone(),
            who,
            lacks_github: unlinked.contains(&row.user_id),
            registration: Registration::of(row, state),
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Returns the participants of a season without an account on GitHub.
async fn unlinked(db: &impl Sql, season: SeasonId) -> Result<HashSet<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    let sql = format!(
        "SELECT p.user_id FROM season_participants p WHERE p.season_id = $1 AND {}",
        identity::reads::lacks_github("p.user_id")
    );
    let rows: Vec<Row> = db.all(db.statement(&sql, [season.into()])).await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

/// A sanction, as shown to organizers and to the person.
#[derive(Clone, Debug)]
pub struct SanctionView {
    pub id: Uuid,
    pub kind: SanctionKind,
    pub reason: String,
    pub decided_at: Timestamp,
    pub lifted_at: Option<Timestamp>,
    pub lift_reason: Option<String>,
}

/// Lists a person's sanctions in a season, earliest first.
pub async fn sanctions_of(
    db: &impl Sql,
    season: SeasonId,
    person: UserId,
) -> Result<Vec<SanctionView>, DbError> {
    let found = season_people::sanctions(db, season, Some(person)).await?;
    let view = |sanction: Sanction| SanctionView {
        id: sanction.id,
        kind: sanction.kind,
        reason: sanction.reason,
        decided_at: sanction.created_at,
        lifted_at: sanction.lifted_at,
        lift_reason: sanction.lift_reason,
    };
    Ok(found.into_iter().map(view).collect())
}

/// Lists the organizers of a season by login.
pub async fn organizers(db: &impl Sql, season: SeasonId) -> Result<Vec<MaintainerView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    let sql = "SELECT user_id FROM season_organizers WHERE season_id = $1";
    let rows: Vec<Row> = db.all(db.statement(sql, [season.into()])).await?;
    let people: Vec<UserId> = rows.into_iter().map(|row| row.user_id.into()).collect();
    let known = identity::reads::who(db, people.iter().copied()).await?;
    Ok(maintainers_of(people, &known))
}

/// A row of the final results of a season.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ResultRow {
    /// The position, starting at 1.
    pub place: i64,
    /// The rank, which people with equal points share.
    pub rank: i64,
    pub user_id: Uuid,
    pub points: Points,
    /// The number of merged pull requests that earned points.
    pub merged: i64,
    pub has_reached_goal: bool,
}

/// Lists the final results of a season after a position.
pub async fn results(
    db: &impl Sql,
    season: SeasonId,
    after: i64,
    limit: i64,
) -> Result<Vec<ResultRow>, DbError> {
    let sql = "SELECT place, rank, user_id, points, merged, has_reached_goal FROM season_results \
               WHERE season_id = $1 AND place > $2 ORDER BY place LIMIT $3";
    db.all(db.statement(sql, [season.into(), after.into(), limit.into()])).await
}

/// Finds a person's final result.
pub async fn result_of(
    db: &impl Sql,
    season: SeasonId,
    person: UserId,
) -> Result<Option<ResultRow>, DbError> {
    let sql = "SELECT place, rank, user_id, points, merged, has_reached_goal FROM season_results \
               WHERE season_id = $1 AND user_id = $2";
    db.one(db.statement(sql, [season.into(), person.into()])).await
}

/// Returns the verified email addresses of the people among some who agreed that organizers see theirs.
pub async fn shared_emails(
    db: &impl Sql,
    season: SeasonId,
    people: impl IntoIterator<Item = UserId>,
) -> Result<BTreeMap<Uuid, String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    let mut query = db.query();
    let (rows, season) = (query.rows(ids(people), "r"), query.bind(season));
    let sql = format!(
        "SELECT p.user_id FROM {rows} JOIN season_participants p ON p.season_id = {season} \
         AND p.user_id = r.id WHERE p.shares_email AND p.withdrawn_at IS NULL"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    let people = rows.into_iter().map(|row| UserId::from(row.user_id));
    let emails = identity::reads::verified_emails(db, people).await?.into_iter();
    Ok(emails.map(|(person, email)| (person.0, email)).collect())
}
