use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use platform::web::Client;

use super::MaybePerson;
use crate::{
    model::{Credential, Device, UserId, Viewer},
    rules::{address_prefix, device},
};

/// The sender of a sign-in request.
#[derive(Debug)]
pub struct Visitor {
    /// The viewer, if already signed in.
    pub viewer: Option<Viewer>,
    pub headers: HeaderMap,
    pub client: Option<Client>,
}

impl Visitor {
    /// Returns the device to note with a session.
    #[must_use]
    pub fn device(&self) -> Device {
        let name = self.headers.get(header::USER_AGENT);
        Device {
            user_agent: name.and_then(|name| name.to_str().ok()).map(device),
            address_prefix: self.client.map(|client| address_prefix(client.0)),
        }
    }

    /// Returns the viewer of a browser's session; `None` for one with a token.
    #[must_use]
    pub fn in_person(&self) -> Option<UserId> {
        let viewer = self.viewer.as_ref();
        let viewer = viewer.filter(|viewer| matches!(viewer.by, Credential::Session(_)));
        viewer.map(|viewer| viewer.user_id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self {
            viewer: MaybePerson::of(&parts.extensions).0,
            headers: parts.headers.clone(),
            client: parts.extensions.get::<Client>().copied(),
        })
    }
}
