use chrono_tz::Tz;
use identity::{model::UserId, rules::timezone_named};
use notifications::{actions::notify, model::Notice};
use platform::{
    ActionError, Context,
    db::{DbError, Tx},
    outbox::{EmailTemplate, Post},
};
use recognition::reads::{board_state, has_opted_out, merges_of_person, people_with_merges};
use uuid::Uuid;

use super::notify::taking_part;
use crate::{
    emails::{SEASON_ENDS_SOON, SeasonEnds, SeasonEndsForOrganizer},
    model::SeasonId,
    reads::{self, SeasonView},
    rules::seasons::SeasonState,
    store::{
        season_ends,
        season_people::{self, Participant, Sanction},
    },
};

/// Notifies a participant or an organizer that a season ends soon, unless this changed in the meantime. The object is the
/// person's row.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_season_end(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    if let Some((participant, season)) = taking_part(tx, id).await? {
        return notify_participant(tx, context, post, participant, season).await;
    }
    let Some((season, person)) = season_ends::organizer(tx, id).await? else {
        return Ok(());
    };
    match reads::season_by_id(tx, season).await? {
        Some(season) => notify_organizer(tx, context, post, id, person, season).await,
        None => Ok(()),
    }
}

/// Returns whether a season ends soon in a time zone.
fn ends_soon(context: &Context, season: &SeasonView, zone: Tz) -> bool {
    let now = context.now();
    let is_running = season.state(now) == SeasonState::Running;
    is_running && season.days().notice_span(zone).contains(now)
}

async fn notify_participant(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    participant: Participant,
    season: SeasonView,
) -> Result<(), ActionError> {
    let zone = timezone_named(&participant.timezone).unwrap_or(Tz::UTC);
    let person: UserId = participant.user_id.into();
    if !ends_soon(context, &season, zone) || is_disqualified(tx, &season, person).await? {
        return Ok(());
    }
    let key = season.board();
    if board_state(tx, &key).await?.is_recounting {
        // How far the person is from the goal is known later: the job notes them again.
        season_ends::note(tx, [participant.id], None).await?;
        return Ok(());
    }
    let merged = if has_opted_out(tx, person).await? {
        None
    } else {
        Some(merges_of_person(tx, &key, person).await?)
    };
    let email = SeasonEnds {
        last_day: season.days().last,
        timezone: participant.timezone,
        goal: season.goal,
        merged,
        season: season.name,
        slug: season.slug,
    };
    notify(
        tx,
        context,
        post,
        &notice(participant.id, person, &email.last_day.to_string(), &email, email.link()),
    )
    .await?;
    Ok(())
}

async fn notify_organizer(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
    person: UserId,
    season: SeasonView,
) -> Result<(), ActionError> {
    if !ends_soon(context, &season, Tz::UTC) {
        return Ok(());
    }
    let email = SeasonEndsForOrganizer {
        last_day: season.days().last,
        participants: season_ends::participants(tx, SeasonId::new(season.id)).await?,
        reached_goal: reached_goal(tx, &season).await?,
        season: season.name,
        slug: season.slug,
    };
    let last_day = email.last_day.to_string();
    notify(tx, context, post, &notice(id, person, &last_day, &email, email.link())).await?;
    Ok(())
}

/// Counts the people who reached the goal of a season; `None` if there is none, or while they are counted anew.
async fn reached_goal(tx: &Tx, season: &SeasonView) -> Result<Option<i64>, DbError> {
    let key = season.board();
    if season.goal == 0 || board_state(tx, &key).await?.is_recounting {
        return Ok(None);
    }
    Ok(Some(people_with_merges(tx, &key, season.goal).await?))
}

async fn is_disqualified(tx: &Tx, season: &SeasonView, person: UserId) -> Result<bool, DbError> {
    let id = SeasonId::new(season.id);
    let sanctions = season_people::sanctions(tx, id, Some(person)).await?;
    Ok(sanctions.iter().any(Sanction::disqualifies))
}

fn notice<'a>(
    object_id: Uuid,
    user_id: UserId,
    last_day: &'a str,
    email: &'a dyn EmailTemplate,
    link: String,
) -> Notice<'a> {
    Notice { kind: &SEASON_ENDS_SOON, user_id, object_id, occurrence: last_day, link, email }
}
