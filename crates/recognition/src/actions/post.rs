use std::collections::{BTreeMap, BTreeSet};

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use crate::{
    model::{EntryKind, Posting},
    rules,
    store::{
        boards::{self, Place, Score},
        hidden, ledger,
    },
};

/// The change of a person's score on a board.
#[derive(Clone, Copy)]
struct Move {
    points: Points,
    latest: Timestamp,
    /// True if an entry is reversed. It may be the person's last entry, or the one that determined when
    /// they reached their points.
    takes_back: bool,
}

/// Writes entries, and updates totals, boards and histogram.
pub(super) async fn post(tx: &Tx, context: &Context, postings: &[Posting]) -> Result<(), DbError> {
    if postings.is_empty() {
        return Ok(());
    }
    let now = context.now();
    ledger::insert(tx, context.ids.as_ref(), postings, now).await?;
    identity::actions::add_points(tx, totals(postings), now).await?;
    let mut moves = moves(tx, context, postings, now).await?;
    let people: BTreeSet<UserId> = moves.keys().map(|(_, person)| *person).collect();
    let hidden = hidden::among(tx, people).await?;
    moves.retain(|(_, person), _| !hidden.contains(person));
    let before = boards::scores(tx, moves.keys().copied()).await?;
    let taken_back = moves
        .iter()
        .filter(|(_, change)| change.takes_back)
        .map(|(place, _)| *place);
    let recounted = boards::recount(tx, taken_back).await?;
    let (mut after, mut gone) = (BTreeMap::new(), Vec::new());
    for (place, change) in moves {
        let score = if change.takes_back {
            recounted.get(&place).copied()
        } else {
            Some(moved(before.get(&place), change))
        };
        match score {
            Some(score) => drop(after.insert(place, score)),
            None => gone.push(place),
        }
    }
    boards::write(tx, &after, now).await?;
    boards::remove(tx, &gone).await?;
    boards::move_histogram(tx, &shifts(&before, &after)).await
}

fn totals(postings: &[Posting]) -> BTreeMap<UserId, Points> {
    let mut totals = BTreeMap::new();
    for Posting { entitlement, .. } in postings {
        *totals.entry(entitlement.user_id).or_default() += entitlement.points;
    }
    totals
}

async fn moves(
    tx: &Tx,
    context: &Context,
    postings: &[Posting],
    now: Timestamp,
) -> Result<BTreeMap<Place, Move>, DbError> {
    let lists = postings.iter().map(|posting| &*posting.entitlement.boards);
    let lists: BTreeSet<&[String]> = lists.collect();
    let counted = lists
        .into_iter()
        .map(|list| (list, rules::counted_on(list)));
    let counted: BTreeMap<&[String], Vec<String>> = counted.collect();
    let keys: BTreeSet<&str> = counted.values().flatten().map(String::as_str).collect();
    let boards = boards::ensure(tx, context.ids.as_ref(), keys, now).await?;
    let mut moves: BTreeMap<Place, Move> = BTreeMap::new();
    for posting in postings {
        let entitlement = &posting.entitlement;
        let keys = counted.get(&*entitlement.boards).into_iter().flatten();
        for board in keys.filter_map(|key| boards.get(key)) {
            let change = moves.entry((*board, entitlement.user_id)).or_insert(Move {
                points: 0,
                latest: entitlement.occurred_at,
                takes_back: false,
            });
            change.points += entitlement.points;
            change.latest = change.latest.max(entitlement.occurred_at);
            change.takes_back |= posting.kind == EntryKind::Reversal;
        }
    }
    Ok(moves)
}

fn moved(before: Option<&Score>, change: Move) -> Score {
    match before {
        None => Score {
            points: change.points,
            reached_at: change.latest,
        },
        Some(before) => Score {
            points: before.points + change.points,
            reached_at: before.reached_at.max(change.latest),
        },
    }
}

/// Returns the change in the number of people per bucket.
pub(super) fn shifts(
    before: &BTreeMap<Place, Score>,
    after: &BTreeMap<Place, Score>,
) -> BTreeMap<(Uuid, i64, i64), i64> {
    let mut shifts = BTreeMap::new();
    for (scores, people) in [(before, -1), (after, 1)] {
        for ((board, _), score) in scores {
            for (level, bucket) in rules::buckets(score.points) {
                *shifts.entry((*board, level, bucket)).or_default() += people;
            }
        }
    }
    shifts
}
