use std::{fmt, time::Duration};

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use uuid::Uuid;

use super::{
    Content, Resend, Slack, Smtp, Telnyx,
    push::{Push, PushServices},
};
use crate::{
    Context,
    config::Config,
    crypto::KeyRing,
    outside::{Guarded, Http},
};

/// The channel of e-mail.
pub const EMAIL: &str = "email";

/// The longest that a message may take, so that a silent service holds up few others.
const PATIENCE: Duration = Duration::from_secs(20);

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id: the same at each attempt, so that whoever takes it can know it again.
    pub id: Uuid,
    /// When it was written.
    pub written_at: Timestamp,
    /// The address at which the person is reached on this channel.
    pub recipient: String,
    /// What it says.
    pub content: Content,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may be taken later: not before `after`, if the service says so.
    Later {
        /// The reason.
        why: String,
        /// How long the service asks us to wait.
        after: Option<Duration>,
    },
    /// It will never be taken.
    Never(String),
    /// Nobody is there any more who would take it, as they wished or their device did: no fault.
    Gone(String),
}

/// A way to reach people. Called outside any transaction.
pub trait Channel: Send + Sync {
    /// Its name in [`super::Key`].
    fn name(&self) -> &'static str;

    /// Hands a message over; gives what the service said.
    fn send<'a>(
        &'a self,
        message: &'a Message,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<String, Refusal>>;

    /// Whether the service would take a message now: what it says, or what is to be done. One that can only
    /// be asked by sending is taken at its word.
    fn answers(&self) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async { Ok("is set up".to_owned()) })
    }
}

/// The channels that are set up here.
#[derive(Default)]
pub struct Channels(Vec<Box<dyn Channel>>);

impl Channels {
    /// These channels.
    #[must_use]
    pub fn new(channels: Vec<Box<dyn Channel>>) -> Self {
        Self(channels)
    }

    /// What a configuration sets up. Its values were looked at when it was read.
    #[must_use]
    pub fn of(config: &Config, context: &Context, ring: &KeyRing) -> Self {
        let services = PushServices {
            named: config.push_services.clone(),
        };
        let push = Push::new(
            (context.clone(), ring.clone()),
            &config.contact(),
            services,
            (Guarded::new(PATIENCE, Vec::new()), Http::new(PATIENCE)),
        );
        let mut channels: Vec<Box<dyn Channel>> = vec![Box::new(push)];
        if let Some(url) = config.slack_webhook_url.clone() {
            channels.push(Box::new(Slack::new(url, Http::new(PATIENCE))));
        }
        if let (Some(key), Some(from)) = (config.telnyx_api_key.clone(), &config.telnyx_from) {
            let sender = (from.as_str(), config.telnyx_messaging_profile.as_deref());
            let telnyx = Telnyx::new(key, &config.telnyx_url, sender, Http::new(PATIENCE));
            channels.push(Box::new(telnyx));
        }
        if let Some(from) = &config.mail_from {
            if let Some(smtp) = config.smtp_url.as_ref().map(|url| Smtp::new(url, from)) {
                channels.extend(smtp.map(|smtp| Box::new(smtp) as Box<dyn Channel>));
            }
            if let Some(key) = config.resend_api_key.clone() {
                let resend = Resend::new(key, &config.resend_url, from, Http::new(PATIENCE));
                channels.push(Box::new(resend));
            }
        }
        Self(channels)
    }

    /// These, and another.
    #[must_use]
    pub fn with(mut self, channel: Box<dyn Channel>) -> Self {
        self.0.push(channel);
        self
    }

    /// Whether a channel is set up.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The channel of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&dyn Channel> {
        let mut channels = self.0.iter();
        let found = channels.find(|channel| channel.name() == name);
        found.map(AsRef::as_ref)
    }
}

impl fmt::Debug for Channels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|channel| channel.name());
        f.debug_list().entries(names).finish()
    }
}

/// How long one attempt may take: less than the lease, so that a message that is being sent is nobody
/// else's.
pub(super) fn patience(lease: Duration) -> Duration {
    PATIENCE.min(lease * 2 / 3)
}
