use identity::model::{IdentityId, UserId};
use kernel::{Ids, Timestamp};
use platform::db::{DbError, Kind, Rows, Sql, Tx};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{Entry, Posting},
    rules::EntitlementKey,
};

pub(crate) const ENTRY: &str = "p.id, p.user_id, p.identity_id, p.source_kind, p.source_id, \
     p.reason, p.generation, p.kind, p.points, p.occurred_at, p.boards";

/// Returns all entries of the sources in `scope`.
pub(crate) async fn of_sources(
    db: &impl Sql,
    scope: &[EntitlementKey],
) -> Result<Vec<Entry>, DbError> {
    let mut sources: Vec<_> = scope.iter().map(|(source, _)| *source).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut rows = Rows::new([("kind", Kind::Text), ("id", Kind::Uuid)]);
    for source in sources {
        rows.push([source.kind.into(), source.id.into()]);
    }
    let mut query = db.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "SELECT {ENTRY} FROM {rows} JOIN point_transactions p \
         ON p.source_id = r.id AND p.source_kind = r.kind"
    );
    db.all(query.statement(sql)).await
}

/// Returns the account of a person's latest entry.
pub(crate) async fn last_account(
    db: &impl Sql,
    person: UserId,
) -> Result<Option<IdentityId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        identity_id: Uuid,
    }
    let sql = "SELECT identity_id FROM point_transactions WHERE user_id = $1 \
               ORDER BY occurred_at DESC, id DESC LIMIT 1";
    let row: Option<Row> = db.one(db.statement(sql, [person.into()])).await?;
    Ok(row.map(|row| row.identity_id.into()))
}

/// Inserts entries. Returns their IDs, in order.
pub(crate) async fn insert(
    tx: &Tx,
    ids: &dyn Ids,
    postings: &[Posting],
    now: Timestamp,
) -> Result<Vec<Uuid>, DbError> {
    let inserted: Vec<Uuid> = postings.iter().map(|_| ids.next()).collect();
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("user_id", Kind::Uuid),
        ("identity_id", Kind::Uuid),
        ("source_kind", Kind::Text),
        ("source_id", Kind::Uuid),
        ("reason", Kind::Text),
        ("generation", Kind::Int),
        ("kind", Kind::Text),
        ("points", Kind::Int),
        ("occurred_at", Kind::At),
        ("boards", Kind::Text),
        ("reverses_id", Kind::Uuid),
        ("explanation", Kind::Text),
    ]);
    for (Posting { entitlement, kind, generation, reverses_id }, id) in
        postings.iter().zip(&inserted)
    {
        rows.push([
            (*id).into(),
            entitlement.user_id.into(),
            entitlement.identity_id.into(),
            entitlement.source.kind.into(),
            entitlement.source.id.into(),
            entitlement.reason.into(),
            (*generation).into(),
            kind.as_str().into(),
            entitlement.points.into(),
            entitlement.occurred_at.into(),
            serde_json::json!(&*entitlement.boards).to_string().into(),
            (*reverses_id).into(),
            entitlement.explanation.clone().into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(now));
    let sql = format!(
        "INSERT INTO point_transactions (id, user_id, identity_id, source_kind, source_id, reason, \
         generation, kind, points, occurred_at, boards, reverses_id, explanation, created_at) \
         SELECT r.id, r.user_id, r.identity_id, r.source_kind, r.source_id, r.reason, r.generation, \
         r.kind, r.points, r.occurred_at, r.boards, r.reverses_id, r.explanation, {now} FROM {rows}"
    );
    tx.run(query.statement(sql)).await?;
    Ok(inserted)
}
