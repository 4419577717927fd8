//! The part of a cached page that only its viewer sees, such as their own rank.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::Extensions,
    response::{IntoResponse, Response},
};
use uuid::Uuid;

use super::{Cached, Inner, Page, PageKey, Validity, find};

/// The viewer's own part of a page.
#[derive(Clone, Debug)]
pub struct OwnPart {
    pub viewer: Uuid,
    /// The path of the page.
    pub path: String,
    /// The query string of the page, with the parameters that it reads.
    pub query: String,
    /// The extensions of the request.
    pub extensions: Extensions,
}

impl Page {
    /// Returns true if the page has a slot for the viewer's own part after `slots`.
    pub(super) fn has_own_part(&self, slots: &[String]) -> bool {
        self.parts.len() > slots.len() + 1
    }
}

impl Inner {
    /// Returns a request for the viewer's own part of a page; `None` for visitors.
    pub(super) fn own_part(&self, asked: &PageKey, request: &Request) -> Option<OwnPart> {
        let found = request.extensions();
        let viewer = self.policy.viewer(found).filter(|_| asked.is_personal)?;
        Some(OwnPart {
            viewer,
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            extensions: found.clone(),
        })
    }

    /// Adds the viewer's own part to the slots, if the page has a slot for it. Parts are kept by viewer and address, as
    /// long as the data is unchanged.
    pub(super) async fn add_own_part(
        &self,
        asked: &PageKey,
        own: Option<&OwnPart>,
        (page, moment): (&Page, Option<&Validity>),
        slots: &mut Vec<String>,
    ) -> Result<(), Response> {
        let Some(own) = own.filter(|_| page.has_own_part(slots)) else {
            return Ok(());
        };
        let key = (Arc::clone(&asked.address), own.viewer);
        let kept = moment.and_then(|moment| find(&self.own_parts, &key, moment));
        if let Some(kept) = kept {
            slots.push(kept.what.clone());
            return Ok(());
        }
        let part = self.policy.own_part(&self.context, own);
        let what = part.await.map_err(IntoResponse::into_response)?;
        slots.push(what.clone());
        if let Some(moment) = moment {
            let moment = moment.clone();
            self.own_parts.insert(key, Arc::new(Cached { moment, what }));
        }
        Ok(())
    }
}
