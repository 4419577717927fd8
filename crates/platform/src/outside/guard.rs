//! The way to addresses that others give: people, issuers, browsers. They may lead to the public network
//! alone, whatever a name is made to mean while one looks.

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

/// The most redirects that are followed.
const MOST_REDIRECTS: usize = 5;

/// Why an address of others is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no address of the web.
    #[error("it is not a web address such as https://HOST")]
    NotOfTheWeb,
    /// It leads to this machine, its network, or another that is not public.
    #[error("it is not on the public internet")]
    NotPublic,
    /// It leads from TLS to where anybody can listen.
    #[error("it redirects from https to http")]
    Downgraded,
    /// It leads on and on.
    #[error("it redirects more than {MOST_REDIRECTS} times")]
    TooManyRedirects,
}

/// An address of others cannot be called.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// It may not be.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The machine's certificates cannot be read.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

/// Calls addresses that others give. Names are looked up here, and what is not public is left out before
/// anybody connects: a connection goes to an address that was judged, and to no other. Redirects are
/// judged like the address itself.
#[derive(Debug)]
pub struct Guarded {
    patience: Duration,
    guard: Guard,
    client: OnceLock<Client>,
}

impl Guarded {
    /// A client that waits so long for a whole answer. An operator may allow networks that are not public.
    #[must_use]
    pub fn new(patience: Duration, allowed: Vec<Network>) -> Self {
        Self::looking_up(patience, allowed, Arc::new(Machine))
    }

    /// The same, with names resolved by `names` instead of the machine.
    #[must_use]
    pub fn looking_up(patience: Duration, allowed: Vec<Network>, names: Arc<dyn Resolve>) -> Self {
        Self {
            patience,
            guard: Guard {
                allowed: allowed.into(),
                names: Names(names),
            },
            client: OnceLock::new(),
        }
    }

    /// A question to be put.
    ///
    /// # Errors
    /// When the address is none of the web or is not public as it is written, or the machine's
    /// certificates cannot be read. What a name leads to shows once it is sent.
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
            .redirect(follow)
            .referer(false)
            .dns_resolver(self.guard.clone())
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// Judges an address as it is written: where a name leads is judged at each call.
///
/// # Errors
/// When it is none of the web, or leads to what is not public.
pub fn judge(url: &Url) -> Result<(), Refused> {
    judged(url, is_public)
}

/// Why a call was refused on its way, if it was.
#[must_use]
pub fn refusal(error: &reqwest::Error) -> Option<Refused> {
    let first: &(dyn Error + 'static) = error;
    let mut causes = std::iter::successors(Some(first), |&error| error.source());
    causes.find_map(|cause| cause.downcast_ref::<Refused>().copied())
}

/// Judges addresses and looks names up.
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

/// An address as it is written: a name is judged once it is looked up. Whatever form a number of
/// IPv4 has, the address was read into its usual one.
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
            match judged.is_empty() {
                true => Err(Refused::NotPublic.into()),
                false => Ok(Box::new(judged.into_iter()) as Addrs),
            }
        })
    }
}

/// Looks names up.
#[derive(Clone)]
struct Names(Arc<dyn Resolve>);

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names")
    }
}

/// Names as the machine knows them.
struct Machine;

impl Resolve for Machine {
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
