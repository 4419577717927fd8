//! Redemptions of rewards, for admins.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::Admin;
use platform::{ActionError, Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, PageError, PageResult, QueryString,
    csv::{self, Cell},
    download::{BATCH, Batch, next_batch},
    format::Instant,
    redirect, show,
};
use uuid::Uuid;

use super::redemptions::{RedemptionRow, RedemptionsQuery, cursor};
use crate::{
    actions::{opened, step_redemption},
    model::{RedemptionId, RedemptionStatus},
    reads::{self, RedemptionPart, RedemptionView},
    rules::invalid_reward,
};

/// The number of redemptions on a page.
const ROWS: usize = 50;

/// The tabs: the part in addresses, and the label.
const TABS: [(&str, &str); 5] = [
    ("", "To do"),
    ("requested", "Requested"),
    ("delivered", "Delivered"),
    ("canceled", "Canceled"),
    ("all", "All"),
];

#[derive(Template)]
#[template(path = "reward_queue.html")]
struct QueuePage {
    rows: Vec<RedemptionRow>,
    status: String,
    next: Option<Uuid>,
    is_first: bool,
    now: Instant,
}

impl QueuePage {
    fn is_tab(&self, part: &str) -> bool {
        self.status == part
    }
}

/// `GET /admin/rewards/redemptions`.
pub(super) async fn list(
    State(context): State<Context>,
    _: Admin,
    QueryString(query): QueryString<RedemptionsQuery>,
) -> PageResult {
    let after = cursor(&query)?;
    let part = RedemptionPart::named(&query.status).unwrap_or(RedemptionPart::Open);
    let mut found = reads::redemptions(&context.db, part, after, ROWS as i64 + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let row = |redemption: RedemptionView| {
        Ok(RedemptionRow {
            status: redemption.status,
            details: opened(&context, redemption.claim.as_ref())?,
            redemption,
        })
    };
    show(&QueuePage {
        next: found.last().filter(|_| more).map(|last| last.id),
        rows: found
            .into_iter()
            .map(row)
            .collect::<Result<_, ActionError>>()
            .map_err(WebError::from)?,
        status: query.status,
        is_first: after.is_none(),
        now: Instant(context.now()),
    })
}

/// The field of the form that moves a redemption.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RedemptionStepFields {
    status: String,
}

/// `POST /admin/rewards/redemptions/{id}`: moves a redemption to a status.
pub(super) async fn step(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(id): Address<Uuid>,
    Filled(fields, _): Filled<RedemptionStepFields>,
) -> Result<Response, PageError> {
    let refused = || {
        let detail = "Choose a status of the list.".to_owned();
        WebError::from(invalid_reward("status", detail))
    };
    let to = RedemptionStatus::named(&fields.status).ok_or_else(refused)?;
    let stepped = step_redemption(&context, viewer.actor(), None, id.into(), to).await;
    let stepped = stepped.map_err(WebError::from)?;
    let said =
        format!("{} for {}: {}", stepped.name, stepped.person(), to.heading().to_lowercase());
    Ok(redirect("/admin/rewards/redemptions", &said))
}

/// The columns of the file.
const HEAD: [&str; 6] = ["person", "reward", "cost", "status", "status_at", "redeemed_at"];

/// `GET /admin/rewards/redemptions.csv`: all redemptions, without claim details.
pub(super) async fn csv(State(context): State<Context>, _: Admin) -> Result<Response, PageError> {
    let read = move |after| batch(context.clone(), after);
    Ok(csv::streamed("redemptions", &HEAD, None, read))
}

async fn batch(context: Context, after: Option<RedemptionId>) -> Batch<Option<RedemptionId>> {
    let part = RedemptionPart::All;
    let rows = reads::redemptions(&context.db, part, after, BATCH).await?;
    let next = next_batch(&rows, |row| Some(row.key()));
    let lines = rows.iter().map(|row| csv::line(&cells(row))).collect();
    Ok((lines, next))
}

fn cells(row: &RedemptionView) -> [Cell; 6] {
    [
        row.person().to_owned().into(),
        row.slug.clone().into(),
        row.cost.into(),
        row.status.as_str().into(),
        row.status_at.into(),
        row.created_at.into(),
    ]
}
