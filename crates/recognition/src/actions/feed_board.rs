use std::collections::{BTreeMap, BTreeSet};

use identity::model::UserId;
use platform::{
    Context,
    db::{DbError, Tx},
    jobs::{self, Progress},
};
use uuid::Uuid;

use super::{LOCK, post::shifts};
use crate::{
    model::{FedBoard, RECOUNT_DUE, Span},
    rules::LEVELS,
    store::{
        boards::{self, BoardPerson},
        feeds, hidden,
    },
};

/// The number of people up to whom a board is recounted at once.
const AT_ONCE: i64 = 500;

/// Sets which boards feed a board and when points count on it, in general and of people with spans of their own, and
/// recounts it: at once if few people may be on it, and otherwise by a job, in pages. A final board stays as it is.
/// Running it again changes nothing.
pub async fn feed_board(
    tx: &mut Tx,
    context: &Context,
    fed: &FedBoard,
    spans: &BTreeMap<UserId, Span>,
) -> Result<(), DbError> {
    tx.serialize(LOCK).await?;
    let board = board_with(tx, context, &fed.key).await?;
    if board.is_final || is_same(tx, board.id, fed, spans).await? {
        return Ok(());
    }
    feeds::define(tx, board.id, fed).await?;
    feeds::clear_members(tx, board.id).await?;
    feeds::write_members(tx, board.id, spans).await?;
    recount_board(tx, context, board.id).await
}

/// Returns whether a board is defined like that already.
async fn is_same(
    tx: &Tx,
    board: Uuid,
    fed: &FedBoard,
    spans: &BTreeMap<UserId, Span>,
) -> Result<bool, DbError> {
    let wanted = (fed.sources.clone(), fed.span);
    Ok(feeds::definition(tx, board).await? == Some(wanted)
        && feeds::members(tx, board).await? == *spans)
}

/// Sets the spans in which points of people count on a board, instead of its own, and recounts them. Running it again
/// changes nothing.
pub async fn set_spans(
    tx: &Tx,
    context: &Context,
    key: &str,
    spans: &BTreeMap<UserId, Span>,
) -> Result<(), DbError> {
    tx.serialize(LOCK).await?;
    let board = board_with(tx, context, key).await?;
    if board.is_final {
        return Ok(());
    }
    feeds::write_members(tx, board.id, spans).await?;
    let people: Vec<UserId> = spans.keys().copied().collect();
    recount_people(tx, context, board.id, &people).await
}

async fn board_with(tx: &Tx, context: &Context, key: &str) -> Result<boards::Board, DbError> {
    let found = boards::ensure_one(tx, context.ids.as_ref(), key, context.now()).await?;
    let missing = || sea_orm::DbErr::RecordNotFound(format!("the board {key}"));
    Ok(found.ok_or_else(missing)?)
}

async fn recount_board(tx: &mut Tx, context: &Context, board: Uuid) -> Result<(), DbError> {
    let widest = LEVELS.len() as i64 - 1;
    let people = feeds::people_at_most(tx, board, widest).await?;
    feeds::start_recount(tx, board, people).await?;
    if people > AT_ONCE {
        let (ids, now) = (context.ids.as_ref(), context.now());
        return tx.wake(RECOUNT_DUE, [board], ids, now).await;
    }
    recount_page(tx, context, board, None).await?;
    Ok(())
}

/// Recounts a page of the people who may be on a board. Returns whether there are more.
async fn recount_page(
    tx: &Tx,
    context: &Context,
    board: Uuid,
    after: Option<Uuid>,
) -> Result<bool, DbError> {
    let people = feeds::people(tx, board, after, AT_ONCE).await?;
    recount_people(tx, context, board, &people).await?;
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let last = people.last().copied().filter(|_| count == AT_ONCE);
    feeds::move_recount(tx, board, last, count).await?;
    Ok(last.is_some())
}

/// Counts people on a fed board from the ledger.
async fn recount_people(
    tx: &Tx,
    context: &Context,
    board: Uuid,
    people: &[UserId],
) -> Result<(), DbError> {
    let hidden = hidden::among(tx, people.iter().copied()).await?;
    let places: BTreeSet<BoardPerson> = people.iter().map(|person| (board, *person)).collect();
    let before = boards::scores(tx, places.iter().copied()).await?;
    let shown = places.iter().copied();
    let shown = shown.filter(|(_, person)| !hidden.contains(person));
    let after = boards::recount_fed(tx, shown).await?;
    let gone = before.keys().filter(|place| !after.contains_key(place));
    boards::remove(tx, &gone.copied().collect::<Vec<_>>()).await?;
    boards::write(tx, &after, context.now()).await?;
    boards::move_histogram(tx, &shifts(&before, &after)).await
}

/// Continues the recount of a board by a page of people, in a transaction of its own.
///
/// # Errors
/// When the database fails.
pub async fn continue_recount(context: &Context) -> Result<Progress, DbError> {
    let Some((tx, claimed)) = jobs::claimed(context, RECOUNT_DUE).await? else {
        return Ok(Progress::Idle);
    };
    tx.serialize(LOCK).await?;
    let Some(recount) = feeds::recounting(&tx).await? else {
        return jobs::worked(tx, &claimed).await;
    };
    recount_page(&tx, context, recount.board_id, recount.recounted_to).await?;
    tx.commit().await?;
    Ok(Progress::Full)
}
