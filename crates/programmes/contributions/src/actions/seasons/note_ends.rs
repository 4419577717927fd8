use chrono_tz::Tz;
use identity::rules::timezone_named;
use platform::{ActionError, Context, db::Tx};
use recognition::reads::board_state;
use uuid::Uuid;

use super::locked;
use crate::{
    model::{SEASON_ENDING, SeasonId},
    reads::{self, SeasonPart, SeasonView},
    rules::seasons::SeasonState,
    store::season_ends::{self, UnnotedParticipant},
};

/// The maximum number of seasons that are looked at.
const SEASONS: i64 = 10_000;

/// The number of participants who are noted in one transaction.
const AT_ONCE: i64 = 1_000;

/// Has the participants and organizers of seasons that end soon notified, once for each last day of a season. Participants
/// are noted in batches, so that a run that is stopped leaves the others to the next one. Returns the number of people.
///
/// # Errors
/// When the database fails.
pub async fn note_season_ends(context: &Context) -> Result<usize, ActionError> {
    let seasons = reads::seasons(&context.db, SeasonPart::Public, None, SEASONS).await?;
    let mut count = 0;
    for season in seasons {
        let ending = season.days().ending();
        let now = context.now();
        if ending.begin() <= now && now < ending.end() {
            count += note_organizers(context, &season).await?;
            count += note_participants(context, &season).await?;
        }
    }
    Ok(count)
}

/// Locks a season, and returns whether people can be notified of its last day. While the leaderboard is counted anew, it
/// does not show how far they are from the goal. The caller looks at the season again in the next run if it changed.
async fn is_current(tx: &Tx, context: &Context, season: &SeasonView) -> Result<bool, ActionError> {
    let found = locked(tx, &season.slug).await?;
    let is_running = found.state(context.now()) == SeasonState::Running;
    if !is_running || found.days() != season.days() {
        return Ok(false);
    }
    Ok(!board_state(tx, &found.board()).await?.is_recounting)
}

/// Notes the organizers of a season, for whom the days are those of UTC. Returns their number.
async fn note_organizers(context: &Context, season: &SeasonView) -> Result<usize, ActionError> {
    let (days, now) = (season.days(), context.now());
    if !days.notice_span(Tz::UTC).contains(now) {
        return Ok(0);
    }
    let mut tx = context.begin().await?;
    if !is_current(&tx, context, season).await? {
        return Ok(0);
    }
    let last_day = days.last.to_string();
    let end = (SeasonId::new(season.id), last_day.as_str());
    let noted = season_ends::note_organizers(&tx, end).await?;
    let (ids, count) = (context.ids.as_ref(), noted.len());
    tx.wake(SEASON_ENDING, noted, ids, now).await?;
    tx.commit().await?;
    Ok(count)
}

/// Notes the participants of a season in whose time zones it ends soon. Returns their number.
async fn note_participants(context: &Context, season: &SeasonView) -> Result<usize, ActionError> {
    let (days, now) = (season.days(), context.now());
    let last_day = days.last.to_string();
    let end = (SeasonId::new(season.id), last_day.as_str());
    let mut zones = season_ends::zones(&context.db, end).await?;
    zones.retain(|zone| {
        let zone = timezone_named(zone).unwrap_or(Tz::UTC);
        days.notice_span(zone).contains(now)
    });
    let (mut count, mut after) = (0, Uuid::nil());
    while !zones.is_empty() {
        let noted = note_batch(context, season, &zones, after).await?;
        let Some(last) = noted.last() else { break };
        after = last.user_id;
        count += noted.len();
    }
    Ok(count)
}

/// Notes the next participants of some time zones after a person, in a transaction. Returns them.
async fn note_batch(
    context: &Context,
    season: &SeasonView,
    zones: &[String],
    after: Uuid,
) -> Result<Vec<UnnotedParticipant>, ActionError> {
    let mut tx = context.begin().await?;
    if !is_current(&tx, context, season).await? {
        return Ok(Vec::new());
    }
    let last_day = season.days().last.to_string();
    let end = (SeasonId::new(season.id), last_day.as_str());
    let unnoted = season_ends::unnoted(&tx, end, zones, after, AT_ONCE).await?;
    let rows: Vec<Uuid> = unnoted.iter().map(|participant| participant.id).collect();
    tx.lock_rows("season_participants", rows.iter().copied()).await?;
    season_ends::note(&tx, rows.iter().copied(), Some(last_day.as_str())).await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(SEASON_ENDING, rows, ids, now).await?;
    tx.commit().await?;
    Ok(unnoted)
}
