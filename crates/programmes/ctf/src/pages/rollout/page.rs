use askama::Template;
use axum::{Extension, extract::State, response::Response};
use identity::access::Admin;
use kernel::Month;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult,
    format::{self, Instant, Number},
    redirect, show,
};
use uuid::Uuid;

use super::{
    cohort::Cohort,
    goals::{GoalRow, goals},
    status::{DAYS, RolloutStatus, StepRow},
};
use crate::{
    actions,
    gateway::Platforms,
    model::DiscrepancyId,
    reads::{self, FailureKind, MonthlyTickets, OpenDiscrepancies, ResponseTimes, RunCounts},
    rules::{
        rollout::{COLLAPSED, FEWEST, READY, RolloutStep},
        rollout_goals::MOST_TICKETS,
    },
};

const PAGE: &str = "/admin/game-platform/rollout";

/// The number of open reports in the list.
const REPORTS: i64 = 50;

/// The number of months in the list of tickets.
const MONTHS: i64 = 12;

#[derive(Template)]
#[template(path = "rollout.html")]
struct RolloutPage {
    /// The switch that holds the integration back; `None` if it is on for anyone.
    held_back: Option<String>,
    status: RolloutStatus,
    steps: Vec<StepRow>,
    began: Option<Instant>,
    cohort: Cohort,
    kinds: Vec<FailureKind>,
    runs: RunCounts,
    times: ResponseTimes,
    goals: Vec<GoalRow>,
    months: Vec<MonthlyTickets>,
    /// The present month, as in the form.
    month: String,
    form: Form,
    reports: OpenDiscrepancies,
    now: Instant,
}

/// `GET /admin/game-platform/rollout`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    _: Admin,
) -> PageResult {
    render(&context, &platforms, Form::default()).await
}

async fn render(context: &Context, platforms: &Platforms, form: Form) -> PageResult {
    let (db, now) = (&context.db, context.now());
    let status = RolloutStatus::read(context, platforms).await?;
    let cohort = Cohort::read(context, &status.setting).await?;
    let months = reads::support_tickets(db, MONTHS).await?;
    let held_back = if status.facts.is_on { None } else { platforms.held_back(context, &[]) };
    show(&RolloutPage {
        held_back,
        steps: status.steps(),
        began: status.began.map(Instant),
        kinds: reads::failure_kinds_since(db, now - DAYS).await?,
        runs: reads::run_counts(db, now - DAYS).await?,
        times: reads::response_times(db, now - DAYS).await?,
        goals: goals(&cohort, months.first()),
        months,
        month: Month::of(now).to_string(),
        form,
        reports: reads::open_discrepancies(db, REPORTS).await?,
        now: Instant(now),
        status,
        cohort,
    })
}

/// The fields of the form about support tickets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TicketFields {
    month: String,
    tickets: String,
}

/// `POST /admin/game-platform/tickets`: stores the number of support tickets of a month.
pub(super) async fn tickets(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Admin(viewer): Admin,
    Filled(fields, form): Filled<TicketFields>,
) -> Result<Response, PageError> {
    match actions::set_support_tickets(
        &context,
        viewer.actor(),
        fields.month.as_str(),
        fields.tickets.as_str(),
    )
    .await
    {
        Ok(month) => {
            let said = format!("The tickets of {} are saved", format::month(month));
            Ok(redirect(PAGE, &said))
        }
        Err(error) => {
            let again = |form| render(&context, &platforms, form);
            form.refused(error, again).await
        }
    }
}

/// `POST /admin/game-platform/discrepancies/{discrepancy}/resolve`.
pub(super) async fn resolve(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(discrepancy): Address<Uuid>,
) -> Result<Response, PageError> {
    let id = DiscrepancyId::new(discrepancy);
    let resolved = actions::resolve_discrepancy(&context, viewer.actor(), id).await;
    resolved.map_err(WebError::from)?;
    Ok(redirect(PAGE, "The report is resolved"))
}

impl RolloutPage {
    /// Returns whether the pilot is the present step, or the next one.
    fn is_about_pilot(&self) -> bool {
        self.status.facts.step <= RolloutStep::Pilot
    }
}

/// Formats milliseconds; "–" if they are not known.
fn milliseconds(value: Option<i64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{}\u{a0}ms", Number(value)))
}
