use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::{DbError, Sql, Tx},
};
use recognition::{
    actions::{finalize_board, settling},
    reads::{board_state, ranking},
};
use serde_json::json;

use super::{act_on, changeable, refused};
use crate::{
    actions::settle::{LOCK, awaiting_windows},
    model::{SEASON_SIGNED_OFF, SeasonId},
    reads::{self, SeasonView},
    rules::{
        closes_at as closes_at_after,
        seasons::{
            SeasonState,
            sign_off::{SignOffReason, admit},
        },
    },
    store::{
        projects, season_people,
        seasons::{self, SeasonStep},
        sign_off,
    },
};

/// Makes the results of a season final: they are stored, its leaderboard no longer moves, and its participants are
/// notified. What is decided later is a numbered correction. Returns the season.
///
/// # Errors
/// When the season is unknown, not over or final already, its points may still change, settlement is behind, or something is not
/// decided and no reason is given to sign off nevertheless.
pub async fn sign_off_season(
    context: &Context,
    actor: Actor,
    slug: &str,
    reasons: &[SignOffReason],
) -> Result<SeasonView, ActionError> {
    let mut tx = context.begin().await?;
    // A settlement is either complete or comes after, and is noted.
    tx.serialize(LOCK).await?;
    let season = changeable(&tx, context, slug).await?;
    check(&tx, context, &season).await?;
    let open = reads::open_things(&tx, &season).await?;
    let reasons = admit(&open, reasons.to_vec())?;
    let (id, now) = (SeasonId::new(season.id), context.now());
    for reason in &reasons {
        let things = open.iter().find(|it| it.blocker == reason.blocker);
        let given = (reason, things.map_or(0, |it| it.count));
        sign_off::insert(&tx, context.ids.next(), id, given, actor.person(), now).await?;
    }
    let key = season.board();
    finalize_board(&tx, context, actor, &key).await?;
    let ranked = ranking(&tx, &key).await?;
    seasons::insert_results(&tx, id, season.goal, &ranked).await?;
    seasons::step(&tx, id, SeasonStep::SignOff, now).await?;
    let overridden: Vec<_> = reasons.iter().map(|it| it.blocker.as_str()).collect();
    let said: Vec<_> = reasons.iter().map(SignOffReason::sentence).collect();
    let said = said.join(" ");
    let after = json!({ "people": ranked.len(), "overridden": overridden });
    let act = audit::Act {
        reason: Some(said.as_str()).filter(|it| !it.is_empty()),
        ..act_on(&season, actor, "season.sign_off", None, Some(after))
    };
    audit::record(&tx, context, act).await?;
    let participants = season_people::participants(&tx, id).await?;
    let participants = participants.iter().filter(|it| it.withdrawn_at.is_none());
    let notified: Vec<_> = participants.map(|participant| participant.id).collect();
    let ids = context.ids.as_ref();
    tx.wake(SEASON_SIGNED_OFF, notified, ids, now).await?;
    let signed_off = reads::season(&tx, slug).await?;
    tx.commit().await?;
    Ok(signed_off.unwrap_or(season))
}

async fn check(tx: &Tx, context: &Context, season: &SeasonView) -> Result<(), ActionError> {
    let (name, now) = (&season.name, context.now());
    let state = season.state(now);
    if !matches!(state, SeasonState::Ended | SeasonState::Running) {
        return Err(refused(format!("{name} has not been held, so it has no results.")));
    }
    let closes_at = season_closes_at(tx, season).await?;
    if now < closes_at {
        return Err(open(name, closes_at).into());
    }
    let behind = awaiting_windows(context).await?;
    if behind > 0 {
        return Err(settling(behind).into());
    }
    if board_state(tx, &season.board()).await?.is_recounting {
        let detail = format!("The leaderboard of {name} is being counted anew. Try again later.");
        return Err(Problem::new(ProblemKind::Conflict, "SETTLEMENT_BEHIND", detail).into());
    }
    Ok(())
}

/// Returns when the last fact of a season can have closed, from when on its results can be final.
///
/// # Errors
/// When the database cannot be read.
pub async fn season_closes_at(db: &impl Sql, season: &SeasonView) -> Result<Timestamp, DbError> {
    let projects = seasons::projects(db, SeasonId::new(season.id)).await?;
    let published = projects::published(db, &projects).await?;
    let longest = published.documents().map(|rules| rules.maturing_days).max();
    let end = season.days().end();
    Ok(closes_at_after(Some(end), longest.unwrap_or(0)).unwrap_or(end))
}

fn open(name: &str, closes_at: Timestamp) -> Problem {
    let detail = format!(
        "The results of {name} cannot be final before {} UTC, because points may change until then.",
        closes_at.format("%Y-%m-%d %H:%M")
    );
    Problem::new(ProblemKind::Conflict, "SEASON_OPEN", detail)
}
