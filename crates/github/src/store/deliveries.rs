use std::collections::{BTreeSet, HashMap, HashSet};

use kernel::Timestamp;
use platform::{
    Context,
    db::{Cell, Db, DbError, Kind, Rows, Sql, Tx, ids},
    jobs::Queue,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::DELIVERED;

/// The inbox, as a job queue.
pub(crate) const QUEUE: Queue = Queue { table: "webhook_deliveries" };

/// The outcome of a delivery from an unregistered repository.
pub(crate) const NOT_REGISTERED: &str = "repository not registered";

/// A verified delivery to store.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// The GitHub delivery ID.
    pub delivery_id: String,
    /// `X-GitHub-Event`.
    pub event: String,
    /// `action` of the body, if it is a string.
    pub action: Option<String>,
    /// `X-GitHub-Hook-ID`.
    pub hook_id: Option<i64>,
    /// `repository.id` of the body, if it is an integer.
    pub repository_github_id: Option<i64>,
    /// `installation.id` of the body, if the secret of the server's GitHub App signed it.
    pub installation_id: Option<i64>,
    /// Distinguishes bodies. Deliveries with the same ID have the same fingerprint.
    pub fingerprint: Vec<u8>,
    /// The size before compression, in bytes.
    pub body_size: i64,
    /// The body as received, compressed by [`pack`](crate::rules::body::pack).
    pub body: Vec<u8>,
}

/// Identifies a delivery by its ID and fingerprint.
pub(crate) type DeliveryMark = (String, Vec<u8>);

impl NewDelivery {
    pub(crate) fn mark(&self) -> DeliveryMark {
        (self.delivery_id.clone(), self.fingerprint.clone())
    }
}

/// The maximum number of deliveries of one statement. SQLite prepares a statement for each number.
pub(crate) const MOST_ROWS: usize = 64;

/// The size of the bodies of one statement, in bytes: the driver copies them. One larger body has its own statement.
const STATEMENT_BYTES: usize = 4 << 20;

/// Returns the number of deliveries, at least one, that fit into one statement.
pub(crate) fn rows_that_fit<'a>(deliveries: impl Iterator<Item = &'a NewDelivery>) -> usize {
    let mut bytes = 0;
    let fitting = deliveries.take(MOST_ROWS).take_while(|delivery| {
        bytes += delivery.body.len();
        bytes <= STATEMENT_BYTES
    });
    fitting.count().max(1)
}

const COLUMNS: [(&str, Kind); 10] = [
    ("id", Kind::Uuid),
    ("delivery_id", Kind::Text),
    ("event", Kind::Text),
    ("action", Kind::Text),
    ("hook_id", Kind::Int),
    ("repository_github_id", Kind::Int),
    ("installation_id", Kind::Int),
    ("fingerprint", Kind::Bytes),
    ("body_size", Kind::Int),
    ("body", Kind::Bytes),
];

/// Stores deliveries, each with a new ID, in a transaction of its own. Returns the number of deliveries that are new.
pub(crate) async fn insert(
    context: &Context,
    deliveries: impl Iterator<Item = (Uuid, NewDelivery)>,
) -> Result<u64, DbError> {
    let mut rows = Rows::new(COLUMNS);
    for (id, delivery) in deliveries {
        rows.push(cells(id, delivery));
    }
    let mut query = context.db.query();
    let rows = query.few_rows(rows, "r");
    let (now, notice) = (query.bind(context.now()), query.notice(DELIVERED));
    let columns = COLUMNS.map(|(name, _)| name).join(", ");
    let sql = format!(
        "INSERT INTO webhook_deliveries ({columns}, received_at, due_at, created_at) \
         SELECT {columns}, {now}, {now}, {now} FROM {rows} WHERE {notice} \
         ON CONFLICT (delivery_id) DO NOTHING"
    );
    context.db.run_alone(query.statement(sql), DELIVERED).await
}

fn cells(id: Uuid, delivery: NewDelivery) -> [Cell; COLUMNS.len()] {
    [
        id.into(),
        delivery.delivery_id.into(),
        delivery.event.into(),
        delivery.action.into(),
        delivery.hook_id.into(),
        delivery.repository_github_id.into(),
        delivery.installation_id.into(),
        delivery.fingerprint.into(),
        delivery.body_size.into(),
        delivery.body.into(),
    ]
}

/// Returns which of these IDs are stored.
pub(crate) async fn stored(
    tx: &Tx,
    deliveries: impl IntoIterator<Item = Uuid>,
) -> Result<HashSet<Uuid>, DbError> {
    #[derive(FromQueryResult)]
    struct Stored {
        id: Uuid,
    }
    let mut query = tx.query();
    let rows = query.rows(ids(deliveries), "r");
    let sql = format!("SELECT d.id FROM {rows} JOIN webhook_deliveries d ON d.id = r.id");
    let rows: Vec<Stored> = tx.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Revives the dead letters among these deliveries.
pub(crate) async fn revive(
    tx: &Tx,
    delivery_ids: impl IntoIterator<Item = String>,
    now: Timestamp,
) -> Result<u64, DbError> {
    let mut rows = Rows::new([("delivery_id", Kind::Text)]);
    for id in delivery_ids {
        rows.push([id.into()]);
    }
    QUEUE
        .revive(tx, now, |query| {
            let rows = query.rows(rows, "r");
            format!("delivery_id IN (SELECT r.delivery_id FROM {rows})")
        })
        .await
}

/// A dead letter.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DeadDelivery {
    pub(crate) id: Uuid,
    pub(crate) delivery_id: String,
    pub(crate) last_error: Option<String>,
}

/// Finds the dead letters among these deliveries.
pub(crate) async fn dead_among(
    tx: &Tx,
    delivery_ids: &BTreeSet<String>,
) -> Result<Vec<DeadDelivery>, DbError> {
    let mut rows = Rows::new([("delivery_id", Kind::Text)]);
    for id in delivery_ids {
        rows.push([id.clone().into()]);
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "SELECT d.id, d.delivery_id, d.last_error FROM {rows} JOIN webhook_deliveries d \
         ON d.delivery_id = r.delivery_id WHERE d.dead_at IS NOT NULL"
    );
    tx.all(query.statement(sql)).await
}

/// Lists the oldest dead letters up to a time.
pub(crate) async fn dead_until(
    tx: &Tx,
    until: Timestamp,
    limit: i64,
) -> Result<Vec<DeadDelivery>, DbError> {
    let sql = "SELECT id, delivery_id, last_error FROM webhook_deliveries \
               WHERE dead_at <= $1 ORDER BY dead_at LIMIT $2";
    tx.all(tx.statement(sql, [until.into(), limit.into()])).await
}

/// Finds deliveries among `marks` that are stored with another fingerprint.
pub(crate) async fn altered(
    tx: &Tx,
    marks: &[&DeliveryMark],
) -> Result<HashSet<DeliveryMark>, DbError> {
    #[derive(FromQueryResult)]
    struct Altered {
        delivery_id: String,
        fingerprint: Vec<u8>,
    }
    let mut rows = Rows::new([("delivery_id", Kind::Text), ("fingerprint", Kind::Bytes)]);
    for (id, fingerprint) in marks {
        rows.push([id.clone().into(), fingerprint.clone().into()]);
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "SELECT r.delivery_id, r.fingerprint FROM {rows} JOIN webhook_deliveries d \
         ON d.delivery_id = r.delivery_id WHERE d.fingerprint <> r.fingerprint"
    );
    let rows: Vec<Altered> = tx.all(query.statement(sql)).await?;
    let mark = |row: Altered| (row.delivery_id, row.fingerprint);
    Ok(rows.into_iter().map(mark).collect())
}

/// A claimed delivery, without its body: claims are not bounded by size.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ClaimedHead {
    pub(crate) id: Uuid,
    pub(crate) attempts: i64,
    pub(crate) event: String,
    pub(crate) hook_id: Option<i64>,
    pub(crate) installation_id: Option<i64>,
    pub(crate) received_at: Timestamp,
    pub(crate) body_size: i64,
}

pub(crate) const CLAIMED: &str =
    "id, attempts, event, hook_id, installation_id, received_at, body_size";

/// Returns the compressed bodies of deliveries that are still stored.
pub(crate) async fn bodies(
    db: &Db,
    deliveries: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<u8>>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        body: Vec<u8>,
    }
    let mut query = db.query();
    let rows = query.rows(ids(deliveries), "r");
    // CROSS JOIN makes SQLite start with the set. Without statistics, it could scan all bodies.
    let sql = format!(
        "SELECT d.id, d.body FROM {rows} CROSS JOIN webhook_deliveries d \
         WHERE d.id = r.id AND d.body IS NOT NULL"
    );
    let rows: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.body)).collect())
}

/// Revives the deliveries of a repository that was not registered.
pub(crate) async fn revive_unregistered(
    tx: &Tx,
    repository_github_id: i64,
    now: Timestamp,
) -> Result<u64, DbError> {
    // The outcome is a literal, so that the partial index is used.
    let sql = format!(
        "UPDATE webhook_deliveries SET due_at = $1, completed_at = NULL, outcome = NULL, attempts = 0 \
         WHERE repository_github_id = $2 AND outcome = '{NOT_REGISTERED}' AND body IS NOT NULL"
    );
    let values = [now.into(), repository_github_id.into()];
    tx.run(tx.statement(&sql, values)).await
}

/// Deletes the bodies of completed deliveries received before an instant, at most a thousand.
pub(crate) async fn prune(tx: &Tx, before: Timestamp) -> Result<u64, DbError> {
    let sql = "UPDATE webhook_deliveries SET body = NULL WHERE id IN \
               (SELECT id FROM webhook_deliveries WHERE received_at < $1 AND body IS NOT NULL \
               AND completed_at IS NOT NULL LIMIT 1000)";
    tx.run(tx.statement(sql, [before.into()])).await
}
