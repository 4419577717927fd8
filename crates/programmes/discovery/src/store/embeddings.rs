//! Statements for vectors of opportunities.

use kernel::Timestamp;
use platform::db::{DbError, Engine, Kind, Rows, Sql, Tx, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// An opportunity whose texts may need a new vector.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Unembedded {
    pub(crate) id: Uuid,
    pub(crate) repository_id: Uuid,
    pub(crate) issue_id: Uuid,
    pub(crate) title: String,
    /// A JSON array of names.
    pub(crate) labels: String,
    pub(crate) changed_seq: i64,
    pub(crate) embedding_digest: Option<String>,
}

/// Claims opportunities that changed since their vectors were made, those of most worth first, until an instant.
pub(crate) async fn claim(
    tx: &Tx,
    with: &str,
    limit: i64,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Unembedded>, DbError> {
    let skip = match tx.engine() {
        Engine::Sqlite => "",
        Engine::Postgres => "FOR UPDATE SKIP LOCKED",
    };
    let sql = format!(
        "UPDATE opportunities SET embedding_until = $4 WHERE id IN (SELECT o.id FROM opportunities o \
         WHERE o.status IN ('active', 'claimed') AND (o.embedding_seq IS NULL OR o.embedding_seq <> o.changed_seq \
         OR o.embedding_with IS NULL OR o.embedding_with <> $1) AND (o.embedding_until IS NULL OR o.embedding_until <= $3) \
         ORDER BY o.overall DESC, o.id LIMIT $2 {skip}) \
         RETURNING id, repository_id, issue_id, title, labels, changed_seq, embedding_digest"
    );
    let values = [with.into(), limit.into(), now.into(), until.into()];
    tx.all(tx.statement(&sql, values)).await
}

/// A vector that was made, or is still that of the texts.
#[derive(Clone, Debug)]
pub(crate) struct EmbeddedOpportunity {
    pub(crate) id: Uuid,
    /// The change that the texts were read at.
    pub(crate) seq: i64,
    pub(crate) digest: String,
    /// The vector as bytes; `None` if it stays.
    pub(crate) vector: Option<Vec<u8>>,
}

/// Stores vectors of opportunities that did not change meanwhile. A new vector is a change, which search indexes follow.
pub(crate) async fn store(
    tx: &Tx,
    with: &str,
    embedded: Vec<EmbeddedOpportunity>,
    last: i64,
) -> Result<(), DbError> {
    let mut made: Rows<5> = Rows::new([
        ("id", Kind::Uuid),
        ("seq", Kind::Int),
        ("next", Kind::Int),
        ("digest", Kind::Text),
        ("vector", Kind::Bytes),
    ]);
    let mut kept: Rows<2> = Rows::new([("id", Kind::Uuid), ("seq", Kind::Int)]);
    let mut next = last;
    for own in embedded {
        match own.vector {
            Some(vector) => {
                next += 1;
                made.push([
                    own.id.into(),
                    own.seq.into(),
                    next.into(),
                    own.digest.into(),
                    vector.into(),
                ]);
            }
            None => kept.push([own.id.into(), own.seq.into()]),
        }
    }
    if !made.is_empty() {
        let mut query = tx.query();
        let rows = query.rows(made, "r");
        let with = query.bind(with);
        let sql = format!(
            "UPDATE opportunities SET content_embedding = r.vector, embedding_digest = r.digest, embedding_with = {with}, \
             embedding_seq = r.next, changed_seq = r.next, embedding_until = NULL FROM {rows} \
             WHERE opportunities.id = r.id AND opportunities.changed_seq = r.seq"
        );
        tx.run(query.statement(sql)).await?;
    }
    if !kept.is_empty() {
        let mut query = tx.query();
        let rows = query.rows(kept, "r");
        let sql = format!(
            "UPDATE opportunities SET embedding_seq = r.seq, embedding_until = NULL FROM {rows} \
             WHERE opportunities.id = r.id AND opportunities.changed_seq = r.seq"
        );
        tx.run(query.statement(sql)).await?;
    }
    Ok(())
}

/// Ends the claims of opportunities without a new vector, which are looked at again from an instant on.
pub(crate) async fn release(tx: &Tx, of: &[Uuid], again_at: Timestamp) -> Result<(), DbError> {
    let mut query = tx.query();
    let rows = query.rows(ids(of.iter().copied()), "r");
    let again_at = query.bind(again_at);
    let sql = format!(
        "UPDATE opportunities SET embedding_until = {again_at} FROM {rows} WHERE opportunities.id = r.id"
    );
    tx.run(query.statement(sql)).await?;
    Ok(())
}

/// Returns the vectors of opportunities that are found, in pages by their IDs: the ID, the number of the last change, and the
/// vector.
pub(crate) async fn vectors(
    db: &impl Sql,
    with: &str,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Vector>, DbError> {
    let sql = "SELECT id, changed_seq, content_embedding FROM opportunities WHERE status IN ('active', 'claimed') \
               AND embedding_with = $1 AND content_embedding IS NOT NULL AND id > $2 ORDER BY id LIMIT $3";
    db.all(db.statement(sql, [with.into(), after.into(), limit.into()])).await
}

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Vector {
    pub(crate) id: Uuid,
    pub(crate) changed_seq: i64,
    pub(crate) content_embedding: Vec<u8>,
}
