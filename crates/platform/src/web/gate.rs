//! Admission control of requests by size, rate and concurrency.

use std::{num::NonZeroU32, sync::Arc};

use axum::{
    extract::Request,
    http::{Extensions, Uri, Version, header},
    response::Response,
};
use kernel::{Problem, ProblemKind};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    Caller, Client, Next, Rates, Stack, WebError,
    rate::{Charge, Quota, RateSubject},
    serve::Peer,
    tally::QuotaUsage,
};
use crate::{
    config::Network, exempt::ExemptNetworks, outside::is_public, processes::Noticed, slow::Trace,
};

/// The maximum length of a URL, in bytes.
const LONGEST_ADDRESS: usize = 4 * 1024;
/// The maximum size of all headers, in bytes of names and values.
const LARGEST_HEAD: usize = 16 * 1024;
/// The maximum number of concurrent requests.
const AT_ONCE: usize = 1024;
/// Headers with which proxies name the client.
const OF_PROXIES: [&str; 2] = ["x-forwarded-for", "forwarded"];
/// Requests per minute at guarded paths, per client address.
const SIGN_INS: Quota = Quota { name: "sign-ins", per_minute: NonZeroU32::new(30).unwrap() };

/// The limits of the gate.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests per minute per client address.
    pub requests_per_minute: NonZeroU32,
    /// Requests per minute by one person, from any address.
    pub person_requests_per_minute: NonZeroU32,
    /// Requests per minute by one of a person's tokens.
    pub token_requests_per_minute: NonZeroU32,
    /// Path prefixes at which credentials can be guessed, with their own, lower quota.
    pub guarded: Vec<&'static str>,
    /// Path prefixes without a rate limit.
    pub unlimited: Vec<&'static str>,
    /// Proxies that are trusted to report the client address.
    pub trusted_proxies: Vec<Network>,
    /// Networks without a rate limit.
    pub exempt: Vec<Network>,
}

/// How the gate responds to rejected requests.
#[derive(Clone, Debug)]
pub struct Refusals {
    /// Builds the response.
    pub respond: fn(&Request, WebError) -> Response,
    /// Extensions for rejected requests; those that pass get them further in.
    pub provided: Extensions,
}

/// A middleware that admits or rejects requests.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    limits: Limits,
    rates: Rates,
    refusals: Refusals,
    places: Semaphore,
    venues: ExemptNetworks,
    noticed: Noticed,
}

impl Gate {
    /// Creates a gate with these limits, counted by `rates`, from which `venues` are exempt by client address. Proxies that are not
    /// trusted are noticed.
    #[must_use]
    pub fn new(
        limits: Limits,
        rates: Rates,
        refusals: Refusals,
        venues: ExemptNetworks,
        noticed: Noticed,
    ) -> Self {
        let places = Semaphore::new(AT_ONCE);
        Self(Arc::new(Inner { limits, rates, refusals, places, venues, noticed }))
    }

    /// Adds the gate around the layers of a stack. It adds the [`Client`] to each request.
    #[must_use]
    pub fn around(self, stack: Stack) -> Stack {
        stack.with_state(self, pass)
    }

    /// Counts a request against the quotas of its authenticated sender, unless it is exempt. [`QuotaUsage::tell`] adds
    /// the result to the response.
    pub async fn admit(found: &Extensions, caller: Caller) -> QuotaUsage {
        if let Some(trace) = found.get::<Trace>() {
            trace.was_sent_by(caller.person);
        }
        // The gate adds itself to requests that it has counted by client address.
        let Some(Self(gate)) = found.get::<Self>() else {
            return QuotaUsage::default();
        };
        let quota = |name, per_minute| Quota { name, per_minute };
        let person = Charge {
            quota: quota("person", gate.limits.person_requests_per_minute),
            who: RateSubject::Person(caller.person),
        };
        let token = caller.token.map(|id| Charge {
            quota: quota("token", gate.limits.token_requests_per_minute),
            who: RateSubject::Token(id),
        });
        let charges: Vec<Charge> = [Some(person), token].into_iter().flatten().collect();
        QuotaUsage::of(&gate.rates, &charges).await
    }
}

async fn pass(gate: Arc<Gate>, mut request: Request, next: Next) -> Response {
    let inner = &*gate.0;
    if let Err(problem) = fits(&request) {
        return inner.refuse(request, problem);
    }
    inner.notice_proxy(&request);
    let client = Client::of(&request, &inner.limits.trusted_proxies);
    request.extensions_mut().insert(client);
    if let Some(trace) = request.extensions().get::<Trace>() {
        trace.came_from(client.0);
    }
    if is_among(&inner.limits.unlimited, &request) {
        return next.run(request).await;
    }
    let tally = if inner.is_exempt(client) {
        QuotaUsage::default()
    } else {
        let charge = inner.charge(client, &request);
        request.extensions_mut().insert(Gate::clone(&gate));
        let tally = QuotaUsage::of(&inner.rates, &[charge]).await;
        // Most requests are within the limit, so that the networks are rarely looked up.
        if tally.may_enter().is_err() && inner.venues.contains(client.0).await {
            QuotaUsage::default()
        } else {
            tally
        }
    };
    let may_enter = tally.may_enter().and_then(|()| inner.place());
    let mut response = match may_enter {
        Ok(_place) => next.run(request).await,
        Err(problem) => inner.refuse(request, problem),
    };
    tally.write(&mut response);
    response
}

/// Returns true if the path of a request begins with one of `paths`.
#[must_use]
pub fn is_among(paths: &[&str], request: &Request) -> bool {
    let path = request.uri().path();
    paths.iter().any(|prefix| path.starts_with(prefix))
}

impl Inner {
    /// Notices a peer of a private network that forwards for others without being trusted: most likely it is the operator's own proxy.
    /// Anybody on the public network can send such a header.
    fn notice_proxy(&self, request: &Request) {
        if !OF_PROXIES.iter().any(|name| request.headers().contains_key(*name)) {
            return;
        }
        let peer = request.extensions().get::<Peer>().map(|peer| peer.0.to_canonical());
        let is_trusted = |peer| self.limits.trusted_proxies.iter().any(|own| own.contains(peer));
        if let Some(peer) = peer.filter(|peer| !is_trusted(*peer) && !is_public(*peer)) {
            self.noticed.forwarded(peer);
        }
    }

    fn is_exempt(&self, client: Client) -> bool {
        let mut exempt = self.limits.exempt.iter();
        exempt.any(|network| network.contains(client.0))
    }

    /// Returns the quota that a request is counted against by client address.
    fn charge(&self, client: Client, request: &Request) -> Charge {
        let requests = Quota { name: "requests", per_minute: self.limits.requests_per_minute };
        let is_sign_in = is_among(&self.limits.guarded, request);
        Charge {
            quota: if is_sign_in { SIGN_INS } else { requests },
            who: RateSubject::Network(client.network()),
        }
    }

    fn refuse(&self, mut request: Request, problem: Problem) -> Response {
        request.extensions_mut().extend(self.refusals.provided.clone());
        (self.refusals.respond)(&request, problem.into())
    }

    fn place(&self) -> Result<SemaphorePermit<'_>, Problem> {
        self.places.try_acquire().map_err(|_| {
            let detail = "The server is busy. Try again in a second.";
            Problem::new(ProblemKind::Overloaded, "TOO_BUSY", detail)
        })
    }
}

/// Rejects requests whose URL or headers are too large, and those without exactly one host (RFC 9112, section
/// 3.2).
fn fits(request: &Request) -> Result<(), Problem> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || hosts == 0 && request.version() == Version::HTTP_11 {
        let detail = "A request must have exactly one `Host` header. Send one.";
        return Err(Problem::new(ProblemKind::Malformed, "BAD_HOST", detail));
    }
    let length = |uri: &Uri| uri.path_and_query().map_or(0, |address| address.as_str().len());
    if length(request.uri()) > LONGEST_ADDRESS {
        let detail =
            format!("A URL can have at most {LONGEST_ADDRESS} bytes. Shorten the query string.");
        return Err(Problem::new(ProblemKind::UrlTooLong, "URL_TOO_LONG", detail));
    }
    let headers = request.headers().iter();
    let head: usize = headers.map(|(name, value)| name.as_str().len() + value.len()).sum();
    if head > LARGEST_HEAD {
        let detail = format!(
            "Headers can have at most {LARGEST_HEAD} bytes in total. Send fewer headers, or delete cookies."
        );
        return Err(Problem::new(ProblemKind::HeadTooLarge, "HEADERS_TOO_LARGE", detail));
    }
    Ok(())
}
