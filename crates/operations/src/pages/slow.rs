use askama::Template;
use axum::extract::State;
use identity::{access::Admin, model::UserId, reads::logins, rules::device_name};
use platform::{Context, traffic};
use ui::{
    PageResult,
    format::{Instant, Number},
    show,
};

use crate::{
    reads::{self, StatementRow},
    rules::midnight,
};

#[derive(Template)]
#[template(path = "admin_slow.html")]
struct SlowPage {
    /// How many percent of today's pages for everyone came from the cache, and the number of those pages; absent while it is 0.
    cached: Option<(i64, Number)>,
    /// Today's requests, and how many took a second or longer; absent while there are none.
    today: Option<(Number, Number)>,
    requests: Vec<Request>,
    statements: Vec<Statement>,
    now: Instant,
}

/// A slow request in the list.
struct Request {
    at: Instant,
    route: String,
    status: i64,
    took: String,
    by: Option<String>,
    network: Option<String>,
    device: Option<String>,
}

/// A slow statement in the list.
struct Statement {
    sql: String,
    runs: Number,
    mean: String,
    max: String,
    last: Instant,
    plan: Option<String>,
}

impl From<StatementRow> for Statement {
    fn from(row: StatementRow) -> Self {
        Self {
            mean: seconds(row.total_ms / row.runs.max(1)),
            max: seconds(row.max_ms),
            runs: Number(row.runs),
            last: Instant(row.last_at),
            sql: row.statement,
            plan: row.plan,
        }
    }
}

/// Formats milliseconds: "1.2 s".
fn seconds(milliseconds: i64) -> String {
    format!("{:.1}\u{a0}s", milliseconds as f64 / 1_000.0)
}

/// `GET /admin/slow`.
pub(super) async fn page(State(context): State<Context>, _: Admin) -> PageResult {
    let requests = reads::slow_requests(&context.db).await?;
    let people = requests.iter().filter_map(|row| row.person_id).map(UserId::from);
    let known = logins(&context.db, people).await?;
    let request = |row: reads::RequestRow| Request {
        at: Instant(row.created_at),
        route: format!("{} {}", row.method, row.route),
        status: row.status,
        took: seconds(row.duration_ms),
        by: row.person_id.and_then(|person| known.get(&UserId::from(person)).cloned()),
        network: row.network,
        device: row.agent.as_deref().map(device_name),
    };
    let statements = reads::slow_statements(&context.db).await?;
    let sums = traffic::since(&context.db, midnight(context.now().date_naive())).await?;
    let (kept, all) = (sums.pages_kept, sums.pages_kept + sums.pages_rendered);
    show(&SlowPage {
        cached: (all > 0).then(|| (kept.saturating_mul(100) / all, Number(all))),
        today: (sums.requests > 0).then_some((Number(sums.requests), Number(sums.slow_requests))),
        requests: requests.into_iter().map(request).collect(),
        statements: statements.into_iter().map(Into::into).collect(),
        now: Instant(context.now()),
    })
}
