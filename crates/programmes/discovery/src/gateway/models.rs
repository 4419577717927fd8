use std::{fmt, sync::Arc, time::Duration};

use kernel::Timestamp;
use platform::{Context, config::Config, flags::Permit};

use super::{Embeddings, LanguageModel, ModelCalls, ModelError, client::OpenAi};
use crate::{
    FLAG,
    model::{Purpose, Tokens},
    rules::{budget::Price, prompt},
};

/// The name of an embedding model that turns vectors off.
const NO_VECTORS: &str = "none";

/// The time limit for the vector of a search. The search itself waits less, and later ones use the answer.
const QUERY_PATIENCE: Duration = Duration::from_secs(5);

/// The language model of this installation, if there is one, and what it may cost. Clones share the connections.
#[derive(Clone)]
pub(crate) struct Models(Option<Arc<Model>>);

/// A configured language model.
pub(crate) struct Model {
    client: Arc<OpenAi>,
    /// The client for vectors of issues, and the one for those of searches, which people wait for.
    vectors: Option<[Arc<OpenAi>; 2]>,
    vectors_name: String,
    vectors_price: Price,
    /// The host of the service.
    pub(crate) provider: String,
    /// The name of the language model.
    pub(crate) name: String,
    pub(crate) price: Price,
    /// The most that all calls of a day may cost, in millionths of a dollar.
    pub(crate) budget: i64,
    /// The cost of a day's calls at which operators are alerted, in millionths of a dollar; 0 for none.
    pub(crate) alert_at: i64,
}

impl Models {
    #[must_use]
    pub(crate) fn of(config: &Config) -> Self {
        let Some(key) = &config.openai_api_key else {
            return Self(None);
        };
        let (base, name) = (&config.openai_base_url, &config.openai_model);
        let patience = Duration::from_secs(config.ai_patience_seconds);
        let vectors_name = config.openai_embedding_model.clone();
        let vectors = (vectors_name != NO_VECTORS).then(|| {
            [patience, QUERY_PATIENCE]
                .map(|patience| Arc::new(OpenAi::new(base, key, &vectors_name, patience)))
        });
        Self(Some(Arc::new(Model {
            client: Arc::new(OpenAi::new(base, key, name, patience)),
            vectors,
            vectors_name,
            vectors_price: Price { read: config.ai_price_embedding, written: 0 },
            provider: host(base),
            name: name.clone(),
            price: Price { read: config.ai_price_input, written: config.ai_price_output },
            budget: i64::try_from(config.ai_daily_budget).unwrap_or(i64::MAX),
            alert_at: i64::try_from(config.ai_daily_alert).unwrap_or(i64::MAX),
        })))
    }

    /// Returns the model; `None` without one.
    pub(crate) fn get(&self) -> Option<&Arc<Model>> {
        self.0.as_ref()
    }
}

impl Model {
    /// Returns who is asked, which replies depend on.
    pub(crate) fn asked_of(&self) -> String {
        prompt::asked_of(&self.provider, &self.name)
    }

    /// Returns the model that describes issues.
    pub(crate) fn language(&self) -> &dyn LanguageModel {
        self.client.as_ref()
    }

    /// Returns the service that makes vectors for a purpose; `None` without one.
    pub(crate) fn embeddings(&self, purpose: Purpose) -> Option<&dyn Embeddings> {
        let [issues, searches] = self.vectors.as_ref()?;
        match purpose {
            Purpose::Query => Some(searches.as_ref()),
            Purpose::Analysis | Purpose::Embedding => Some(issues.as_ref()),
        }
    }

    /// Returns true if the service makes vectors now.
    pub(crate) fn makes_vectors(&self, context: &Context) -> bool {
        let issues = self.vectors.as_ref().map(|[issues, _]| issues);
        let works = issues.is_some_and(|issues| !issues.rests(context.now()));
        works && Self::permit(context).is_some()
    }

    /// Returns who makes vectors, which vectors depend on.
    pub(crate) fn vectors_of(&self) -> String {
        format!("{} {}", self.provider, self.vectors_name)
    }

    /// Returns the vectors of texts for an operator's command, which has no flags.
    ///
    /// # Errors
    /// When there is no such service, or it has no answer.
    pub(crate) async fn embed_for_operator(
        &self,
        texts: &[String],
        now: Timestamp,
    ) -> Result<Vec<Vec<f32>>, ModelError> {
        let [client, _] = self.vectors.as_ref().ok_or(ModelError::Refused(404))?;
        client.embedded(texts, now).await.0
    }

    /// Returns the permission to call it; `None` while its flag or that of finding issues is off.
    pub(crate) fn permit(context: &Context) -> Option<Permit<ModelCalls>> {
        let is_on = context.flags.is_on_for_anyone(FLAG);
        context.flags.permit::<ModelCalls>().ok().filter(|_| is_on)
    }

    /// Returns the price of calls for a purpose.
    pub(crate) fn price_of(&self, purpose: Purpose) -> Price {
        match purpose {
            Purpose::Analysis => self.price,
            Purpose::Embedding | Purpose::Query => self.vectors_price,
        }
    }

    /// Returns the name of the model that calls for a purpose use.
    pub(crate) fn name_of(&self, purpose: Purpose) -> &str {
        match purpose {
            Purpose::Analysis => &self.name,
            Purpose::Embedding | Purpose::Query => &self.vectors_name,
        }
    }

    /// Returns the most that one analysis can cost.
    pub(crate) fn most_of_analysis(&self) -> i64 {
        self.price.of(Tokens { read: prompt::MOST_READ, written: prompt::MOST_WRITTEN })
    }

    /// Returns true if issues can be analyzed now: the flag is on, and the service does not fail all the time.
    pub(crate) fn is_ready(&self, context: &Context) -> bool {
        Self::permit(context).is_some() && !self.client.rests(context.now())
    }

    /// Returns whether the service accepts the key.
    pub(crate) async fn check(&self, now: Timestamp) -> Result<(), ModelError> {
        self.client.check(now).await
    }
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.get().map(|model| &model.name);
        f.debug_tuple("Models").field(&name).finish()
    }
}

/// Returns the host of an address, with its port if it has one.
fn host(base: &str) -> String {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest).to_owned()
}
