//! The page of the language model, for admins.

use askama::Template;
use axum::{Extension, extract::State};
use identity::access::Admin;
use kernel::dollars;
use platform::{Context, flags::Outgoing as _};
use ui::{
    PageResult,
    format::{Instant, Number},
    show,
};

use crate::{
    gateway::{Model, ModelCalls, Models},
    model::Purpose,
    reads::{self, ModelBudget, ModelDay, ModelFailure, ModelOutcome, ModelProgress},
};

#[derive(Template)]
#[template(path = "model.html")]
struct ModelPage {
    own: Option<Configured>,
    days: Vec<ModelDay>,
    outcomes: Vec<ModelOutcome>,
    failures: Vec<ModelFailure>,
    now: Instant,
}

struct Configured {
    provider: String,
    name: String,
    vectors: Option<String>,
    prices: String,
    budget: ModelBudget,
    progress: ModelProgress,
    /// The flag that keeps calls off.
    held_back: Option<&'static str>,
}

impl Configured {
    fn spent(&self) -> String {
        format!("{} of {}", dollars(self.budget.spent), dollars(self.budget.total))
    }

    /// Returns the used part of the budget in percent, for a meter.
    fn percent(&self) -> i64 {
        match self.budget.total {
            0 => 100,
            total => (self.budget.spent.saturating_mul(100) / total).clamp(0, 100),
        }
    }
}

/// `GET /admin/discovery/model`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(models): Extension<Models>,
    _: Admin,
) -> PageResult {
    let (db, now) = (&context.db, context.now());
    let own = match models.get() {
        Some(model) => Some(configured(&context, model).await?),
        None => None,
    };
    show(&ModelPage {
        own,
        days: reads::model_days(db, now).await?,
        outcomes: reads::model_outcomes(db, now).await?,
        failures: reads::model_failures(db).await?,
        now: Instant(now),
    })
}

async fn configured(context: &Context, model: &Model) -> Result<Configured, platform::db::DbError> {
    let (db, now) = (&context.db, context.now());
    let price = |amount: u64| dollars(i64::try_from(amount).unwrap_or(i64::MAX));
    let off = Model::permit(context).is_none();
    Ok(Configured {
        provider: model.provider.clone(),
        name: model.name.clone(),
        vectors: model.embeddings(Purpose::Query).map(|_| {
            let cost = price(model.price_of(Purpose::Query).read);
            format!("{}, {cost} a million tokens", model.name_of(Purpose::Query))
        }),
        prices: format!(
            "{} to read and {} to write a million tokens",
            price(model.price.read),
            price(model.price.written)
        ),
        budget: reads::model_budget(db, model, now).await?,
        progress: reads::model_progress(db, &model.asked_of()).await?,
        held_back: off.then_some(ModelCalls::FLAG.name),
    })
}

/// Returns the words for an outcome.
fn outcome(name: &str) -> &str {
    match name {
        "answered" => "Answered",
        "running" => "Under way",
        "interrupted" => "Interrupted, counted in full",
        "rejected" => "Key rejected",
        "refused" => "Request refused",
        "limited" => "Limited by the service",
        "failed" => "Service failed",
        "timed_out" => "Timed out",
        "unreachable" => "Not reachable",
        "too_long" => "Answer too long",
        "malformed" => "Answer unreadable",
        "wrong_reply" => "Answer not as asked",
        other => other,
    }
}

/// Returns the words for a purpose.
fn purpose(name: &str) -> &str {
    match name {
        "analysis" => "Analysis of an issue",
        "embedding" => "Vectors of issues",
        "query" => "Vector of a search",
        other => other,
    }
}

fn number(count: &i64) -> Number {
    Number(*count)
}

fn at(at: &kernel::Timestamp) -> Instant {
    Instant(*at)
}
