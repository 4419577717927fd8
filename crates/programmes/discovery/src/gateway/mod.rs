//! Language models: one trait for all services, and the client of those with the API of `OpenAI`.

mod client;
mod error;
mod measure;
mod models;

use std::fmt::Debug;

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use platform::flags::{Flag, FlagKind, Outgoing, Permit, Start};

use crate::{model::Tokens, rules::prompt::Quoted};

pub(crate) use error::ModelError;
pub(crate) use measure::{MODEL_CALLS, MODEL_COST, MODEL_SECONDS, measured};
pub(crate) use models::{Model, Models};

/// The switch for calls to models.
#[derive(Debug)]
pub(crate) struct ModelCalls;

impl Outgoing for ModelCalls {
    const FLAG: &'static Flag = &Flag {
        name: "language_model",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_LANGUAGE_MODEL",
        start: Start::On,
        description: "The service with language models. Issues are not analyzed by a model.",
    };
}

/// A call to a model: its result, and the tokens if the service states them, also of a result that is wrong.
pub(crate) type ModelCall<'a, T> = BoxFuture<'a, (Result<T, ModelError>, Option<Tokens>)>;

/// A service that turns texts into vectors. Each call is one request.
pub(crate) trait Embeddings: Debug + Send + Sync {
    /// Returns the vectors of texts, each of length 1.
    fn embed<'a>(
        &'a self,
        permit: &'a Permit<ModelCalls>,
        texts: &'a [String],
        now: Timestamp,
    ) -> ModelCall<'a, Vec<Vec<f32>>>;
}

/// A language model. Each call is one request.
pub(crate) trait LanguageModel: Debug + Send + Sync {
    /// Returns the text that the model writes about an issue.
    fn describe<'a>(
        &'a self,
        permit: &'a Permit<ModelCalls>,
        issue: &'a Quoted,
        now: Timestamp,
    ) -> ModelCall<'a, String>;
}
