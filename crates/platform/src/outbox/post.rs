use std::{fmt, sync::Arc};

use super::{
    Channels, Content, EmailTemplate, Frame, TemplateError, channel::PATIENCE, push::PushServices,
    webhook::Receivers, write,
};
use crate::{Context, config::Config, crypto::KeyRing, outside::Guarded};

/// The services for sending messages to people.
#[derive(Clone)]
pub struct Post {
    /// The URL of this server, without a trailing slash.
    pub site: Arc<str>,
    /// The name of the community that runs this server.
    pub community: Arc<str>,
    pub channels: Arc<Channels>,
    /// The keys, of which the one for emails seals the links in them.
    pub ring: KeyRing,
    /// The push services that may be called besides the public ones.
    pub services: Arc<PushServices>,
    /// The maximum number of text messages to people in 24 hours.
    pub texts_per_day: i64,
    /// The client that looks up the push services of browsers.
    pub guarded: Arc<Guarded>,
    /// The receivers of webhooks that may be called.
    pub receivers: Receivers,
}

impl Post {
    /// Creates the services from the configuration.
    #[must_use]
    pub fn new(config: &Config, ring: KeyRing, context: &Context) -> Self {
        Self {
            site: config.site().into(),
            community: config.community_name.as_str().into(),
            channels: Arc::new(Channels::of(config, context, &ring)),
            ring,
            services: Arc::new(PushServices { named: config.push_services.clone() }),
            texts_per_day: config.texts_per_day,
            guarded: Arc::new(Guarded::new(PATIENCE, Vec::new())),
            receivers: Channels::receivers(config),
        }
    }

    /// Writes an email, with an unsubscribe link if its kind has one.
    ///
    /// # Errors
    /// When its HTML fails, or it has no subject.
    pub fn write(
        &self,
        email: &dyn EmailTemplate,
        unsubscribe: Option<&str>,
    ) -> Result<Content, TemplateError> {
        let frame = Frame { site: &self.site, community: &self.community, unsubscribe };
        write(email, frame)
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post")
            .field("site", &self.site)
            .field("channels", &self.channels)
            .finish_non_exhaustive()
    }
}
