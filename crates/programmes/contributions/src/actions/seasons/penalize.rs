use std::collections::{BTreeMap, BTreeSet};

use identity::model::UserId;
use kernel::Timestamp;
use platform::{ActionError, Context, audit::Actor, db::Tx};
use uuid::Uuid;

use super::{
    board::{refresh_people, span_of},
    sanction::{SanctionDecision, impose, lift_imposed},
};
use crate::{
    model::{FlagId, ProjectId, SanctionId, SeasonId},
    reads::{self, SeasonView},
    rules::{
        fair_play::penalty::{EarlierSanction, next_sanction},
        seasons::SeasonState,
    },
    store::{
        fair_play::{self, SpamPull},
        season_people::{self, Sanction},
        seasons,
    },
};

/// Warns or disqualifies the authors of pull requests that are confirmed as spam, in each season that is not final and that
/// the pull requests count for, and notifies them. The first flag of a person in a season warns, the second disqualifies.
pub(in crate::actions) async fn penalize(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    flag: FlagId,
    number: i64,
    reason: &str,
) -> Result<(), ActionError> {
    let pulls = fair_play::spam_pulls(tx, flag).await?;
    let of_project = seasons::of_projects(tx, pulls.iter().map(SpamPull::project)).await?;
    let reason = format!("Confirmed as spam (F-{number}): {reason}");
    for (season, projects) in running(tx, context, of_project).await? {
        let authors = authors(tx, &season, &projects, &pulls).await?;
        for person in &authors {
            let imposed =
                SanctionDecision { actor, person: *person, reason: &reason, flag: Some(flag) };
            penalize_one(tx, context, &season, &imposed).await?;
        }
        refresh_people(tx, context, &season, &authors).await?;
    }
    Ok(())
}

async fn penalize_one(
    tx: &mut Tx,
    context: &Context,
    season: &SeasonView,
    imposed: &SanctionDecision<'_>,
) -> Result<(), ActionError> {
    let id = SeasonId::new(season.id);
    let earlier = season_people::sanctions(tx, id, Some(imposed.person)).await?;
    let earlier: Vec<_> = earlier.iter().map(before).collect();
    if let Some(kind) = next_sanction(&earlier) {
        impose(tx, context, season, kind, imposed).await?;
    }
    Ok(())
}

fn before(sanction: &Sanction) -> EarlierSanction {
    EarlierSanction {
        kind: sanction.kind,
        is_for_spam: sanction.flag_id.is_some(),
        is_lifted: sanction.lifted_at.is_some(),
    }
}

/// Locks seasons in the order of their IDs, and returns those that have begun and are not final, with the projects that were
/// asked for.
async fn running(
    tx: &Tx,
    context: &Context,
    of_project: Vec<(SeasonId, ProjectId)>,
) -> Result<Vec<(SeasonView, BTreeSet<ProjectId>)>, ActionError> {
    let mut projects: BTreeMap<SeasonId, BTreeSet<ProjectId>> = BTreeMap::new();
    for (season, project) in of_project {
        projects.entry(season).or_default().insert(project);
    }
    let ids: Vec<Uuid> = projects.keys().map(|season| season.0).collect();
    tx.lock_rows("seasons", ids).await?;
    let mut running = Vec::new();
    for (id, projects) in projects {
        let season = reads::season_by_id(tx, id).await?;
        let is_running = |season: &SeasonView| {
            let state = season.state(context.now());
            matches!(state, SeasonState::Running | SeasonState::Ended)
        };
        running.extend(season.filter(is_running).map(|season| (season, projects)));
    }
    Ok(running)
}

/// Returns the authors of the pull requests that count for a season.
async fn authors(
    tx: &Tx,
    season: &SeasonView,
    projects: &BTreeSet<ProjectId>,
    pulls: &[SpamPull],
) -> Result<BTreeSet<UserId>, ActionError> {
    let mut times: BTreeMap<UserId, Vec<Timestamp>> = BTreeMap::new();
    for pull in pulls.iter().filter(|pull| projects.contains(&pull.project())) {
        let of_author = times.entry(pull.author()).or_default();
        of_author.extend([Some(pull.opened_at), pull.merged_at].into_iter().flatten());
    }
    let mut counting = BTreeSet::new();
    for (person, times) in times {
        let id = SeasonId::new(season.id);
        let participant = season_people::participant(tx, id, person).await?;
        let span = span_of(season, participant.as_ref());
        if times.into_iter().any(|at| span.contains(at)) {
            counting.insert(person);
        }
    }
    Ok(counting)
}

/// Lifts the sanctions that a flag caused, of everyone or of one person, except in seasons whose results are final, and
/// notifies the people.
pub(in crate::actions) async fn lift_penalties(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    flag: FlagId,
    person: Option<UserId>,
    reason: &str,
) -> Result<(), ActionError> {
    let mut sanctions = season_people::sanctions_of_flag(tx, flag).await?;
    sanctions.retain(|sanction| person.is_none_or(|person| person.0 == sanction.user_id));
    let seasons: BTreeSet<Uuid> = sanctions.iter().map(|it| it.season_id).collect();
    tx.lock_rows("seasons", seasons.iter().copied()).await?;
    for season in seasons {
        let Some(season) = reads::season_by_id(tx, season.into()).await? else {
            continue;
        };
        if season.state(context.now()) == SeasonState::SignedOff {
            continue;
        }
        let mut people = BTreeSet::new();
        for sanction in sanctions.iter().filter(|it| it.season_id == season.id) {
            let id = SanctionId::new(sanction.id);
            let imposed =
                SanctionDecision { actor, person: sanction.user_id.into(), reason, flag: None };
            lift_imposed(tx, context, &season, id, &imposed).await?;
            people.insert(imposed.person);
        }
        refresh_people(tx, context, &season, &people).await?;
    }
    Ok(())
}
