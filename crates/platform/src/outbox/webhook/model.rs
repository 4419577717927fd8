use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::Timestamp;
use sea_orm::FromQueryResult;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};
use uuid::Uuid;

use crate::crypto::{CryptoError, random};

/// The topic that wakes the worker when a message to a webhook was enqueued.
pub(in crate::outbox) const TOPIC: &str = "webhooks";

/// The kind of test events.
pub const TEST: &str = "webhook.test";

/// The beginning of a secret as text.
const PREFIX: &str = "whsec_";

/// A webhook, as entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEndpoint {
    /// The URL that receives notifications.
    pub url: String,
    /// The purpose, as its owner describes it.
    pub description: String,
}

/// A webhook of a person, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Endpoint {
    pub id: Uuid,
    pub created_at: Timestamp,
    /// Its owner.
    pub person_id: Uuid,
    /// The URL that receives notifications.
    pub url: String,
    /// The purpose, as its owner describes it.
    pub description: String,
    /// Until when the previous secret signs too, if it was replaced.
    pub previous_until: Option<Timestamp>,
    /// When this server stopped sending to it.
    pub disabled_at: Option<Timestamp>,
    /// The reason why it is disabled, as a sentence.
    pub disabled_reason: Option<String>,
    /// When it last accepted a message.
    pub last_success_at: Option<Timestamp>,
    /// The first failure since it last accepted a message.
    pub failing_since: Option<Timestamp>,
}

impl Endpoint {
    /// Returns the host of its URL.
    #[must_use]
    pub fn host(&self) -> String {
        let url = reqwest::Url::parse(&self.url).ok();
        let host = url.and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }
}

/// An attempt to send a message to a webhook.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct WebhookAttempt {
    pub id: Uuid,
    /// When it began.
    pub created_at: Timestamp,
    /// The message, which is the `webhook-id` of the request.
    pub message_id: Uuid,
    pub kind: String,
    /// True if the receiver accepted the message.
    pub is_accepted: bool,
    /// The status of the response, if there was one.
    pub status: Option<i64>,
    /// The duration in milliseconds.
    pub milliseconds: i64,
    /// The beginning of the response, or why there was none.
    pub answer: String,
}

/// The secret that signs messages to a webhook.
#[derive(Clone, Debug)]
pub struct Secret(SecretSlice<u8>);

impl Secret {
    /// Generates a secret of 32 bytes.
    ///
    /// # Errors
    /// When the operating system provides no random bytes.
    pub(super) fn fresh() -> Result<Self, CryptoError> {
        Ok(Self::of(random::<32>()?.to_vec()))
    }

    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }

    /// Returns the secret as receivers enter it: `whsec_` and base64.
    #[must_use]
    pub fn text(&self) -> SecretString {
        format!("{PREFIX}{}", STANDARD.encode(self.bytes())).into()
    }
}
