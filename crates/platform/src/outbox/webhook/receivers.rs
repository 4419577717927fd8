use std::sync::Arc;

use reqwest::{Method, RequestBuilder, Url};

use super::rules::{bad_url, checked_url};
use crate::outside::{self, GuardError, Guarded, Http, Refused};
use kernel::Problem;

/// The receivers that may be called: public ones, and those that the operator configured.
#[derive(Clone, Debug)]
pub struct Receivers {
    /// Origins on this machine that the operator configured, for development.
    named: Arc<[String]>,
    guarded: Arc<Guarded>,
    /// The client for receivers that the operator configured.
    http: Arc<Http>,
}

impl Receivers {
    /// Creates the set of receivers. They are called with `guarded`, or with `http` if the operator configured
    /// them.
    #[must_use]
    pub fn new(named: &[String], guarded: Guarded, http: Http) -> Self {
        Self {
            named: named.into(),
            guarded: Arc::new(guarded.without_redirects()),
            http: Arc::new(http),
        }
    }

    /// Returns true if the operator configured the receiver, which then may be called at any address.
    fn names(&self, url: &Url) -> bool {
        let origin = url.origin().ascii_serialization();
        self.named.contains(&origin)
    }

    /// Validates a URL and looks up its host, which may not have private addresses. A host that cannot be found now
    /// is accepted: its addresses are checked at each request.
    ///
    /// # Errors
    /// When the URL is invalid or not on the public internet.
    pub(super) async fn check(&self, url: &str) -> Result<Url, Problem> {
        let url = checked_url(url)?;
        if self.names(&url) {
            return Ok(url);
        }
        let refused = |why: Refused| bad_url(format!("This webhook URL is not allowed: {why}."));
        if url.scheme() != "https" {
            return Err(refused(Refused::NotOfTheWeb));
        }
        outside::judge(&url).map_err(refused)?;
        self.guarded.look_up(&url).await.map_err(refused)?;
        Ok(url)
    }

    /// Creates a request. Its addresses are checked when it is sent.
    pub(super) fn request(&self, url: &Url) -> Result<RequestBuilder, GuardError> {
        if self.names(url) {
            Ok(self.http.request(Method::POST, url.as_str())?)
        } else {
            self.guarded.request(Method::POST, url.as_str())
        }
    }
}
