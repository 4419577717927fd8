//! The texts and their versions.

use std::sync::Arc;

use kernel::Timestamp;
use platform::config::Config;
use sea_orm::FromQueryResult;
use uuid::Uuid;

platform::codes! {
    /// A text of the community, which has a page.
    TextName {
        About = "about", "About";
        Conduct = "conduct", "Code of conduct";
        Privacy = "privacy", "Privacy";
        Contact = "contact", "Contact";
    }
}

impl TextName {
    /// Returns the path of its page.
    #[must_use]
    pub const fn address(self) -> &'static str {
        match self {
            Self::About => "/about",
            Self::Conduct => "/conduct",
            Self::Privacy => "/privacy",
            Self::Contact => "/contact",
        }
    }
}

/// A saved version of a text. Versions never change.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct TextVersion {
    pub id: Uuid,
    pub name: TextName,
    /// The number of the version, starting at 1.
    pub version: i64,
    /// The text, as Markdown.
    pub body: String,
    /// The admin who saved it; absent for an operator.
    pub author_id: Option<Uuid>,
    /// The earlier version whose text it has again, if it was restored.
    pub restored_from: Option<i64>,
    pub created_at: Timestamp,
}

/// Facts about the community from the configuration, for the proposed texts. Also a request extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The community's name.
    pub name: Arc<str>,
    /// Its description in a sentence or two; may be empty.
    pub description: Arc<str>,
    /// The email address, or the page, at which the operator is reached; absent until an admin sets it.
    pub contact: Option<Arc<str>>,
}

impl Facts {
    /// Reads the facts from the configuration.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self {
            name: config.community_name.as_str().into(),
            description: config.community_description.as_str().into(),
            contact: config.community_contact.as_ref().map(|contact| contact.text().into()),
        }
    }
}
