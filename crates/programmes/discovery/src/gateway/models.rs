use std::{fmt, sync::Arc, time::Duration};

use kernel::Timestamp;
use platform::{Context, config::Config, flags::Permit};

use super::{LanguageModel, ModelCalls, ModelError, client::OpenAi, measure};
use crate::{
    model::{Purpose, Tokens},
    rules::{budget::Price, prompt},
};

/// The language model of this installation, if there is one, and what it may cost. Clones share the connections.
#[derive(Clone)]
pub(crate) struct Models(Option<Arc<Model>>);

/// A configured language model.
pub(crate) struct Model {
    client: Arc<OpenAi>,
    /// The host of the service.
    pub(crate) provider: String,
    /// The name of the language model.
    pub(crate) name: String,
    /// Its price.
    pub(crate) price: Price,
    /// The most that all calls of a day may cost, in millionths of a dollar.
    pub(crate) budget: i64,
}

impl Models {
    /// Returns the model of a configuration.
    #[must_use]
    pub(crate) fn of(config: &Config) -> Self {
        measure::describe();
        let Some(key) = &config.openai_api_key else {
            return Self(None);
        };
        let (base, name) = (&config.openai_base_url, &config.openai_model);
        let patience = Duration::from_secs(config.ai_patience_seconds);
        Self(Some(Arc::new(Model {
            client: Arc::new(OpenAi::new(base, key, name, patience)),
            provider: host(base),
            name: name.clone(),
            price: Price {
                read: config.ai_price_input,
                written: config.ai_price_output,
            },
            budget: i64::try_from(config.ai_daily_budget).unwrap_or(i64::MAX),
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

    /// Returns the permission to call it; `None` while the flag is off.
    pub(crate) fn permit(context: &Context) -> Option<Permit<ModelCalls>> {
        context.flags.permit::<ModelCalls>().ok()
    }

    /// Returns the price of calls for a purpose.
    pub(crate) fn price_of(&self, purpose: Purpose) -> Price {
        match purpose {
            Purpose::Analysis => self.price,
        }
    }

    /// Returns the name of the model that calls for a purpose use.
    pub(crate) fn name_of(&self, purpose: Purpose) -> &str {
        match purpose {
            Purpose::Analysis => &self.name,
        }
    }

    /// Returns the most that one analysis can cost.
    pub(crate) fn most_of_analysis(&self) -> i64 {
        self.price.of(Tokens {
            read: prompt::MOST_READ,
            written: prompt::MOST_WRITTEN,
        })
    }

    /// Returns true if issues can be analyzed now: the flag is on, and the service does not fail all the time.
    pub(crate) fn is_ready(&self, context: &Context) -> bool {
        Self::permit(context).is_some() && !self.client.rests(context.now())
    }

    /// Returns whether the service accepts the key.
    pub(super) async fn check(&self, now: Timestamp) -> Result<(), ModelError> {
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
