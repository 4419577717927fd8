use std::collections::{BTreeMap, BTreeSet};

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::{
    Context,
    db::{DbError, Tx},
};
use uuid::Uuid;

use crate::{
    model::{Entitlement, EntryKind, GLOBAL, MERGE_REASON, Posting},
    rules,
    store::{
        boards::{self, Board, BoardPerson, Score},
        feeds::{self, Feed},
        finals, hidden, ledger, sources,
    },
};

/// The change of a person's score on a board.
#[derive(Clone, Copy)]
struct ScoreChange {
    points: Points,
    merged: i64,
    latest: Timestamp,
    /// True if an entry is reversed. It may be the person's last entry, or the one that determined when
    /// they reached their points.
    takes_back: bool,
}

/// The effect of entries on boards.
#[derive(Default)]
struct Effect {
    moves: BTreeMap<BoardPerson, ScoreChange>,
    /// The boards among them that are fed by others.
    fed: BTreeSet<Uuid>,
    /// The entries that came after a board became final, by board and entry.
    late: Vec<(Uuid, Uuid)>,
    /// True if no entry of one of their kinds of sources counted before.
    is_new_kind: bool,
}

impl Effect {
    fn add(&mut self, board: Board, posting: &Posting, entry: Uuid) {
        if board.is_final {
            self.late.push((board.id, entry));
            return;
        }
        let entitlement = &posting.entitlement;
        let takes_back = posting.kind == EntryKind::Reversal;
        let place = (board.id, entitlement.user_id);
        let change = self.moves.entry(place).or_insert(ScoreChange {
            points: 0,
            merged: 0,
            latest: entitlement.occurred_at,
            takes_back: false,
        });
        change.points += entitlement.points;
        change.merged += i64::from(entitlement.reason == MERGE_REASON && !takes_back);
        change.latest = change.latest.max(entitlement.occurred_at);
        change.takes_back |= takes_back;
    }
}

/// Writes entries, and updates totals, boards and histogram.
pub(super) async fn post(tx: &Tx, context: &Context, postings: &[Posting]) -> Result<(), DbError> {
    if postings.is_empty() {
        return Ok(());
    }
    let (ids, now) = (context.ids.as_ref(), context.now());
    let entries = ledger::insert(tx, ids, postings, now).await?;
    identity::actions::add_points(tx, totals(postings), now).await?;
    let mut effect = listed(tx, context, postings, &entries).await?;
    feed(tx, postings, &entries, &mut effect).await?;
    finals::note(tx, ids, &effect.late, now).await?;
    let is_new_kind = effect.is_new_kind;
    move_people(tx, effect, now).await?;
    if is_new_kind {
        sources::count_new(tx).await?;
    }
    Ok(())
}

/// Updates the rows and the histogram of the boards that are not final.
async fn move_people(tx: &Tx, effect: Effect, now: Timestamp) -> Result<(), DbError> {
    let Effect { mut moves, fed, .. } = effect;
    let people: BTreeSet<UserId> = moves.keys().map(|(_, person)| *person).collect();
    let hidden = hidden::among(tx, people).await?;
    moves.retain(|(_, person), _| !hidden.contains(person));
    let before = boards::scores(tx, moves.keys().copied()).await?;
    let taken_back = moves.iter().filter(|(_, change)| change.takes_back).map(|(place, _)| *place);
    let (taken_fed, taken): (Vec<BoardPerson>, Vec<BoardPerson>) =
        taken_back.partition(|(board, _)| fed.contains(board));
    let mut recounted = boards::recount(tx, taken).await?;
    recounted.extend(boards::recount_fed(tx, taken_fed).await?);
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
    let earned = postings.iter().filter(|posting| posting.kind != EntryKind::Redemption);
    for Posting { entitlement, .. } in earned {
        *totals.entry(entitlement.user_id).or_default() += entitlement.points;
    }
    totals
}

/// Returns what determines the boards that an entry counts on: those that it lists, and its kind of source.
fn listing(posting: &Posting) -> (&[String], &str) {
    (&*posting.entitlement.boards, posting.entitlement.source.kind)
}

/// Returns the effect of entries on the boards that they list.
async fn listed(
    tx: &Tx,
    context: &Context,
    postings: &[Posting],
    entries: &[Uuid],
) -> Result<Effect, DbError> {
    let lists: BTreeSet<(&[String], &str)> = postings.iter().map(listing).collect();
    let counted = lists.into_iter().map(|list| (list, rules::counted_on(list.0, list.1)));
    let counted: BTreeMap<(&[String], &str), Vec<String>> = counted.collect();
    let keys: BTreeSet<&str> = counted.values().flatten().map(String::as_str).collect();
    let kinds = counted.keys().filter(|(list, _)| !list.is_empty()).map(|(_, kind)| *kind);
    let (ids, now) = (context.ids.as_ref(), context.now());
    let found = boards::ensure(tx, ids, keys, &kinds.collect(), now).await?;
    let boards = found.boards;
    let mut effect = Effect { is_new_kind: found.is_new_kind, ..Effect::default() };
    for (posting, entry) in postings.iter().zip(entries) {
        let keys = counted.get(&listing(posting));
        for board in keys.into_iter().flatten().filter_map(|key| boards.get(key)) {
            effect.add(*board, posting, *entry);
        }
    }
    Ok(effect)
}

/// Adds the effect of entries on the boards that are fed by those that they list.
async fn feed(
    tx: &Tx,
    postings: &[Posting],
    entries: &[Uuid],
    effect: &mut Effect,
) -> Result<(), DbError> {
    let lists = postings.iter().map(|posting| &*posting.entitlement.boards);
    let lists: BTreeSet<&[String]> = lists.collect();
    let keys = lists.into_iter().flatten().map(String::as_str);
    let keys: BTreeSet<&str> = keys.filter(|key| *key != GLOBAL).collect();
    let feeds = feeds::of_sources(tx, keys).await?;
    if feeds.is_empty() {
        return Ok(());
    }
    let feeding = |entitlement: &Entitlement| {
        let boards = std::sync::Arc::clone(&entitlement.boards);
        let feeds = feeds.iter();
        feeds.filter(move |feed| boards.contains(&feed.source_key))
    };
    let places = postings.iter().flat_map(|posting| {
        let person = posting.entitlement.user_id;
        feeding(&posting.entitlement).map(move |feed| (feed.board_id, person))
    });
    let spans = feeds::spans(tx, &places.collect()).await?;
    for (posting, entry) in postings.iter().zip(entries) {
        let entitlement = &posting.entitlement;
        for feed in feeding(entitlement) {
            let place = (feed.board_id, entitlement.user_id);
            let span = spans.get(&place).copied().unwrap_or_else(|| feed.span());
            if span.contains(entitlement.occurred_at) {
                effect.add(Board::of(feed), posting, *entry);
            }
        }
    }
    effect.fed = feeds.iter().map(|feed| feed.board_id).collect();
    Ok(())
}

impl Board {
    fn of(feed: &Feed) -> Self {
        Self { id: feed.board_id, is_final: feed.is_final }
    }
}

fn moved(before: Option<&Score>, change: ScoreChange) -> Score {
    match before {
        None => Score { points: change.points, merged: change.merged, reached_at: change.latest },
        Some(before) => Score {
            points: before.points + change.points,
            merged: before.merged + change.merged,
            reached_at: before.reached_at.max(change.latest),
        },
    }
}

/// Returns the change in the number of people per bucket.
pub(super) fn shifts(
    before: &BTreeMap<BoardPerson, Score>,
    after: &BTreeMap<BoardPerson, Score>,
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
