use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use platform::{Context, db::DbError};
use tokio::sync::OnceCell;

use crate::{
    actions::{reserve, settle},
    gateway::Model,
    model::{Purpose, Tokens},
    rules::{
        quota::{Asker, Quota},
        vectors::MOST_READ,
    },
};

/// How long a search waits for its vector. It is made nevertheless, for the next search with these words.
const PATIENCE: Duration = Duration::from_millis(400);

/// How long the vector of a search is kept.
const KEPT: Duration = Duration::from_secs(600);

/// The most vectors of searches that are kept.
const MOST: usize = 2_000;

/// The vector of a search, once it is made.
type Cell = Arc<OnceCell<Arc<Vec<f32>>>>;

#[derive(Clone)]
pub(super) struct Meaning(Arc<SearchVectors>);

struct SearchVectors {
    context: Context,
    model: Arc<Model>,
    kept: Mutex<HashMap<String, (Instant, Cell)>>,
    quota: Mutex<Quota>,
}

impl Meaning {
    pub(super) fn new(context: &Context, model: &Arc<Model>) -> Self {
        Self(Arc::new(SearchVectors {
            context: context.clone(),
            model: Arc::clone(model),
            kept: Mutex::default(),
            quota: Mutex::default(),
        }))
    }

    /// Returns who makes the vectors.
    pub(super) fn with(&self) -> String {
        self.0.model.vectors_of()
    }

    /// Returns the vector of a text, or why there is none, in words. Searches with the same words share one call, which
    /// counts for the first who asks.
    pub(super) async fn vector(&self, text: &str, asker: Asker) -> Result<Arc<Vec<f32>>, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ").to_lowercase();
        let cell = self.cell(&text);
        if let Some(vector) = cell.get() {
            return Ok(Arc::clone(vector));
        }
        let own = self.clone();
        let asking = tokio::spawn(async move {
            let asked = cell.get_or_try_init(|| own.asked(text, asker)).await;
            asked.cloned()
        });
        match tokio::time::timeout(PATIENCE, asking).await {
            Ok(Ok(asked)) => asked,
            Ok(Err(_)) => Err("the search was interrupted".to_owned()),
            Err(_) => Err("the service that compares meanings did not answer in time".to_owned()),
        }
    }

    async fn asked(&self, text: String, asker: Asker) -> Result<Arc<Vec<f32>>, String> {
        let now = self.0.context.now();
        if !self.0.quota.lock().unwrap_or_else(PoisonError::into_inner).take(asker, now) {
            let many = "you or your network searched for many different words today";
            return Err(many.to_owned());
        }
        self.made(text).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot record a call for the vector of a search");
            Err("the database did not answer".to_owned())
        })
    }

    async fn made(&self, text: String) -> Result<Result<Arc<Vec<f32>>, String>, DbError> {
        let (context, model) = (&self.0.context, &self.0.model);
        let service = model.embeddings(Purpose::Query);
        let (Some(permit), Some(service)) = (Model::permit(context), service) else {
            let off = "calls to the service that compares meanings are switched off";
            return Ok(Err(off.to_owned()));
        };
        let most = Tokens { read: MOST_READ, written: 0 };
        let Ok(reserved) = reserve(context, model, Purpose::Query, most).await? else {
            return Ok(Err("the budget of the day for models is used up".to_owned()));
        };
        let (result, tokens) = service.embed(&permit, &[text], context.now()).await;
        let tx = context.begin().await?;
        settle(&tx, reserved, &result, tokens).await?;
        tx.commit().await?;
        let vector = result.ok().and_then(|mut vectors| vectors.pop());
        let failed = || "the service that compares meanings failed".to_owned();
        Ok(vector.map(Arc::new).ok_or_else(failed))
    }

    /// Returns the place of the vector of a text, a new one if it is not kept any longer.
    fn cell(&self, text: &str) -> Cell {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_kept = |at: &Instant| at.elapsed() < KEPT;
        if let Some((_, cell)) = kept.get(text).filter(|(at, _)| is_kept(at)) {
            return Arc::clone(cell);
        }
        if kept.len() >= MOST {
            kept.retain(|_, (at, _)| is_kept(at));
        }
        if kept.len() >= MOST {
            kept.clear();
        }
        let cell = Cell::default();
        kept.insert(text.to_owned(), (Instant::now(), Arc::clone(&cell)));
        cell
    }
}

impl fmt::Debug for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Meaning").field(&self.with()).finish()
    }
}
