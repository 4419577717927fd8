use std::time::{Duration, Instant};

use kernel::Timestamp;
use reqwest::Url;
use uuid::Uuid;

use super::{
    DISABLED, Endpoint, FAILING_DAYS, Receivers, Secret, WEBHOOK, WebhookAttempt,
    rules::{is_lost, payload, signatures, tame, wait},
    store,
};
use crate::{
    ActionError, Context,
    crypto::KeyRing,
    db::DbError,
    outbox::{Channel, Handed, Message, Refusal},
    outside::{Answer, GuardError, ask, refusal, silence},
};

/// The channel of webhooks. The recipient of a message is a webhook's id.
#[derive(Debug)]
pub struct Webhooks {
    context: Context,
    ring: KeyRing,
    receivers: Receivers,
}

/// The reason why a receiver gave no answer.
struct Silent(String);

impl Webhooks {
    /// Creates the channel.
    #[must_use]
    pub fn new(context: Context, ring: KeyRing, receivers: Receivers) -> Self {
        Self { context, ring, receivers }
    }

    async fn hand_over(&self, message: &Message, now: Timestamp) -> Result<String, Refusal> {
        let id = Uuid::try_parse(&message.recipient).unwrap_or_default();
        let found = store::find(&self.context.db, id).await.map_err(later)?;
        let Some(endpoint) = found else {
            return Err(Refusal::Gone("the webhook was deleted".to_owned()));
        };
        if endpoint.disabled_at.is_some() {
            return Err(Refusal::Gone("the webhook is disabled".to_owned()));
        }
        let began = Instant::now();
        let answer = self.post(&endpoint, message, now).await.map_err(later)?;
        let attempt = self.attempt(message, &answer, now, began.elapsed());
        let lost = self.note(&endpoint, &attempt).await.map_err(later)?;
        match (answer, lost) {
            (Ok(answer), _) if answer.status.is_success() => {
                Ok(format!("accepted by {}", endpoint.host()))
            }
            (Ok(answer), Some(why)) if answer.status.as_u16() == 410 => Err(Refusal::Gone(why)),
            (_, Some(why)) => Err(Refusal::Never(why)),
            (Ok(answer), None) => Err(Refusal::Later {
                why: format!("{} responded {}", endpoint.host(), answer.status.as_u16()),
                after: answer.retry_after,
            }),
            (Err(Silent(why)), None) => Err(Refusal::Later { why, after: None }),
        }
    }

    /// Sends a request. Returns an error only if this server fails.
    async fn post(
        &self,
        endpoint: &Endpoint,
        message: &Message,
        now: Timestamp,
    ) -> Result<Result<Answer, Silent>, ActionError> {
        let body = payload(message);
        let secrets = self.secrets(endpoint, now).await?;
        let Ok(url) = Url::parse(&endpoint.url) else {
            return Ok(Err(Silent("the URL is invalid".to_owned())));
        };
        let request = match self.receivers.request(&url) {
            Ok(request) => request,
            Err(GuardError::Refused(why)) => return Ok(Err(refused(&why))),
            Err(GuardError::Client(error)) => return Ok(Err(Silent(silence(&error).to_owned()))),
        };
        let request = request
            .header("Content-Type", "application/json")
            .header("webhook-id", message.id.to_string())
            .header("webhook-timestamp", now.timestamp().to_string())
            .header("webhook-signature", signatures(&secrets, message.id, now, &body))
            .body(body);
        let answer = ask(WEBHOOK, request, now).await;
        Ok(answer.map_err(|error| match refusal(&error) {
            Some(why) => refused(&why),
            None => Silent(silence(&error).to_owned()),
        }))
    }

    /// Returns the secrets that sign now: the current one, and the previous one until its end.
    async fn secrets(
        &self,
        endpoint: &Endpoint,
        now: Timestamp,
    ) -> Result<Vec<Secret>, ActionError> {
        let Some(sealed) = store::sealed(&self.context.db, endpoint.id).await? else {
            return Ok(Vec::new());
        };
        let is_valid = endpoint.previous_until.is_some_and(|until| now < until);
        let previous = sealed.previous_secret.filter(|_| is_valid);
        let mut secrets = Vec::new();
        for sealed in [Some(sealed.signing_secret), previous].into_iter().flatten() {
            secrets.push(Secret::of(self.ring.open(&sealed)?));
        }
        Ok(secrets)
    }

    fn attempt(
        &self,
        message: &Message,
        answer: &Result<Answer, Silent>,
        began: Timestamp,
        took: Duration,
    ) -> WebhookAttempt {
        let status = answer.as_ref().ok().map(|answer| answer.status);
        WebhookAttempt {
            id: self.context.ids.next(),
            created_at: began,
            message_id: message.id,
            kind: message.kind.clone(),
            is_accepted: status.is_some_and(|status| status.is_success()),
            status: status.map(|status| i64::from(status.as_u16())),
            milliseconds: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            answer: match answer {
                Ok(answer) => tame(&answer.text),
                Err(Silent(why)) => why.clone(),
            },
        }
    }

    /// Records an attempt, and disables the webhook if it asks for that or failed for too long. Returns why it is
    /// disabled.
    async fn note(
        &self,
        endpoint: &Endpoint,
        attempt: &WebhookAttempt,
    ) -> Result<Option<String>, DbError> {
        let (mut tx, now) = (self.context.begin().await?, self.context.now());
        let failing_since = store::note(&tx, endpoint.id, attempt, now).await?;
        let why = match failing_since {
            Some(_) if attempt.status == Some(410) => "The receiver responded 410 Gone.".to_owned(),
            Some(since) if is_lost(since, now) => {
                format!("The receiver accepted nothing for {FAILING_DAYS} days.")
            }
            _ => {
                tx.commit().await?;
                return Ok(None);
            }
        };
        if store::disable(&tx, endpoint.id, &why, now).await? {
            tx.wake(DISABLED, [endpoint.id], self.context.ids.as_ref(), now).await?;
        }
        tx.commit().await?;
        Ok(Some(why))
    }
}

fn refused(why: &crate::outside::Refused) -> Silent {
    Silent(format!("the URL is not allowed: {why}"))
}

fn later(error: impl std::fmt::Display) -> Refusal {
    Refusal::Later { why: error.to_string(), after: None }
}

impl Channel for Webhooks {
    fn name(&self) -> &'static str {
        WEBHOOK
    }

    fn send<'a>(&'a self, message: &'a Message, now: Timestamp) -> Handed<'a> {
        Box::pin(self.hand_over(message, now))
    }

    fn is_named_by_recipients(&self) -> bool {
        true
    }

    fn wait(&self, message: Uuid, attempts: i64, asked: Option<Duration>) -> Duration {
        wait(attempts, asked, message.as_bytes()[15])
    }
}
