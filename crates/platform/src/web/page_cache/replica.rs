//! Pages that are read from a replica of the database.

use axum::{
    body::Body,
    extract::Request,
    http::{Extensions, HeaderMap, StatusCode, header},
    response::Response,
};

use super::{FinishedPage, Inner, KnownVersion, PageKey, Validity};
use crate::{
    db::{Choice, Reader, replica::on_replica},
    web::{Next, own_change},
};

/// The database that a page is read from. Pages of the two are kept apart, since their versions are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Primary,
    Replica,
}

impl Inner {
    /// Reads the version before anything is rendered, so that changes made meanwhile invalidate the page. A layer
    /// further out may have read it already, as a request extension.
    pub(super) async fn moment(&self, source: Source, found: &Extensions) -> Option<Validity> {
        match found.get::<KnownVersion>() {
            Some(KnownVersion(version)) if source == Source::Primary => {
                Some(self.moment_of(version.clone()))
            }
            _ => self.present(source).await,
        }
    }

    pub(super) async fn present(&self, source: Source) -> Option<Validity> {
        let versions = match (source, &self.replica) {
            (Source::Replica, Some(replica)) => replica,
            _ => &self.versions,
        };
        Some(self.moment_of(versions.now().await?))
    }

    /// Returns true if a page may be read from the replica.
    pub(super) fn may_read_replica(&self, headers: &HeaderMap) -> bool {
        if self.replica.is_none() {
            return false;
        }
        let reader = if headers.contains_key(header::AUTHORIZATION) {
            Reader::Program
        } else {
            let changed = own_change::age(self.cookies, headers, self.context.now());
            Reader::Browser { changed }
        };
        self.context.db.choose(reader) == Some(Choice::Replica)
    }

    /// Answers a request for anything but a public page. A browser remembers that it changed something, if there is a replica that
    /// may not have it yet.
    pub(super) async fn pass_on(&self, is_read: bool, request: Request, next: Next) -> Response {
        let is_program = request.headers().contains_key(header::AUTHORIZATION);
        let mut response = next.run(request).await;
        if !is_program {
            self.remember_change(is_read, &mut response);
        }
        response
    }

    fn remember_change(&self, is_read: bool, response: &mut Response) {
        let Some(lasts) = self.context.db.own_changes_last() else {
            return;
        };
        // A request that reads and sets a cookie signs someone in.
        let is_change = !is_read || response.headers().contains_key(header::SET_COOKIE);
        let is_refused = response.status().is_client_error() || response.status().is_server_error();
        if is_change && !is_refused {
            own_change::remember(self.cookies, response, lasts, self.context.now());
        }
    }

    /// Answers with a page of the replica; `None` if only the primary may have it. Whatever the replica lacks or cannot answer, the
    /// primary is asked for.
    pub(super) async fn answer_of_replica(
        &self,
        asked: &PageKey,
        request: Request,
        next: Next,
    ) -> Option<Result<FinishedPage, Response>> {
        let answer = on_replica(self.answer(asked, request, next)).await;
        let status = answer.as_ref().err().map(Response::status);
        match status {
            Some(status) if status.is_client_error() || status.is_server_error() => {
                let is_gone = status == StatusCode::SERVICE_UNAVAILABLE;
                self.context.db.replica_failed(is_gone);
                None
            }
            _ => Some(answer),
        }
    }
}

/// Returns a request for the same page.
pub(super) fn copy_of(request: &Request) -> Request {
    let mut copy = Request::new(Body::empty());
    *copy.uri_mut() = request.uri().clone();
    *copy.version_mut() = request.version();
    *copy.headers_mut() = request.headers().clone();
    *copy.extensions_mut() = request.extensions().clone();
    copy
}
