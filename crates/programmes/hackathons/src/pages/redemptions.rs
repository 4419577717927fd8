//! The redemptions of the person who is signed in.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use platform::{
    Context,
    web::{WebError, bad_cursor},
};
use serde::Deserialize;
use ui::{
    Address, Confirmation, PageError, PageResult, QueryString,
    format::{Instant, exact, tame},
    redirect, show,
};
use uuid::Uuid;

use crate::{
    access::unknown_redemption,
    actions::{opened, step_redemption},
    model::{RedemptionId, RedemptionStatus},
    reads::{self, RedemptionView},
};

/// The number of redemptions on a page.
const ROWS: usize = 50;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RedemptionsQuery {
    pub(super) status: String,
    pub(super) cursor: String,
}

/// Reads the cursor of a list of redemptions.
pub(super) fn cursor(query: &RedemptionsQuery) -> Result<Option<RedemptionId>, WebError> {
    match query.cursor.as_str() {
        "" => Ok(None),
        cursor => match Uuid::try_parse(cursor) {
            Ok(id) => Ok(Some(id.into())),
            Err(_) => Err(bad_cursor().into()),
        },
    }
}

/// A redemption with the details that the reader may see.
pub(super) struct RedemptionRow {
    pub(super) redemption: RedemptionView,
    pub(super) status: RedemptionStatus,
    /// The claim details, or the code.
    pub(super) details: Option<String>,
}

#[derive(Template)]
#[template(path = "reward_redemptions.html")]
struct RedemptionsPage {
    rows: Vec<RedemptionRow>,
    balance: i64,
    next: Option<Uuid>,
    is_first: bool,
    now: Instant,
}

/// `GET /rewards/redemptions`.
pub(super) async fn list(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    QueryString(query): QueryString<RedemptionsQuery>,
) -> PageResult {
    let before = cursor(&query)?;
    let db = &context.db;
    let mut found = reads::redemptions_of(db, viewer.user_id, before, ROWS as i64 + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let row = |redemption: RedemptionView| {
        let status = redemption.status;
        let details =
            if status.shows_code() { opened(&context, redemption.code.as_ref())? } else { None };
        Ok(RedemptionRow { redemption, status, details })
    };
    show(&RedemptionsPage {
        next: found.last().filter(|_| more).map(|last| last.id),
        rows: found
            .into_iter()
            .map(row)
            .collect::<Result<_, platform::ActionError>>()
            .map_err(WebError::from)?,
        balance: recognition::reads::spendable(db, viewer.user_id).await?,
        is_first: before.is_none(),
        now: Instant(context.now()),
    })
}

/// `GET /rewards/redemptions/{id}/cancel`: asks before a redemption is canceled.
pub(super) async fn ask_to_cancel(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
) -> PageResult {
    let found = reads::redemption(&context.db, id.into()).await?;
    let own = found.filter(|found| found.user_id == viewer.user_id.0);
    let redemption = own.ok_or_else(|| WebError::from(unknown_redemption()))?;
    show(&Confirmation {
        question: format!("Cancel {}?", tame(&redemption.name)),
        consequence: format!("You get {} points back.", exact(redemption.cost)),
        facts: vec![
            ("Cost", format!("{} points", exact(redemption.cost))),
            ("State", redemption.status.heading().to_owned()),
        ],
        action: format!("/rewards/redemptions/{id}/cancel"),
        fields: Vec::new(),
        button: "Cancel redemption".to_owned(),
        is_ending: true,
        back: "/rewards/redemptions".to_owned(),
    })
}

/// `POST /rewards/redemptions/{id}/cancel`.
pub(super) async fn cancel(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
) -> Result<Response, PageError> {
    let canceled = step_redemption(
        &context,
        viewer.actor(),
        Some(viewer.user_id),
        id.into(),
        RedemptionStatus::Canceled,
    )
    .await;
    let canceled = canceled.map_err(WebError::from)?;
    let said =
        format!("{} is canceled. You have {} points back", canceled.name, exact(canceled.cost));
    Ok(redirect("/rewards/redemptions", &said))
}
