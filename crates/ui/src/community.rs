//! The community that runs the server, as the layout shows it.

use std::sync::{Arc, OnceLock};

use axum::http::HeaderValue;
use bytes::Bytes;
use platform::config::{Config, PublicContact};

use crate::{assets, mark};

/// A request extension: the community that runs the server.
#[derive(Clone, Debug)]
pub struct Community(Arc<CommunityDetails>);

/// A community's name, description and mark.
#[derive(Debug, Default)]
pub struct CommunityDetails {
    pub name: String,
    /// A description in a sentence or two; may be empty.
    pub description: String,
    /// The URL of the server, without a trailing slash.
    pub site: String,
    /// The path of its picture, 3:1; absent: a town by the water.
    pub picture: Option<String>,
    /// The name in the banner of a preview or staging server; search engines leave it out.
    pub environment: Option<&'static str>,
    /// The message on pages while the server is read-only; `None` if it is not.
    pub maintenance: Option<String>,
    /// How people reach the operator of the server.
    pub contact: Option<PublicContact>,
    /// The contacts in an incident with their names, those who operate the server first.
    pub incident_contacts: Vec<(&'static str, PublicContact)>,
    /// How people reach those who operate the server, when it fails.
    operations: Option<PublicContact>,
    mark: Option<Image>,
    /// The mark as a PNG, once it was asked for.
    drawn_mark: OnceLock<Bytes>,
}

/// The community's own mark.
#[derive(Debug)]
struct Image {
    /// The path, which contains a digest of the content.
    address: String,
    content_type: &'static str,
    content: Bytes,
}

impl Default for Community {
    /// Returns Guildhall's own name and mark, for pages outside of an application.
    fn default() -> Self {
        Self(Arc::new(CommunityDetails {
            name: "Guildhall".to_owned(),
            ..CommunityDetails::default()
        }))
    }
}

impl Community {
    /// Reads the community from the configuration.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let mark = config.community_mark.as_ref().map(|mark| Image {
            address: assets::address("community", mark.extension, &mark.content),
            content_type: mark.content_type,
            content: mark.content.clone(),
        });
        Self(Arc::new(CommunityDetails {
            name: config.community_name.clone(),
            description: config.community_description.clone(),
            site: config.site(),
            picture: config.community_picture.as_ref().map(crate::picture_of_community),
            environment: config.environment.banner_name(),
            maintenance: Some(config.maintenance.clone()).filter(|message| !message.is_empty()),
            contact: config.community_contact.clone(),
            incident_contacts: config
                .incident_contacts()
                .map(|(name, contact)| (name, contact.clone()))
                .collect(),
            operations: config.contact_operations.clone(),
            mark,
            drawn_mark: OnceLock::new(),
        }))
    }

    /// Returns the mark as a PNG, for emails.
    pub(crate) fn mark_as_png(&self) -> Bytes {
        let own = self.0.mark.as_ref().map(|image| &*image.content);
        self.0.drawn_mark.get_or_init(|| mark::png(own)).clone()
    }

    /// Returns the mark with a path, if it is the community's own, with its content type.
    pub(crate) fn file(&self, address: &str) -> Option<(HeaderValue, Bytes)> {
        let image = self.0.mark.as_ref()?;
        let content_type = HeaderValue::from_static(image.content_type);
        (image.address == address).then(|| (content_type, image.content.clone()))
    }
}

impl std::ops::Deref for Community {
    type Target = CommunityDetails;

    fn deref(&self) -> &CommunityDetails {
        &self.0
    }
}

impl CommunityDetails {
    /// Returns whom to write to about an error page with this status: about failures, those who operate the server.
    #[must_use]
    pub fn contact_for(&self, status: u16) -> Option<&PublicContact> {
        let operations = self.operations.as_ref().filter(|_| status >= 500);
        operations.or(self.contact.as_ref())
    }

    /// Returns the path of the community's own mark.
    #[must_use]
    pub fn mark_address(&self) -> Option<&str> {
        self.mark.as_ref().map(|image| &*image.address)
    }

    /// Returns the path of the icon of the pages.
    #[must_use]
    pub fn icon(&self) -> &str {
        self.mark_address().unwrap_or(assets::mark())
    }

    /// Returns the content type of the icon.
    #[must_use]
    pub fn icon_type(&self) -> &'static str {
        let own = self.mark.as_ref().map(|image| image.content_type);
        own.unwrap_or("image/svg+xml")
    }
}
