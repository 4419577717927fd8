use std::collections::{BTreeMap, BTreeSet};

use identity::{model::UserId, rules::has_profile};
use kernel::{Points, Problem};
use platform::db::{Db, DbError, Sql};
use platform::web::WebError;
use recognition::reads::Start;

use ui::Who;
use uuid::Uuid;

use super::{SeasonView, results, shared_emails};
use crate::{
    model::SeasonId,
    rules::seasons::{Change, PersonTotal, RankedTotal, SeasonCorrection, corrected, corrections},
};

/// A row of the results of a season, with the person's login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultView {
    /// The rank, which people with equal points share.
    pub rank: i64,
    /// The login; empty if the person is no longer shown on leaderboards.
    pub login: String,
    /// The person as lists show them, who is gone if they are no longer shown.
    pub who: Who,
    pub points: Points,
    /// The number of merged pull requests that earned points.
    pub merged: i64,
    pub has_reached_goal: bool,
    /// The verified email address, if the person agreed that organizers see it. Filled only for organizers.
    pub email: Option<String>,
    user_id: UserId,
}

#[derive(Clone, Debug, Default)]
pub struct ResultsPage {
    /// The rows, in the order of the leaderboard.
    pub items: Vec<ResultView>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

/// Lists the results of a season after a cursor: those of the sign-off, those after these corrections ([`corrections_until`]), or
/// those of its leaderboard while they are provisional.
///
/// # Errors
/// When the cursor is not one of this list.
pub async fn results_page(
    db: &Db,
    season: &SeasonView,
    until: &[SeasonCorrection<Uuid>],
    cursor: Option<&str>,
    limit: i64,
) -> Result<ResultsPage, WebError> {
    let mut page = match season.signed_off_at {
        Some(_) if until.is_empty() => final_page(db, season, cursor, limit).await?,
        Some(_) => corrected_page(db, season, until, cursor, limit).await?,
        None => provisional_page(db, season, cursor, limit).await?,
    };
    name(db, &mut page.items).await?;
    Ok(page)
}

/// The beginning of the cursors of final results, so that one from before the sign-off is refused.
const PLACE: &str = "place-";

fn place_of(cursor: &str) -> Option<i64> {
    cursor.strip_prefix(PLACE)?.parse().ok()
}

async fn final_page(
    db: &Db,
    season: &SeasonView,
    cursor: Option<&str>,
    limit: i64,
) -> Result<ResultsPage, WebError> {
    let after = cursor.map_or(Some(0), place_of).ok_or_else(bad_cursor)?;
    let mut rows = results(db, SeasonId::new(season.id), after, limit + 1).await?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(0);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| more).map(|row| format!("{PLACE}{}", row.place));
    let view = |row: super::ResultRow| ResultView {
        rank: row.rank,
        login: String::new(),
        who: Who::default(),
        points: row.points,
        merged: row.merged,
        has_reached_goal: row.has_reached_goal,
        email: None,
        user_id: row.user_id.into(),
    };
    Ok(ResultsPage { items: rows.into_iter().map(view).collect(), next })
}

/// Lists the corrections of a season since its sign-off, by number; none while its results are provisional.
pub async fn season_corrections(
    db: &impl Sql,
    season: &SeasonView,
) -> Result<Vec<SeasonCorrection<Uuid>>, DbError> {
    if season.signed_off_at.is_none() {
        return Ok(Vec::new());
    }
    let changes = recognition::reads::late_changes(db, &season.board()).await?;
    let change = |it: &recognition::reads::LateChange| Change {
        at: it.at,
        person: it.user_id,
        points: it.points,
        merged: it.merged,
    };
    Ok(corrections(&changes.iter().map(change).collect::<Vec<_>>()))
}

/// Returns the corrections of a season up to the one with a number: none for 0, the sign-off.
///
/// # Errors
/// When it has no such correction.
pub fn corrections_until<'a>(
    season: &SeasonView,
    all: &'a [SeasonCorrection<Uuid>],
    number: i64,
) -> Result<&'a [SeasonCorrection<Uuid>], Problem> {
    let until = usize::try_from(number).ok().and_then(|count| all.get(..count));
    until.ok_or_else(|| {
        let detail = format!(
            "{} has no correction {number}. Leave `correction` out for the results of the sign-off.",
            season.name
        );
        Problem::not_found(detail).at("correction")
    })
}

/// Returns the results of a season after these corrections.
pub(super) async fn results_after(
    db: &impl Sql,
    season: &SeasonView,
    until: &[SeasonCorrection<Uuid>],
) -> Result<Vec<RankedTotal<Uuid>>, DbError> {
    let rows = results(db, SeasonId::new(season.id), 0, i64::MAX).await?;
    let total = |row: &super::ResultRow| PersonTotal {
        person: row.user_id,
        points: row.points,
        merged: row.merged,
    };
    Ok(corrected(&rows.iter().map(total).collect::<Vec<_>>(), until))
}

async fn corrected_page(
    db: &Db,
    season: &SeasonView,
    until: &[SeasonCorrection<Uuid>],
    cursor: Option<&str>,
    limit: i64,
) -> Result<ResultsPage, WebError> {
    let after = cursor.map_or(Some(0), place_of).ok_or_else(bad_cursor)?;
    let rows = results_after(db, season, until).await?.into_iter();
    let mut rows: Vec<RankedTotal<Uuid>> = rows.filter(|row| row.place > after).collect();
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| format!("{PLACE}{}", row.place));
    let view = |row: RankedTotal<Uuid>| ResultView {
        rank: row.rank,
        login: String::new(),
        who: Who::default(),
        points: row.total.points,
        merged: row.total.merged,
        has_reached_goal: season.goal > 0 && row.total.merged >= season.goal,
        email: None,
        user_id: row.total.person.into(),
    };
    Ok(ResultsPage { items: rows.into_iter().map(view).collect(), next })
}

async fn provisional_page(
    db: &Db,
    season: &SeasonView,
    cursor: Option<&str>,
    limit: i64,
) -> Result<ResultsPage, WebError> {
    let start = Start::read(cursor, None)?;
    let page = recognition::reads::page(db, &season.board(), start, limit).await?;
    let view = |row: recognition::reads::RankedRow| ResultView {
        rank: row.rank,
        login: String::new(),
        who: Who::default(),
        points: row.points,
        merged: row.merged,
        has_reached_goal: season.goal > 0 && row.merged >= season.goal,
        email: None,
        user_id: row.user_id,
    };
    Ok(ResultsPage {
        next: page.next.as_ref().map(ToString::to_string),
        items: page.rows.into_iter().map(view).collect(),
    })
}

fn bad_cursor() -> Problem {
    let detail = "The cursor is not one of this list. Start again without it.";
    Problem::new(kernel::ProblemKind::Malformed, "BAD_CURSOR", detail)
}

/// Adds the people who are still shown on leaderboards.
async fn name(db: &Db, rows: &mut [ResultView]) -> Result<(), DbError> {
    let people: BTreeSet<UserId> = rows.iter().map(|row| row.user_id).collect();
    let hidden = recognition::reads::unlisted(db, people.iter().copied()).await?;
    let known = identity::reads::who(db, people).await?;
    for row in rows {
        let who = known.get(&row.user_id).filter(|who| has_profile(&who.login));
        row.who = who.filter(|_| !hidden.contains(&row.user_id)).cloned().unwrap_or_default();
        row.login.clone_from(&row.who.login);
    }
    Ok(())
}

/// Lists all results of a season with the email addresses of those who agreed to it, for prizes.
///
/// # Errors
/// When the database fails.
pub async fn prizes(db: &Db, season: &SeasonView) -> Result<Vec<ResultView>, WebError> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = results_page(db, season, &[], cursor.as_deref(), 100).await?;
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let id = SeasonId::new(season.id);
    let shown = all.iter().filter(|row| !row.login.is_empty());
    let people: Vec<UserId> = shown.map(|row| row.user_id).collect();
    let emails: BTreeMap<_, _> = shared_emails(db, id, people).await?;
    for row in &mut all {
        row.email = emails.get(&row.user_id.0).cloned();
    }
    Ok(all)
}
