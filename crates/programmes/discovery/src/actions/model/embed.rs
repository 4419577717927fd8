use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use platform::{Context, db::DbError};
use uuid::Uuid;

use super::{reserve, settle};
use crate::{
    gateway::Model,
    model::{Purpose, Tokens},
    rules::{
        budget::{day_of, fits},
        vectors::{MOST_READ, embedded_digest, embedded_text, to_bytes},
    },
    store::{
        embeddings::{self as store, EmbeddedOpportunity, Unembedded},
        model::spent_since,
        opportunities,
    },
};

/// The issues of one request.
const BATCH: usize = 32;

/// How long the issues of a worker that died stay claimed, and those whose request failed wait.
const CLAIMED: TimeDelta = TimeDelta::minutes(2);

/// How long issues wait that are not sent, such as those of hidden repositories.
const NOT_SENT: TimeDelta = TimeDelta::days(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmbeddedBatch {
    /// No issue needs a vector, or the budget is used up.
    Idle,
    /// Some issues were looked at.
    Worked,
    /// The service did not make vectors.
    Failed,
}

/// Makes the vectors of the next issues that have none, or an old one.
///
/// # Errors
/// When the database fails.
pub(crate) async fn embed_next(context: &Context, model: &Model) -> Result<EmbeddedBatch, DbError> {
    let most = Tokens { read: MOST_READ * BATCH as u64, written: 0 };
    let cost = model.price_of(Purpose::Embedding).of(most);
    let now = context.now();
    if !fits(spent_since(&context.db, day_of(now).0).await?, cost, model.budget) {
        return Ok(EmbeddedBatch::Idle);
    }
    let with = model.vectors_of();
    let tx = context.begin().await?;
    opportunities::lock(&tx).await?;
    let claimed = store::claim(&tx, &with, BATCH as i64, now, now + CLAIMED).await?;
    tx.commit().await?;
    if claimed.is_empty() {
        return Ok(EmbeddedBatch::Idle);
    }
    let texts = texts(context, &claimed).await?;
    let (mut kept, mut new, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for own in claimed {
        let Some(text) = texts.get(&own.id) else {
            left.push(own.id);
            continue;
        };
        let digest = embedded_digest(&with, text);
        let embedded =
            EmbeddedOpportunity { id: own.id, seq: own.changed_seq, vector: None, digest };
        if own.embedding_digest.as_deref() == Some(embedded.digest.as_str()) {
            kept.push(embedded);
        } else {
            new.push((embedded, text.clone()));
        }
    }
    let outcome = match made(context, model, most, new).await? {
        Some(made) => {
            kept.extend(made);
            EmbeddedBatch::Worked
        }
        // Their claims end by themselves.
        None => EmbeddedBatch::Failed,
    };
    let tx = context.begin().await?;
    opportunities::lock(&tx).await?;
    let last = opportunities::last_change(&tx).await?;
    store::store(&tx, &with, kept, last).await?;
    if !left.is_empty() {
        store::release(&tx, &left, context.now() + NOT_SENT).await?;
    }
    tx.commit().await?;
    Ok(outcome)
}

/// Returns the texts of issues of public repositories by the IDs of their opportunities.
async fn texts(context: &Context, of: &[Unembedded]) -> Result<HashMap<Uuid, String>, DbError> {
    let db = &context.db;
    let repositories: HashSet<Uuid> = of.iter().map(|own| own.repository_id).collect();
    let described = github::reads::described(db, repositories.into_iter().map(Into::into)).await?;
    let public = described.into_iter().filter(|own| !own.is_hidden);
    let public: HashSet<Uuid> = public.map(|own| own.id).collect();
    let shown = of.iter().filter(|own| public.contains(&own.repository_id));
    let issues = shown.clone().map(|own| own.issue_id.into());
    let issues = github::reads::issues(db, issues).await?.into_iter();
    let mut bodies: HashMap<Uuid, String> = issues.map(|own| (own.id, own.body)).collect();
    let text = |own: &Unembedded| {
        let body = bodies.remove(&own.issue_id)?;
        let labels: Vec<String> = serde_json::from_str(&own.labels).unwrap_or_default();
        Some((own.id, embedded_text(&own.title, &labels, &body)))
    };
    Ok(shown.filter_map(text).collect())
}

/// Returns issues with their new vectors; `None` if the service does not make them.
async fn made(
    context: &Context,
    model: &Model,
    most: Tokens,
    of: Vec<(EmbeddedOpportunity, String)>,
) -> Result<Option<Vec<EmbeddedOpportunity>>, DbError> {
    if of.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let service = model.embeddings(Purpose::Embedding);
    let (Some(permit), Some(service)) = (Model::permit(context), service) else {
        return Ok(None);
    };
    let Ok(reserved) = reserve(context, model, Purpose::Embedding, most).await? else {
        return Ok(None);
    };
    let (embedded, texts): (Vec<EmbeddedOpportunity>, Vec<String>) = of.into_iter().unzip();
    let (result, tokens) = service.embed(&permit, &texts, context.now()).await;
    let tx = context.begin().await?;
    settle(&tx, reserved, &result, tokens).await?;
    tx.commit().await?;
    let with_vector = |(own, vector): (EmbeddedOpportunity, Vec<f32>)| EmbeddedOpportunity {
        vector: Some(to_bytes(&vector)),
        ..own
    };
    let made = result.ok().map(|vectors| embedded.into_iter().zip(vectors));
    Ok(made.map(|made| made.map(with_vector).collect()))
}
