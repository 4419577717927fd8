//! The claims of the person who is signed in, and the forms that claim and release issues.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use identity::access::SignedIn;
use platform::{
    ActionError, Context,
    web::{List, WebError, bad_cursor},
};
use serde::Deserialize;
use ui::{Address, Filled, PageError, PageResult, QueryString, format::Instant, redirect, show};
use uuid::Uuid;

use super::tabs::{CLAIMS, Tab, tabs};
use crate::{
    actions,
    model::ClaimStatus,
    reads::claims::{self as reads, OwnClaim},
    rules::{
        claims::{number, place, ratings},
        outcomes::Outcomes,
    },
};

/// The number of claims on a page.
const ROWS: i64 = 20;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route(CLAIMS, get(list))
        .route("/discover/claims/{id}/outcome", post(rate))
        .route("/discover/{id}/claim", post(claim))
        .route("/discover/{id}/release", post(release))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ClaimsQuery {
    cursor: String,
}

#[derive(Template)]
#[template(path = "claims.html")]
struct ClaimsPage {
    tabs: Vec<Tab>,
    /// The claims that have not ended.
    open: Vec<OwnClaim>,
    ended: Vec<OwnClaim>,
    next: Option<String>,
    is_first: bool,
    now: Instant,
    /// The figures of all claims; on the first page only.
    sum: Option<Outcomes>,
}

impl ClaimsPage {
    /// Returns when a claim ends, or its place in the queue.
    fn term(&self, claim: &OwnClaim) -> String {
        match (claim.place(), claim.expires_at) {
            (Some(1), _) => "Next in the queue".to_owned(),
            (Some(place), _) => format!("Place {place} in the queue"),
            (None, Some(until)) => format!("{} left", left(until - self.now.0)),
            (None, None) => String::new(),
        }
    }
}

/// Returns the time that is left, in days or hours.
fn left(time: chrono::TimeDelta) -> String {
    match (ui::format::days_of(time), time.num_hours()) {
        (days, _) if days >= 2 => kernel::counted(days, "day", "days"),
        (_, hours) if hours >= 1 => kernel::counted(hours, "hour", "hours"),
        _ => "Less than an hour".to_owned(),
    }
}

/// `GET /discover/claims`.
async fn list(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    QueryString(query): QueryString<ClaimsQuery>,
) -> PageResult {
    let after = match query.cursor.as_str() {
        "" => None,
        cursor => Some(place(cursor).ok_or_else(|| WebError::from(bad_cursor()))?),
    };
    let found = reads::own_claims(&context.db, viewer.user_id, after, ROWS + 1).await?;
    let found = List::cut(found, ROWS, OwnClaim::cursor);
    let sum = match &after {
        None if !found.items.is_empty() => {
            Some(reads::outcomes(&context.db, viewer.user_id).await?)
        }
        _ => None,
    };
    let (open, ended) = found.items.into_iter().partition(|claim| claim.status.is_open());
    show(&ClaimsPage {
        tabs: tabs(CLAIMS),
        open,
        ended,
        next: found.next_cursor,
        is_first: after.is_none(),
        now: Instant(context.now()),
        sum,
    })
}

/// The page that a form was on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct FormOrigin {
    from: String,
}

impl FormOrigin {
    /// Returns the path of the page.
    fn back(&self, id: Uuid) -> String {
        match self.from.as_str() {
            "claims" => CLAIMS.to_owned(),
            _ => format!("/discover/{id}"),
        }
    }
}

/// `POST /discover/{id}/claim`: claims an issue. A form that is sent twice claims it once.
async fn claim(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
    Filled(origin, _): Filled<FormOrigin>,
) -> Result<Response, PageError> {
    let said = match actions::claim(&context, viewer.user_id, id).await {
        Ok(claim) if claim.status == ClaimStatus::Active => "The issue is yours for 7 days",
        Ok(_) => "You are in the queue",
        Err(ActionError::Refused(problem)) if problem.code == "ALREADY_CLAIMED" => {
            "You claimed this issue already"
        }
        Err(error) => return Err(WebError::from(error).into()),
    };
    Ok(redirect(&origin.back(id), said))
}

/// `POST /discover/{id}/release`: releases an issue, or a place in its queue.
async fn release(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
    Filled(origin, _): Filled<FormOrigin>,
) -> Result<Response, PageError> {
    let released = actions::release(&context, viewer.user_id, id).await;
    released.map_err(WebError::from)?;
    Ok(redirect(&origin.back(id), "The issue is released"))
}

/// The fields of the form about the outcome of a claim.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct OutcomeFields {
    hours: String,
    difficulty: String,
    learning: String,
}

/// `POST /discover/claims/{id}/outcome`: states the outcome of a claim.
async fn rate(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
    Filled(fields, _): Filled<OutcomeFields>,
) -> Result<Response, PageError> {
    let stated = || {
        ratings(
            number(&fields.hours, "hours")?,
            number(&fields.difficulty, "difficulty")?,
            number(&fields.learning, "learning")?,
        )
    };
    let stated = stated().map_err(WebError::from)?;
    let rated = actions::rate_claim(&context, viewer.user_id, id, stated).await;
    rated.map_err(WebError::from)?;
    Ok(redirect(CLAIMS, "The outcome is saved"))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::reads::claims::ClaimsOfOpportunity;

    /// The part of a page about the claims of an issue.
    #[derive(Template)]
    #[template(path = "claim.html")]
    struct ClaimPart {
        claims: ClaimsOfOpportunity,
        now: Instant,
    }

    fn part(claims: ClaimsOfOpportunity) -> String {
        let now = "2026-11-20T10:00:00Z".parse().expect("an instant");
        let part = ClaimPart { claims, now: Instant(now) };
        part.render().expect("rendered")
    }

    #[test]
    fn each_state_of_an_issue_has_its_button() {
        let free = ClaimsOfOpportunity { is_signed_in: true, ..ClaimsOfOpportunity::default() };
        let claimed = ClaimsOfOpportunity {
            claimant: Some(ui::Who::of("wren-oak")),
            until: "2026-11-24T10:00:00Z".parse().ok(),
            queue: 1,
            ..free.clone()
        };
        let limited =
            |of: &ClaimsOfOpportunity| ClaimsOfOpportunity { is_at_limit: true, ..of.clone() };
        let cases = [
            (free.clone(), "Claim for 7 days"),
            (claimed.clone(), "Join the queue"),
            (claimed.clone(), "1 person is in the queue"),
            (limited(&free), "You work on as many issues"),
            (limited(&claimed), "You are in as many queues"),
            (ClaimsOfOpportunity::default(), "Sign in to claim it"),
        ];
        for (claims, words) in cases {
            let html = part(claims);
            assert!(html.contains(words), "{words}: {html}");
        }
        let closed = ClaimsOfOpportunity { obstacle: Some("it is closed".to_owned()), ..free };
        let html = part(closed);
        assert!(html.contains("it is closed") && !html.contains("<button"), "{html}");
    }

    #[test]
    fn the_time_left_is_in_days_or_hours() {
        for (time, expected) in [
            (TimeDelta::days(7), "7 days"),
            (TimeDelta::hours(70), "3 days"),
            (TimeDelta::hours(48), "2 days"),
            (TimeDelta::hours(47), "47 hours"),
            (TimeDelta::minutes(61), "1 hour"),
            (TimeDelta::minutes(59), "Less than an hour"),
        ] {
            assert_eq!(left(time), expected);
        }
    }
}
