//! Queries of discovery.

pub mod claims;
mod documents;
mod feedback;
mod labels;
mod model;
mod opportunities;
mod person;
mod pooled;
mod progress;
mod repositories;
mod watches;
mod welcoming;
mod work;

pub(crate) use documents::{ChangeOf, change_of, changes, last_change, totals, vectors};
pub(crate) use feedback::{StatedFeedback, attention, dismissed, feedback_counts, saved, stated};
pub(crate) use labels::label_sets;
pub(crate) use model::{
    ModelBudget, ModelDay, ModelFailure, ModelOutcome, ModelProgress, calls_between, last_outcomes,
    model_analysis, model_budget, model_days, model_failures, model_outcomes, model_progress,
    recent_calls,
};
pub(crate) use opportunities::{HealthView, OpportunityView, bodies, opportunities, opportunity};
pub(crate) use person::{OfferStamp, export, offer_stamp, profiled};
pub(crate) use pooled::{Pooled, pooled};
pub(crate) use progress::{MOST_SEARCHES, is_unused};
pub use progress::{Progress, SearchState, UnfoundName, progress};
pub(crate) use repositories::{
    RepositoryFilter, RepositoryOrder, RepositoryView, opportunities_of, repositories, repository,
    repository_named,
};
pub use watches::{OwnWatch, own_watch, own_watches};
pub(crate) use watches::{export as export_watches, watch_of};
pub(crate) use welcoming::welcoming;
pub(crate) use work::TASKS;
