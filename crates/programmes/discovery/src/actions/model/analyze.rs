use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use platform::{Context, db::DbError, jobs::Failure};
use uuid::Uuid;

use super::{reserve, settle};
use crate::{
    gateway::{Model, ModelError},
    model::{ModelAnalysis, Purpose, Tokens},
    rules::{
        prompt::{MOST_READ, MOST_WRITTEN, Quoted, content_digest},
        reply,
    },
    store::model::{self as store, ClaimedAnalysis, EndedAnalysis, QUEUE},
};

/// The number of times that the model is asked about an issue before it is given up.
const TRIES: u32 = 3;

/// The longest wait that a worker takes for a service that limits requests. A longer one frees the worker.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// When an issue is tried again after the model was given up, and how often.
const AGAIN: (TimeDelta, i64) = (TimeDelta::days(1), 3);

/// How long to wait while the flag is off or the key is rejected.
const HELD_BACK: Duration = Duration::from_secs(600);

/// Asks the model about the issues that a worker has claimed.
pub(crate) struct Analyze<'a> {
    pub(crate) context: &'a Context,
    pub(crate) model: &'a Model,
    pub(crate) worker: Uuid,
    pub(crate) claimed: &'a [ClaimedAnalysis],
}

/// The end of the calls about one issue.
enum AnalysisEnd {
    /// The answer is stored.
    Answered,
    /// The model was given up, for good after some days unless the service answered no request.
    GivenUp(String, bool),
    Later(String, Duration),
}

impl Analyze<'_> {
    /// Analyzes all of them at the same time.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn run(&self) -> Result<(), DbError> {
        let all = self.claimed.iter().map(|claimed| self.one(claimed));
        join_all(all).await.into_iter().collect()
    }

    async fn one(&self, claimed: &ClaimedAnalysis) -> Result<(), DbError> {
        let Some(quoted) = self.quoted(claimed).await? else {
            return self.end(claimed, left_out()).await;
        };
        let asked = self.asked(claimed, &quoted).await?;
        let (context, now) = (self.context, self.context.now());
        match asked {
            AnalysisEnd::Answered => Ok(()),
            AnalysisEnd::GivenUp(why, is_of_service) => {
                let is_last = claimed.failures + 1 >= AGAIN.1 && !is_of_service;
                let ended = EndedAnalysis {
                    outcome: "given up",
                    failure: Some(&why),
                    again_at: (!is_last).then_some(now + AGAIN.0),
                    was_asked: true,
                    ..left_out()
                };
                self.end(claimed, ended).await
            }
            AnalysisEnd::Later(why, wait) => {
                let tx = context.begin().await?;
                let attempt = (claimed.id, claimed.attempts);
                let failure = Failure::Later(why, wait);
                QUEUE.fail_or_wait(&tx, self.worker, attempt, &failure, now).await?;
                tx.commit().await
            }
        }
    }

    async fn end(
        &self,
        claimed: &ClaimedAnalysis,
        ended: EndedAnalysis<'_>,
    ) -> Result<(), DbError> {
        let tx = self.context.begin().await?;
        store::end(&tx, self.worker, claimed.id, ended, self.context.now()).await?;
        tx.commit().await
    }

    /// Returns the texts of an issue; `None` if they changed since, or the issue can no longer be done or seen.
    async fn quoted(&self, claimed: &ClaimedAnalysis) -> Result<Option<Quoted>, DbError> {
        let db = &self.context.db;
        let Some(texts) = store::texts(db, claimed.opportunity_id).await? else {
            return Ok(None);
        };
        let asked_of = self.model.asked_of();
        let digest = content_digest(&asked_of, &texts.title, &texts.body_digest, &texts.labels);
        let is_open = texts.status.can_be_done();
        let described = github::reads::described(db, [texts.repository_id.into()]).await?;
        let is_public = described.first().is_some_and(|own| !own.is_hidden);
        if digest != claimed.content_digest || !is_open || !is_public {
            return Ok(None);
        }
        let issue = github::reads::issues(db, [texts.issue_id.into()]).await?.pop();
        Ok(issue.map(|issue| Quoted {
            title: texts.title,
            labels: serde_json::from_str(&texts.labels).unwrap_or_default(),
            body: issue.body,
        }))
    }

    /// Asks the model until it answers, at most three times.
    async fn asked(
        &self,
        claimed: &ClaimedAnalysis,
        quoted: &Quoted,
    ) -> Result<AnalysisEnd, DbError> {
        let mut tried = 0;
        loop {
            let error = match self.ask_once(claimed, quoted).await? {
                Ok(()) => return Ok(AnalysisEnd::Answered),
                Err(HeldCall::Budget(wait)) => {
                    let why = "the budget of the day is used up".to_owned();
                    return Ok(AnalysisEnd::Later(why, wait));
                }
                Err(HeldCall::Flag) => {
                    let why = "calls to the model are switched off".to_owned();
                    return Ok(AnalysisEnd::Later(why, HELD_BACK));
                }
                Err(HeldCall::Failed(error)) => error,
            };
            tried += 1;
            let wait = match &error {
                ModelError::Resting(wait) => {
                    return Ok(AnalysisEnd::Later(error.to_string(), *wait));
                }
                ModelError::Rejected(_) => {
                    return Ok(AnalysisEnd::Later(error.to_string(), HELD_BACK));
                }
                ModelError::Limited { retry_after } => retry_after.unwrap_or(backoff(tried)),
                _ => backoff(tried),
            };
            if wait > LONGEST_WAIT {
                return Ok(AnalysisEnd::Later(error.to_string(), wait));
            }
            if tried >= TRIES || !error.may_pass() {
                return Ok(AnalysisEnd::GivenUp(error.to_string(), error.is_of_service()));
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Asks the model once. Its answer is stored with the end of the call, so that a process that is stopped after it does not
    /// ask again.
    async fn ask_once(
        &self,
        claimed: &ClaimedAnalysis,
        quoted: &Quoted,
    ) -> Result<Result<(), HeldCall>, DbError> {
        let Some(permit) = Model::permit(self.context) else {
            return Ok(Err(HeldCall::Flag));
        };
        let most = Tokens { read: MOST_READ, written: MOST_WRITTEN };
        let (context, now) = (self.context, self.context.now());
        let reserved = match reserve(context, self.model, Purpose::Analysis, most).await? {
            Ok(reserved) => reserved,
            Err(tomorrow) => {
                let wait = (tomorrow - now).to_std().unwrap_or_default();
                return Ok(Err(HeldCall::Budget(wait)));
            }
        };
        platform::crash::point("model.reserved");
        let (text, tokens) = self.model.language().describe(&permit, quoted, now).await;
        let result = text.and_then(|text| Ok(reply::analysis(&text)?));
        let tx = context.begin().await?;
        settle(&tx, reserved, &result, tokens).await?;
        if let Ok(analysis) = &result {
            store::end(&tx, self.worker, claimed.id, answered(analysis), context.now()).await?;
        }
        tx.commit().await?;
        platform::crash::point("model.answered");
        Ok(result.map(drop).map_err(HeldCall::Failed))
    }
}

/// The reason why an attempt has no answer.
enum HeldCall {
    Flag,
    Budget(Duration),
    Failed(ModelError),
}

/// Returns the end of an analysis that no one needs any more.
fn left_out<'a>() -> EndedAnalysis<'a> {
    EndedAnalysis {
        outcome: "left out",
        analysis: None,
        failure: None,
        again_at: None,
        was_asked: false,
    }
}

/// Returns the wait before the `n`-th retry: 200 milliseconds, then four times as long each time.
fn backoff(n: u32) -> Duration {
    Duration::from_millis(50 * 4_u64.pow(n.min(5)))
}

fn answered<'a>(analysis: &ModelAnalysis) -> EndedAnalysis<'a> {
    EndedAnalysis {
        outcome: "answered",
        analysis: serde_json::to_string(analysis).ok(),
        was_asked: true,
        ..left_out()
    }
}
