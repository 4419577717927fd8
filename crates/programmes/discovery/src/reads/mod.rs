//! Queries of discovery.

pub mod claims;
mod documents;
mod model;
mod opportunities;
mod progress;

pub(crate) use documents::{ChangeOf, change_of, changes, last_change, totals, vectors};
pub(crate) use model::{
    ModelBudget, ModelDay, ModelFailure, ModelOutcome, ModelProgress, model_analysis, model_budget,
    model_days, model_failures, model_outcomes, model_progress, recent_calls,
};
pub(crate) use opportunities::{HealthView, OpportunityView, bodies, opportunities, opportunity};
pub(crate) use progress::is_unused;
pub use progress::{Progress, Unfound, progress};
