use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use platform::{Context, db::DbError};

use crate::{
    actions::{reserve, settle},
    gateway::Model,
    model::{Purpose, Tokens},
    rules::vectors::MOST_READ,
};

/// How long a search waits for its vector. It is made nevertheless, for the next search with these words.
const PATIENCE: Duration = Duration::from_millis(400);

/// How long the vector of a search is kept.
const KEPT: Duration = Duration::from_secs(600);

/// The most vectors of searches that are kept.
const MOST: usize = 2_000;

/// The vectors of searches.
#[derive(Clone)]
pub(super) struct Meaning(Arc<Inner>);

struct Inner {
    context: Context,
    model: Arc<Model>,
    kept: Mutex<HashMap<String, (Instant, Arc<Vec<f32>>)>>,
}

impl Meaning {
    pub(super) fn new(context: &Context, model: &Arc<Model>) -> Self {
        Self(Arc::new(Inner {
            context: context.clone(),
            model: Arc::clone(model),
            kept: Mutex::default(),
        }))
    }

    /// Returns who makes the vectors.
    pub(super) fn with(&self) -> String {
        self.0.model.vectors_of()
    }

    /// Returns the vector of a text, or why there is none, in words.
    pub(super) async fn vector(&self, text: &str) -> Result<Arc<Vec<f32>>, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ").to_lowercase();
        if let Some(kept) = self.kept(&text) {
            return Ok(kept);
        }
        let own = self.clone();
        let asking = tokio::spawn(async move { own.asked(text).await });
        match tokio::time::timeout(PATIENCE, asking).await {
            Ok(Ok(Ok(asked))) => asked,
            Ok(Ok(Err(error))) => {
                tracing::warn!(%error, "cannot record a call for the vector of a search");
                Err("the database did not answer".to_owned())
            }
            Ok(Err(_)) => Err("the search was interrupted".to_owned()),
            Err(_) => Err("the service that compares meanings did not answer in time".to_owned()),
        }
    }

    async fn asked(&self, text: String) -> Result<Result<Arc<Vec<f32>>, String>, DbError> {
        let (context, model) = (&self.0.context, &self.0.model);
        let service = model.embeddings(Purpose::Query);
        let (Some(permit), Some(service)) = (Model::permit(context), service) else {
            return Ok(Err(
                "calls to the service that compares meanings are switched off".to_owned(),
            ));
        };
        let most = Tokens {
            read: MOST_READ,
            written: 0,
        };
        let Ok(reserved) = reserve(context, model, Purpose::Query, most).await? else {
            return Ok(Err("the budget of the day for models is used up".to_owned()));
        };
        let texts = [text];
        let (result, tokens) = service.embed(&permit, &texts, context.now()).await;
        let tx = context.begin().await?;
        settle(&tx, reserved, &result, tokens).await?;
        tx.commit().await?;
        let [text] = texts;
        let vector = result
            .ok()
            .and_then(|mut vectors| vectors.pop())
            .map(Arc::new);
        let Some(vector) = vector else {
            return Ok(Err("the service that compares meanings failed".to_owned()));
        };
        self.keep(text, &vector);
        Ok(Ok(vector))
    }

    fn kept(&self, text: &str) -> Option<Arc<Vec<f32>>> {
        let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, vector) = kept.get(text)?;
        (at.elapsed() < KEPT).then(|| Arc::clone(vector))
    }

    fn keep(&self, text: String, vector: &Arc<Vec<f32>>) {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.retain(|_, (at, _)| at.elapsed() < KEPT);
        }
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(text, (Instant::now(), Arc::clone(vector)));
    }
}

impl fmt::Debug for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Meaning").field(&self.with()).finish()
    }
}
