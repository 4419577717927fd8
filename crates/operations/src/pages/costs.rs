use askama::Template;
use axum::{Extension, extract::State};
use identity::access::Admin;
use kernel::dollars;
use platform::Context;
use ui::{
    PageResult,
    format::{Number, bytes, month},
    show,
};

use crate::{
    model::Accounts,
    reads::{self, MonthCosts},
    rules::{Advice, ServiceCost},
};

#[derive(Template)]
#[template(path = "admin_costs.html")]
struct CostsPage {
    /// The current month, in words.
    month: String,
    /// The previous month, in words.
    before: String,
    elapsed_percent: i64,
    rows: Vec<Row>,
    total: Amounts,
    /// True if the month will cost more than the budget of all services.
    is_over: bool,
    /// True if no service costs anything, now or in the previous month.
    is_unpriced: bool,
    advice: Vec<AdviceRow>,
}

/// The amounts of a service, or of all.
struct Amounts {
    cost: String,
    projected: String,
    previous: Option<String>,
    budget: Option<String>,
}

struct Row {
    title: &'static str,
    used: String,
    amounts: Amounts,
    is_over: bool,
    priced_by: &'static str,
}

struct AdviceRow {
    service: &'static str,
    text: String,
    saving: String,
}

impl Amounts {
    fn of(cost: i64, projected: i64, previous: Option<i64>, budget: i64) -> Self {
        Self {
            cost: dollars(cost),
            projected: dollars(projected),
            previous: previous.map(dollars),
            budget: (budget > 0).then(|| dollars(budget)),
        }
    }
}

impl From<&ServiceCost> for Row {
    fn from(cost: &ServiceCost) -> Self {
        Self {
            title: cost.title,
            used: match (cost.units, cost.unit) {
                (None, _) => "not measured yet".to_owned(),
                (Some(size), "bytes") => bytes(size),
                (Some(units), unit) => format!("{} {unit}", Number(units)),
            },
            amounts: Amounts::of(cost.cost, cost.projected, cost.previous, cost.budget),
            is_over: cost.is_over(),
            priced_by: cost.priced_by,
        }
    }
}

impl From<&Advice> for AdviceRow {
    fn from(advice: &Advice) -> Self {
        Self { service: advice.service, text: advice.text.clone(), saving: dollars(advice.saving) }
    }
}

impl From<MonthCosts> for CostsPage {
    fn from(costs: MonthCosts) -> Self {
        let (projected, previous) = (costs.projected(), costs.previous());
        Self {
            month: month(costs.month),
            before: month(costs.month.previous()),
            elapsed_percent: costs.elapsed.percent(),
            rows: costs.services.iter().map(Into::into).collect(),
            total: Amounts::of(costs.cost(), projected, previous, costs.budget),
            is_over: costs.budget > 0 && projected > costs.budget,
            is_unpriced: projected == 0 && previous.is_none_or(|cost| cost == 0),
            advice: costs.advice.iter().map(Into::into).collect(),
        }
    }
}

/// `GET /admin/costs`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(accounts): Extension<Accounts>,
    _: Admin,
) -> PageResult {
    let costs = reads::month_costs(&context, &accounts).await?;
    show(&CostsPage::from(costs))
}
