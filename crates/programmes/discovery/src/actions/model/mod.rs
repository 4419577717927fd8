//! Analyses of issues by a language model.

mod analyze;
mod budget;
mod embed;
mod plan;
mod services;
mod watch;

pub(crate) use analyze::Analyze;
pub(crate) use budget::{reserve, settle};
pub(crate) use embed::{EmbeddedBatch, embed_next};
pub(crate) use plan::plan_analyses;
pub(crate) use services::services;
pub(crate) use watch::{MODEL, forget_calls, watch_models};
