use std::collections::{BTreeMap, BTreeSet};

use identity::model::PersonIdentity;
use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::StatedReview as Stated;

/// Finds stored reviews by pull request and GitHub ID.
pub(crate) async fn stored(tx: &Tx, keys: &BTreeSet<(Uuid, i64)>) -> Result<Vec<Stated>, DbError> {
    let mut rows = Rows::new([("pull_request_id", Kind::Uuid), ("github_id", Kind::Int)]);
    for (pull, github_id) in keys {
        rows.push([(*pull).into(), (*github_id).into()]);
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "SELECT g.github_id, g.pull_request_id, g.reviewer_id, g.reviewer_github_id, g.state, \
         g.submitted_at, g.author_association, g.seen_at, g.reviewer_is_bot, g.dismissed_at FROM {rows} JOIN github_reviews g \
         ON g.pull_request_id = r.pull_request_id AND g.github_id = r.github_id"
    );
    tx.all(query.statement(sql)).await
}

pub(crate) async fn upsert(
    tx: &Tx,
    ids: &dyn Ids,
    reviews: &[Stated],
    now: Timestamp,
) -> Result<(), DbError> {
    if reviews.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("github_id", Kind::Int),
        ("pull_request_id", Kind::Uuid),
        ("reviewer_id", Kind::Uuid),
        ("reviewer_github_id", Kind::Int),
        ("state", Kind::Text),
        ("submitted_at", Kind::At),
        ("author_association", Kind::Text),
        ("seen_at", Kind::At),
        ("reviewer_is_bot", Kind::Bool),
        ("dismissed_at", Kind::At),
    ]);
    for review in reviews {
        rows.push([
            ids.next().into(),
            review.github_id.into(),
            review.pull_request_id.into(),
            review.reviewer_id.into(),
            review.reviewer_github_id.into(),
            review.state.as_str().into(),
            review.submitted_at.into(),
            review.author_association.clone().into(),
            review.seen_at.into(),
            review.reviewer_is_bot.into(),
            review.dismissed_at.into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO github_reviews (id, github_id, pull_request_id, reviewer_id, reviewer_github_id, \
         state, submitted_at, author_association, seen_at, reviewer_is_bot, dismissed_at, created_at, \
         updated_at) \
         SELECT r.id, r.github_id, r.pull_request_id, r.reviewer_id, r.reviewer_github_id, r.state, \
         r.submitted_at, r.author_association, r.seen_at, r.reviewer_is_bot, r.dismissed_at, {now}, {now} FROM {rows} WHERE true \
         ON CONFLICT (pull_request_id, github_id) DO UPDATE SET state = excluded.state, seen_at = excluded.seen_at, \
         reviewer_id = excluded.reviewer_id, reviewer_github_id = excluded.reviewer_github_id, \
         submitted_at = excluded.submitted_at, author_association = excluded.author_association, \
         reviewer_is_bot = excluded.reviewer_is_bot, dismissed_at = excluded.dismissed_at, \
         updated_at = excluded.updated_at"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns the GitHub IDs under which a person reviewed.
pub(crate) async fn accounts_of(tx: &Tx, person: Uuid) -> Result<Vec<i64>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        github_id: i64,
    }
    let sql = "SELECT DISTINCT reviewer_github_id AS github_id FROM github_reviews \
               WHERE reviewer_id = $1 AND reviewer_github_id IS NOT NULL";
    let rows: Vec<Row> = tx.all(tx.statement(sql, [person.into()])).await?;
    Ok(rows.into_iter().map(|row| row.github_id).collect())
}

/// Moves a person's reviews to the people who have their accounts now.
pub(crate) async fn move_from(
    tx: &Tx,
    person: Uuid,
    known: &BTreeMap<i64, PersonIdentity>,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut rows = Rows::new([("github_id", Kind::Int), ("user_id", Kind::Uuid)]);
    for (github_id, known) in known {
        rows.push([(*github_id).into(), known.user_id.into()]);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let (person, now) = (query.bind(person), query.bind(now));
    let sql = format!(
        "UPDATE github_reviews SET reviewer_id = r.user_id, updated_at = {now} FROM {rows} \
         WHERE github_reviews.reviewer_id = {person} AND github_reviews.reviewer_github_id = r.github_id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}
