use identity::rules::address_prefix;
use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Kind, Rows, Sql as _, Tx},
    slow::{SlowRequest, SlowStatement},
};

/// Adds slow requests, with the network of each address.
pub(crate) async fn add_requests(
    tx: &Tx,
    context: &Context,
    requests: Vec<SlowRequest>,
) -> Result<u64, DbError> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("created_at", Kind::At),
        ("method", Kind::Text),
        ("route", Kind::Text),
        ("status", Kind::Int),
        ("duration_ms", Kind::Int),
        ("person_id", Kind::Uuid),
        ("network", Kind::Text),
        ("agent", Kind::Text),
    ]);
    for request in requests {
        rows.push([
            context.ids.next().into(),
            request.at.into(),
            request.method.into(),
            request.route.into(),
            i64::from(request.status).into(),
            request.milliseconds.into(),
            request.person.into(),
            request.address.map(address_prefix).into(),
            request.agent.into(),
        ]);
    }
    let mut query = tx.query();
    let rows = query.rows(rows, "r");
    let sql = format!(
        "INSERT INTO slow_requests (id, created_at, method, route, status, duration_ms, person_id, network, agent) \
         SELECT r.id, r.created_at, r.method, r.route, r.status, r.duration_ms, r.person_id, r.network, r.agent \
         FROM {rows}"
    );
    tx.run(query.statement(sql)).await
}

/// Adds executions of slow statements, each with its plan, to those that are known.
pub(crate) async fn add_statements(
    tx: &Tx,
    context: &Context,
    statements: Vec<(SlowStatement, Option<String>)>,
) -> Result<u64, DbError> {
    let mut rows = Rows::new([
        ("id", Kind::Uuid),
        ("statement", Kind::Text),
        ("runs", Kind::Int),
        ("total_ms", Kind::Int),
        ("max_ms", Kind::Int),
        ("plan", Kind::Text),
    ]);
    for (slow, plan) in statements {
        rows.push([
            context.ids.next().into(),
            slow.sql.into(),
            slow.runs.into(),
            slow.total_ms.into(),
            slow.max_ms.into(),
            plan.into(),
        ]);
    }
    let mut query = tx.query();
    let (rows, now) = (query.rows(rows, "r"), query.bind(context.now()));
    let sql = format!(
        "INSERT INTO slow_statements (id, created_at, last_at, statement, runs, total_ms, max_ms, plan) \
         SELECT r.id, {now}, {now}, r.statement, r.runs, r.total_ms, r.max_ms, r.plan FROM {rows} WHERE true \
         ON CONFLICT (statement) DO UPDATE SET last_at = excluded.last_at, runs = slow_statements.runs + excluded.runs, \
         total_ms = slow_statements.total_ms + excluded.total_ms, \
         max_ms = CASE WHEN excluded.max_ms > slow_statements.max_ms THEN excluded.max_ms ELSE slow_statements.max_ms END, \
         plan = coalesce(excluded.plan, slow_statements.plan)"
    );
    tx.run(query.statement(sql)).await
}

/// Removes requests that ended, and statements that were last slow, before an instant. Returns their numbers.
pub(crate) async fn forget(tx: &Tx, before: Timestamp) -> Result<(u64, u64), DbError> {
    let requests = "DELETE FROM slow_requests WHERE created_at < $1";
    let requests = tx.run(tx.statement(requests, [before.into()])).await?;
    let statements = "DELETE FROM slow_statements WHERE last_at < $1";
    let statements = tx.run(tx.statement(statements, [before.into()])).await?;
    Ok((requests, statements))
}
