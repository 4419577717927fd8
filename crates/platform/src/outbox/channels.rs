use std::{fmt, time::Duration};

use super::{
    Resend, Slack, Smtp, Telnyx,
    channel::{Channel, PATIENCE, patience},
    push::{Push, PushServices},
    webhook::{Receivers, Webhooks},
};
use crate::{
    Context,
    config::Config,
    crypto::KeyRing,
    outside::{Guarded, Http},
};

/// The maximum time for the response of a webhook.
const RECEIVER_PATIENCE: Duration = Duration::from_secs(15);

/// The configured channels.
#[derive(Default)]
pub struct Channels(Vec<Box<dyn Channel>>);

impl Channels {
    /// Creates a set of exactly these channels.
    #[must_use]
    pub fn new(channels: Vec<Box<dyn Channel>>) -> Self {
        Self(channels)
    }

    /// Creates the configured channels. The configuration was validated when it was loaded.
    #[must_use]
    pub fn of(config: &Config, context: &Context, ring: &KeyRing) -> Self {
        let services = PushServices { named: config.push_services.clone() };
        let push = Push::new(
            context.clone(),
            ring.clone(),
            &config.contact(),
            services,
            Guarded::new(PATIENCE, Vec::new()),
            Http::new(PATIENCE),
        );
        let receivers = Self::receivers(config);
        let webhooks = Webhooks::new(context.clone(), ring.clone(), receivers);
        let mut channels: Vec<Box<dyn Channel>> = vec![Box::new(push), Box::new(webhooks)];
        if let Some(url) = config.slack_webhook_url.clone() {
            channels.push(Box::new(Slack::new(url, Http::new(PATIENCE))));
        }
        if let (Some(key), Some(from)) = (config.telnyx_api_key.clone(), &config.telnyx_from) {
            let sender = (from.as_str(), config.telnyx_messaging_profile.as_deref());
            let telnyx = Telnyx::new(key, &config.telnyx_url, sender, Http::new(PATIENCE));
            channels.push(Box::new(telnyx));
        }
        if let Some(from) = &config.mail_from {
            if let Some(url) = &config.smtp_url {
                let smtp = Smtp::new(url, config.place("smtp_url"), from);
                channels.extend(smtp.map(|smtp| Box::new(smtp) as Box<dyn Channel>));
            }
            if let Some(key) = config.resend_api_key.clone() {
                let resend = Resend::new(key, &config.resend_url, from, Http::new(PATIENCE));
                channels.push(Box::new(resend));
            }
        }
        Self(channels)
    }

    /// Returns the receivers of webhooks that may be called. A call ends early enough that its failure is recorded.
    #[must_use]
    pub fn receivers(config: &Config) -> Receivers {
        let limit = RECEIVER_PATIENCE.min(patience(config.jobs().lease) * 3 / 4);
        let guarded = Guarded::new(limit, Vec::new());
        Receivers::new(&config.webhook_receivers, guarded, Http::new(limit))
    }

    #[must_use]
    pub fn with(mut self, channel: Box<dyn Channel>) -> Self {
        self.0.push(channel);
        self
    }

    /// Returns true if a channel is configured.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Finds a channel by name.
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
