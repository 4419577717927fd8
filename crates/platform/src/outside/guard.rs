//! Calls to addresses that come from outside: from people, issuers, browsers. They may reach only the public
//! network, even if a name resolves differently between two lookups.

use std::{
    error::Error,
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{
    Client, Method, RequestBuilder, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

use super::{addresses::is_public, builder};
use crate::config::Network;

/// The maximum number of redirects to follow.
const MOST_REDIRECTS: usize = 5;

/// The reason why an address is blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not a web address.
    #[error("it is not a web address such as https://HOST")]
    NotOfTheWeb,
    /// It is on this machine, its network, or another network that is not public.
    #[error("it is not on the public internet")]
    NotPublic,
    /// It redirects from TLS to plain text.
    #[error("it redirects from https to http")]
    Downgraded,
    /// It redirects too often.
    #[error("it redirects more than {MOST_REDIRECTS} times")]
    TooManyRedirects,
}

/// An error when creating a request.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// The address is blocked.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The system's certificates cannot be read.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

/// How long the addresses of a host may be looked up when a person enters its URL.
const LOOKED_UP: Duration = Duration::from_secs(2);

/// A client for addresses that come from outside. It resolves names itself and drops addresses that are not
/// public before connecting, so that connections go only to checked addresses. Redirects are checked in the same
/// way.
#[derive(Debug)]
pub struct Guarded {
    patience: Duration,
    guard: Guard,
    follows: bool,
    client: OnceLock<Client>,
}

impl Guarded {
    /// Creates a client with a time limit for the whole response. The operator may allow networks that are not
    /// public.
    #[must_use]
    pub fn new(patience: Duration, allowed: Vec<Network>) -> Self {
        Self::looking_up(patience, allowed, Arc::new(SystemResolver))
    }

    /// Like [`Guarded::new`], with `names` as the resolver instead of the system's.
    #[must_use]
    pub fn looking_up(patience: Duration, allowed: Vec<Network>, names: Arc<dyn Resolve>) -> Self {
        Self {
            patience,
            guard: Guard { allowed: allowed.into(), names: Names(names) },
            follows: true,
            client: OnceLock::new(),
        }
    }

    /// Follows no redirects: they are returned as responses.
    #[must_use]
    pub fn without_redirects(self) -> Self {
        Self { follows: false, ..self }
    }

    /// Looks up the addresses of a URL's host, as a request would, when a person enters it.
    ///
    /// # Errors
    /// When the host has no public address. A host that cannot be found within two seconds is no error: its addresses
    /// are checked at each request.
    pub async fn look_up(&self, url: &Url) -> Result<(), Refused> {
        self.guard.judge(url)?;
        let host = url.host_str().unwrap_or_default();
        let Ok(name) = host.parse::<Name>() else {
            return Ok(());
        };
        match tokio::time::timeout(LOOKED_UP, self.guard.resolve(name)).await {
            Ok(Err(error)) => error.downcast::<Refused>().map_or(Ok(()), |why| Err(*why)),
            Ok(Ok(_)) | Err(_) => Ok(()),
        }
    }

    /// Creates a request.
    ///
    /// # Errors
    /// When the URL is not a web address or contains an address that is not public, or the system's certificates
    /// cannot be read. The addresses of a name are checked when the request is sent.
    pub fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, GuardError> {
        let url = Url::parse(url).map_err(|_| Refused::NotOfTheWeb)?;
        self.guard.judge(&url)?;
        Ok(self.client()?.request(method, url))
    }

    fn client(&self) -> Result<&Client, reqwest::Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let guard = self.guard.clone();
        let follow = redirect::Policy::custom(move |attempt| {
            match guard.may_follow(attempt.previous(), attempt.url()) {
                Ok(()) => attempt.follow(),
                Err(refused) => attempt.error(refused),
            }
        });
        let client = builder(self.patience)
            .redirect(if self.follows { follow } else { redirect::Policy::none() })
            .referer(false)
            .dns_resolver(self.guard.clone())
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// Checks a URL as written. The addresses of a name are checked at each call.
///
/// # Errors
/// When the URL is not a web address, or contains an address that is not public.
pub fn judge(url: &Url) -> Result<(), Refused> {
    judged(url, is_public)
}

/// Returns why a call was rejected while it was sent, if it was.
#[must_use]
pub fn refusal(error: &reqwest::Error) -> Option<Refused> {
    let first: &(dyn Error + 'static) = error;
    let mut causes = std::iter::successors(Some(first), |&error| error.source());
    causes.find_map(|cause| cause.downcast_ref::<Refused>().copied())
}

/// A resolver that checks addresses.
#[derive(Clone, Debug)]
struct Guard {
    allowed: Arc<[Network]>,
    names: Names,
}

impl Guard {
    fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.allowed.iter().any(|network| network.contains(address))
    }

    fn judge(&self, url: &Url) -> Result<(), Refused> {
        judged(url, |address| self.allows(address))
    }

    fn may_follow(&self, previous: &[Url], next: &Url) -> Result<(), Refused> {
        if previous.len() > MOST_REDIRECTS {
            return Err(Refused::TooManyRedirects);
        }
        let was_safe = previous.last().is_some_and(|url| url.scheme() == "https");
        if was_safe && next.scheme() == "http" {
            return Err(Refused::Downgraded);
        }
        self.judge(next)
    }
}

/// Checks a URL as written; a name is checked once it is resolved. Parsing has already normalized unusual forms
/// of IPv4 addresses.
fn judged(url: &Url, allows: impl FnOnce(IpAddr) -> bool) -> Result<(), Refused> {
    let host = url.host_str().unwrap_or_default();
    if !matches!(url.scheme(), "http" | "https") || host.is_empty() {
        return Err(Refused::NotOfTheWeb);
    }
    let number = host.trim_start_matches('[').trim_end_matches(']').parse();
    match number {
        Ok(address) if !allows(address) => Err(Refused::NotPublic),
        _ => Ok(()),
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = guard.names.0.resolve(name).await?;
            let judged: Vec<_> = found.filter(|at| guard.allows(at.ip())).collect();
            if judged.is_empty() {
                Err(Refused::NotPublic.into())
            } else {
                Ok(Box::new(judged.into_iter()) as Addrs)
            }
        })
    }
}

#[derive(Clone)]
struct Names(Arc<dyn Resolve>);

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names")
    }
}

struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
