use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{
        RegisteredForSeason, SEASON_REGISTERED, SEASON_RESULTS, SEASON_SANCTION, SanctionDecided,
        SeasonResults,
    },
    model::{SanctionId, SanctionKind, SeasonId},
    reads::{self, SeasonView},
    store::season_people,
};

/// Finds a participant with their season, unless they withdrew in the meantime.
pub(super) async fn taking_part(
    tx: &Tx,
    id: Uuid,
) -> Result<Option<(season_people::Participant, SeasonView)>, ActionError> {
    let Some((season, participant)) = season_people::participant_by_id(tx, id).await? else {
        return Ok(None);
    };
    let season = reads::season_by_id(tx, season).await?;
    let participant = Some(participant).filter(|it| it.withdrawn_at.is_none());
    Ok(participant.zip(season))
}

/// Notifies a person that they registered for a season.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_registration(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((participant, season)) = taking_part(tx, id).await? else {
        return Ok(());
    };
    let person = participant.user_id.into();
    let email = RegisteredForSeason {
        lacks_github: !identity::reads::has_github(&*tx, person).await?,
        first_day: season.days().first,
        last_day: season.days().last,
        timezone: participant.timezone,
        season: season.name,
        slug: season.slug,
    };
    let notice = Notice {
        kind: &SEASON_REGISTERED,
        user_id: person,
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies a participant that the results of a season are final.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_results(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some((participant, season)) = taking_part(tx, id).await? else {
        return Ok(());
    };
    let person = participant.user_id.into();
    let own = reads::result_of(tx, SeasonId::new(season.id), person).await?;
    let email = SeasonResults {
        rank: own.as_ref().map(|own| own.rank),
        points: own.as_ref().map_or(0, |own| own.points),
        has_reached_goal: own.is_some_and(|own| own.has_reached_goal),
        season: season.name,
        slug: season.slug,
    };
    let notice = Notice {
        kind: &SEASON_RESULTS,
        user_id: person,
        object_id: id,
        occurrence: "",
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

/// Notifies a person that they were warned or disqualified, or that this was lifted.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_sanction(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(sanction) = season_people::sanction(tx, SanctionId::new(id)).await? else {
        return Ok(());
    };
    let Some(season) = reads::season_by_id(tx, sanction.season_id.into()).await? else {
        return Ok(());
    };
    let is_lifted = sanction.lifted_at.is_some();
    let email = SanctionDecided {
        disqualifies: sanction.kind == SanctionKind::Disqualification,
        is_lifted,
        reason: sanction.lift_reason.unwrap_or(sanction.reason),
        season: season.name,
        slug: season.slug,
    };
    let notice = Notice {
        kind: &SEASON_SANCTION,
        user_id: sanction.user_id.into(),
        object_id: id,
        occurrence: if is_lifted { "lifted" } else { "decided" },
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
