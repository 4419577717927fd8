use kernel::Timestamp;
use reqwest::{Method, RequestBuilder, Url};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{
    Browser, PUSH, PushServices,
    key::{self, VapidKey},
    rules::{of_browser, payload},
    store,
};
use crate::{
    ActionError, Context,
    crypto::KeyRing,
    outbox::{Channel, Handed, Message, Refusal, rules::of_answer},
    outside::{Answer, GuardError, Guarded, Http, ask, refusal, silence},
};

/// How long a service stores a message for an unreachable browser, in seconds: two days.
const KEPT: u32 = 172_800;

/// The web push channel. The recipient of a message is a browser's id.
pub struct Push {
    context: Context,
    ring: KeyRing,
    /// The contact for operators of push services.
    contact: String,
    services: PushServices,
    guarded: Guarded,
    /// The client for services that the operator configured.
    http: Http,
    key: OnceCell<VapidKey>,
}

impl Push {
    /// Creates the channel. Services are called with `guarded`, or with `http` if the operator configured them.
    #[must_use]
    pub fn new(
        context: Context,
        ring: KeyRing,
        contact: &str,
        services: PushServices,
        guarded: Guarded,
        http: Http,
    ) -> Self {
        Self {
            context,
            ring,
            contact: contact.to_owned(),
            services,
            guarded,
            http,
            key: OnceCell::new(),
        }
    }

    async fn key(&self) -> Result<&VapidKey, ActionError> {
        let make = || key::ensure(&self.context, &self.ring);
        self.key.get_or_try_init(make).await
    }

    fn request(&self, endpoint: &Url) -> Result<RequestBuilder, Refusal> {
        let url = endpoint.as_str();
        if self.services.names(endpoint) {
            return self.http.request(Method::POST, url).map_err(silent);
        }
        match self.guarded.request(Method::POST, url) {
            Ok(request) => Ok(request),
            Err(GuardError::Refused(why)) => Err(refused(why)),
            Err(GuardError::Client(error)) => Err(silent(error)),
        }
    }

    /// Sends a message. A browser whose service cannot be called is removed.
    async fn hand_over(&self, message: &Message, now: Timestamp) -> Result<String, Refusal> {
        let id = Uuid::try_parse(&message.recipient).unwrap_or_default();
        let found = store::find(&self.context.db, id).await;
        let Some(browser) = found.map_err(later)? else {
            return Err(Refusal::Gone("the browser was removed".to_owned()));
        };
        match self.answer(&browser, message, now).await {
            Ok(()) => Ok(format!("accepted by {}", browser.service())),
            Err(Refusal::Gone(why)) => {
                self.end(browser.id).await.map_err(later)?;
                Err(Refusal::Gone(format!("{why}, so the browser was removed")))
            }
            Err(refusal) => Err(refusal),
        }
    }

    async fn answer(
        &self,
        browser: &Browser,
        message: &Message,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let answer = self.post(browser, message, now).await?;
        match answer.status.as_u16() {
            status @ (404 | 410) => Err(Refusal::Gone(format!(
                "the push service responded {status}: the subscription has ended"
            ))),
            _ => of_answer("push service", &answer),
        }
    }

    async fn post(
        &self,
        browser: &Browser,
        message: &Message,
        now: Timestamp,
    ) -> Result<Answer, Refusal> {
        let unusable = || Refusal::Gone("the browser's push subscription is invalid".to_owned());
        let endpoint = Url::parse(&browser.endpoint).map_err(|_| unusable())?;
        let (public, auth) = of_browser(&browser.p256dh, &browser.auth).ok_or_else(unusable)?;
        let sealed = web_push_native::encrypt(payload(message), &public, &auth);
        let key = self.key().await.map_err(later)?;
        let origin = endpoint.origin().ascii_serialization();
        let urgency = if message.content.is_urgent { "high" } else { "normal" };
        let request = self
            .request(&endpoint)?
            .header("Authorization", key.authorization(&origin, &self.contact, now))
            .header("TTL", KEPT)
            .header("Urgency", urgency)
            // The topic makes a second copy replace the first.
            .header("Topic", message.id.simple().to_string())
            .header("Content-Encoding", "aes128gcm")
            .header("Content-Type", "application/octet-stream")
            .body(sealed.map_err(|_| unusable())?);
        ask("push", request, now).await.map_err(silent)
    }

    async fn end(&self, browser: Uuid) -> Result<(), crate::db::DbError> {
        let tx = self.context.begin().await?;
        store::end(&tx, browser).await?;
        tx.commit().await
    }
}

/// Converts a failed call. A blocked address stays blocked.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn silent(error: reqwest::Error) -> Refusal {
    match refusal(&error) {
        Some(why) => refused(why),
        None => Refusal::Later { why: format!("push service: {}", silence(&error)), after: None },
    }
}

fn refused(why: crate::outside::Refused) -> Refusal {
    Refusal::Gone(format!("cannot call the push service: {why}"))
}

fn later(error: impl std::fmt::Display) -> Refusal {
    Refusal::Later { why: error.to_string(), after: None }
}

impl Channel for Push {
    fn name(&self) -> &'static str {
        PUSH
    }

    fn send<'a>(&'a self, message: &'a Message, now: Timestamp) -> Handed<'a> {
        Box::pin(self.hand_over(message, now))
    }

    fn is_named_by_recipients(&self) -> bool {
        true
    }
}

impl std::fmt::Debug for Push {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Push").field("services", &self.services).finish_non_exhaustive()
    }
}
