use axum::{Extension, Json, extract::State};
use identity::access::Admin;
use platform::{Context, web::WebError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    model::Accounts,
    reads::{self, MonthCosts},
    rules::{Advice, ServiceCost},
};

/// The costs of the current month (UTC).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "month": "2026-11", "elapsed_percent": 50, "cost_microdollars": 12_500_000,
    "projected_microdollars": 25_000_000, "previous_microdollars": 21_000_000, "budget_microdollars": 40_000_000,
    "services": [{
        "code": "email", "title": "Email", "unit": "emails", "units": 12_500, "cost_microdollars": 12_500_000,
        "projected_microdollars": 25_000_000, "previous_microdollars": 21_000_000, "budget_microdollars": null
    }],
    "advice": []
}))]
pub(super) struct Costs {
    /// The month, `YYYY-MM`.
    month: String,
    /// The elapsed part of the month in percent.
    elapsed_percent: i64,
    /// The cost so far, in millionths of a dollar.
    cost_microdollars: i64,
    /// The cost of the whole month if it goes on as before.
    projected_microdollars: i64,
    /// The cost of the previous month, of the services that were measured. Null if none was.
    previous_microdollars: Option<i64>,
    /// The budget of a month for all services. Null without one.
    budget_microdollars: Option<i64>,
    /// The services.
    services: Vec<CostOfService>,
    /// Ways to lower the costs.
    advice: Vec<CostAdvice>,
}

/// The cost of a service in the current month.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct CostOfService {
    /// The service, such as `email`.
    code: &'static str,
    /// Its name.
    title: &'static str,
    /// The unit of its use, such as "emails".
    unit: &'static str,
    /// Its use in this month; for storage, the mean size. Null while it is not measured.
    units: Option<i64>,
    /// Its cost so far, in millionths of a dollar. 0 without a price.
    cost_microdollars: i64,
    /// Its cost in the whole month if it goes on as before.
    projected_microdollars: i64,
    /// Its cost in the previous month. Null if it was not measured.
    previous_microdollars: Option<i64>,
    /// Its budget of a month. Null without one.
    budget_microdollars: Option<i64>,
}

/// A way to lower the costs.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct CostAdvice {
    /// `cheaper_units` or `index`.
    code: &'static str,
    /// The name of the service that would cost less.
    service: &'static str,
    /// The numbers that it is based on, and the next step.
    text: String,
    /// The estimated saving in a month, in millionths of a dollar.
    saving_microdollars: i64,
}

impl From<&ServiceCost> for CostOfService {
    fn from(cost: &ServiceCost) -> Self {
        Self {
            code: cost.code,
            title: cost.title,
            unit: cost.unit,
            units: cost.units,
            cost_microdollars: cost.cost,
            projected_microdollars: cost.projected,
            previous_microdollars: cost.previous,
            budget_microdollars: budget(cost.budget),
        }
    }
}

impl From<&Advice> for CostAdvice {
    fn from(advice: &Advice) -> Self {
        Self {
            code: advice.code,
            service: advice.service,
            text: advice.text.clone(),
            saving_microdollars: advice.saving,
        }
    }
}

impl From<MonthCosts> for Costs {
    fn from(costs: MonthCosts) -> Self {
        Self {
            month: costs.month.to_string(),
            elapsed_percent: costs.elapsed.percent(),
            cost_microdollars: costs.cost(),
            projected_microdollars: costs.projected(),
            previous_microdollars: costs.previous(),
            budget_microdollars: budget(costs.budget),
            services: costs.services.iter().map(Into::into).collect(),
            advice: costs.advice.iter().map(Into::into).collect(),
        }
    }
}

/// Returns a budget, of which 0 is none.
fn budget(amount: i64) -> Option<i64> {
    (amount > 0).then_some(amount)
}

/// Returns the costs of the current month.
///
/// These are the use of each service times its price in the configuration, what the whole month will cost if it goes on as
/// before, and the costs of the previous month.
#[utoipa::path(
    get,
    path = "/api/v1/admin/costs",
    operation_id = "get_costs",
    tag = "Admin",
    responses((status = 200, description = "The costs", body = Costs)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn costs(
    State(context): State<Context>,
    Extension(accounts): Extension<Accounts>,
    _: Admin,
) -> Result<Json<Costs>, WebError> {
    Ok(Json(reads::month_costs(&context, &accounts).await?.into()))
}
