use std::{fmt, sync::Arc};

use super::{Channels, Content, EmailTemplate, Frame, TemplateError, push::PushServices, write};
use crate::{Context, config::Config, crypto::KeyRing};

/// Services for writing to people.
#[derive(Clone)]
pub struct Post {
    /// Address of this server, without a slash at the end.
    pub site: Arc<str>,
    /// The channels that are set up.
    pub channels: Arc<Channels>,
    /// Its key of e-mails seals the links in them.
    pub ring: KeyRing,
    /// The push services that may be called beside the public ones.
    pub services: Arc<PushServices>,
}

impl Post {
    /// Sets up the services of a configuration.
    #[must_use]
    pub fn new(config: &Config, ring: KeyRing, context: &Context) -> Self {
        Self {
            site: config.site().into(),
            channels: Arc::new(Channels::of(config, context, &ring)),
            ring,
            services: Arc::new(PushServices {
                named: config.push_services.clone(),
            }),
        }
    }

    /// Writes an e-mail, with an unsubscribe link for its kind, if it has one.
    ///
    /// # Errors
    /// When a template fails.
    pub fn write(
        &self,
        email: &dyn EmailTemplate,
        unsubscribe: Option<&str>,
    ) -> Result<Content, TemplateError> {
        let frame = Frame {
            site: &self.site,
            unsubscribe,
        };
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
