//! Rows of the permission matrix for claims, and real opportunities for them.

use platform::{
    Context,
    db::{Cell, Sql as _, Tx},
};
use uuid::Uuid;

use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{Access::SignedIn, NONE, Row},
    },
};

/// The ID of the issue in the rows.
const CLOSED: u128 = 0x0190_0000_0000_7000_8000_0000_0000_00d1;

/// The rows. The issue that they name is closed.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("GET", "/api/v1/analytics/contributions", "/api/v1/analytics/contributions", NONE, SignedIn(200)),
    ("GET", "/api/v1/me/claims", "/api/v1/me/claims", NONE, SignedIn(200)),
    ("POST", "/api/v1/opportunities/{id}/claim", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/claim", NONE, SignedIn(409)),
    ("POST", "/api/v1/opportunities/{id}/release", "/api/v1/opportunities/01900000-0000-7000-8000-0000000000d1/release", NONE, SignedIn(409)),
    ("PUT", "/api/v1/claims/{id}/outcome", "/api/v1/claims/01900000-0000-7000-8000-0000000000d1/outcome", NONE, SignedIn(404)),
    ("GET", "/discover/claims", "/discover/claims", NONE, SignedIn(200)),
    ("POST", "/discover/{id}/claim", "/discover/01900000-0000-7000-8000-0000000000d1/claim", NONE, SignedIn(409)),
    ("POST", "/discover/{id}/release", "/discover/01900000-0000-7000-8000-0000000000d1/release", NONE, SignedIn(409)),
    ("POST", "/discover/claims/{id}/outcome", "/discover/claims/01900000-0000-7000-8000-0000000000d1/outcome", NONE, SignedIn(404)),
];

/// A claim of the person that has ended.
const ENDED: Make = |app, login| Box::pin(async { vec![ended(app, login).await.to_string()] });

/// Routes to claims, with real ones.
pub(crate) const OBJECTS: &[ObjectRow] = &[
    ("PUT", "/api/v1/claims/{id}/outcome", ENDED, NONE, 200),
    ("POST", "/discover/claims/{id}/outcome", ENDED, NONE, 303),
];

async fn insert<const N: usize>(tx: &Tx, sql: &str, values: [Cell; N]) {
    tx.run(tx.statement(sql, values)).await.expect("inserted");
}

/// Adds the issue in the rows, which can no longer be done.
pub(crate) async fn prepare(app: &TestApp) {
    let id = free(app).await;
    let context = app.context();
    let tx = context.begin().await.expect("a transaction");
    let sql = "UPDATE opportunities SET id = $1, status = 'expired', dropped_reason = 'it is closed' WHERE id = $2";
    insert(&tx, sql, [Uuid::from_u128(CLOSED).into(), id.into()]).await;
    tx.commit().await.expect("committed");
}

/// Adds an issue that can be claimed. Returns its opportunity.
pub(crate) async fn free(app: &TestApp) -> Uuid {
    free_in(app.context()).await
}

/// Adds an issue that can be claimed to any database. Returns its opportunity.
pub(crate) async fn free_in(context: &Context) -> Uuid {
    let (ids, now) = (context.ids.as_ref(), context.now());
    let mut tx = context.begin().await.expect("a transaction");
    let stated = [(7_700_001, "octo-org/harbor".to_owned())];
    let followed = github::actions::follow_issues(&mut tx, context, &stated).await;
    let repository = followed.expect("followed")[0];
    let (id, issue) = (ids.next(), ids.next());
    let sql = "INSERT INTO issues (id, created_at, updated_at, read_at, repository_id, number, github_id, title, body, \
               labels, is_closed, is_locked, author_is_bot, author_association, assignees, comments, opened_at, \
               changed_at, statement_rank) SELECT $1, $2, $2, $2, $3, 1 + count(*), 1 + count(*), \
               'Sort the stations by name', 'The list is in no order.', '[]', FALSE, FALSE, FALSE, 'NONE', 0, 0, $2, $2, '1' \
               FROM issues";
    insert(&tx, sql, [issue.into(), now.into(), repository.into()]).await;
    let sql = "INSERT INTO opportunities (id, created_at, updated_at, first_seen_at, repository_id, issue_id, number, \
               type, status, title, body_digest, labels, complexity, impact, confidence, urgency, overall, comments, reactions, \
               trend, analysis, \
               required_skills, estimated_hours, is_good_first, is_help_wanted, opened_at, active_at, digest, changed_seq) \
               SELECT $1, $2, $2, $2, $3, $4, i.number, 'bug', 'active', i.title, '', '[]', 1, 1, 1, 1, 1, 0, 0, 0, $5, '[]', 1, \
               FALSE, FALSE, $2, $2, '', (SELECT coalesce(max(changed_seq), 0) + 1 FROM opportunities) \
               FROM issues i WHERE i.id = $4";
    let analysis = r#"{"kind":"bug","complexity":1.0,"impact":1.0,"confidence":1.0,"urgency":1.0,"overall":1.0,
        "hours":[1.0,2.0],"skills":[],"language":null,"is_good_first":false,"is_help_wanted":false,"reasons":[]}"#;
    let values = [id.into(), now.into(), repository.into(), issue.into(), analysis.into()];
    insert(&tx, sql, values).await;
    tx.commit().await.expect("committed");
    id
}

/// Adds an issue that a person claimed. Returns its opportunity.
pub(crate) async fn claimed(app: &TestApp, login: &str) -> Uuid {
    let id = free(app).await;
    let person = app.person_id(login).await.into();
    let claimed = discovery::actions::claim(app.context(), person, id).await;
    claimed.expect("claimed");
    id
}

/// Adds a claim of a person that has ended. Returns the claim.
pub(crate) async fn ended(app: &TestApp, login: &str) -> Uuid {
    let id = claimed(app, login).await;
    let person = app.person_id(login).await.into();
    let released = discovery::actions::release(app.context(), person, id).await;
    released.expect("released").id
}
