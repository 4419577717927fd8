use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use identity::{model::UserId, rules::timezone_named};
use platform::{
    Context,
    db::{DbError, Tx},
};
use recognition::{
    actions::{feed_board, set_spans},
    model::{FedBoard, Span},
};

use crate::{
    model::{SeasonId, project_board},
    reads::SeasonView,
    store::{
        season_people::{self, Participant, Sanction},
        seasons,
    },
};

/// Sets what counts on the board of a season: the points of its projects, in its days, of those who take part. The
/// caller holds the lock of the season's row.
pub(super) async fn refresh_board(
    tx: &mut Tx,
    context: &Context,
    season: &SeasonView,
) -> Result<(), DbError> {
    let id = SeasonId::new(season.id);
    let projects = if season.state(context.now()).is_public() {
        seasons::projects(tx, id).await?
    } else {
        BTreeSet::new()
    };
    let fed = FedBoard {
        key: season.board(),
        sources: projects.into_iter().map(project_board).collect(),
        span: general_span(season),
    };
    let participants = season_people::participants(tx, id).await?;
    let sanctions = season_people::sanctions(tx, id, None).await?;
    let spans = spans(season, &participants, &sanctions);
    feed_board(tx, context, &fed, &spans).await
}

/// Sets when points of a person count on the board of a season. The caller holds the lock of the season's row.
pub(super) async fn refresh_person(
    tx: &Tx,
    context: &Context,
    season: &SeasonView,
    person: UserId,
) -> Result<(), DbError> {
    refresh_people(tx, context, season, &BTreeSet::from([person])).await
}

/// Does the same for several people.
pub(super) async fn refresh_people(
    tx: &Tx,
    context: &Context,
    season: &SeasonView,
    people: &BTreeSet<UserId>,
) -> Result<(), DbError> {
    if people.is_empty() {
        return Ok(());
    }
    let id = SeasonId::new(season.id);
    let mut all = BTreeMap::new();
    for person in people {
        let participant = season_people::participant(tx, id, *person).await?;
        let sanctions = season_people::sanctions(tx, id, Some(*person)).await?;
        let span = if sanctions.iter().any(Sanction::disqualifies) {
            Span::never()
        } else {
            span_of(season, participant.as_ref())
        };
        all.insert(*person, span);
    }
    set_spans(tx, context, &season.board(), &all).await
}

/// Returns when points of a person count who is not disqualified: one with a registration, or without.
pub(super) fn span_of(season: &SeasonView, participant: Option<&Participant>) -> Span {
    let Some(participant) = participant else {
        return general_span(season);
    };
    match participant.withdrawn_at {
        Some(_) => Span::never(),
        None => season.days().span(timezone_named(&participant.timezone).unwrap_or(Tz::UTC)),
    }
}

/// Returns when points of people count who are not registered.
fn general_span(season: &SeasonView) -> Span {
    if season.is_registered_only { Span::never() } else { season.days().in_utc() }
}

fn spans(
    season: &SeasonView,
    participants: &[Participant],
    sanctions: &[Sanction],
) -> BTreeMap<UserId, Span> {
    let registered = participants.iter();
    let registered = registered.map(|it| (UserId::from(it.user_id), span_of(season, Some(it))));
    let disqualified = sanctions.iter().filter(|it| it.disqualifies());
    let disqualified = disqualified.map(|it| (UserId::from(it.user_id), Span::never()));
    registered.chain(disqualified).collect()
}
