//! Admission of requests: sizes, rates and concurrency.

use std::{num::NonZeroU32, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{Extensions, Uri, Version, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use kernel::{Problem, ProblemKind};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    Caller, Client, Rates, WebError,
    rate::{Charge, Quota, Who},
    tally::Tally,
};
use crate::config::Network;

/// The longest address that is read, in bytes.
const LONGEST_ADDRESS: usize = 4 * 1024;
/// The largest head that is read, in bytes of names and values.
const LARGEST_HEAD: usize = 16 * 1024;
/// Requests that are answered at once.
const AT_ONCE: usize = 1024;
/// Attempts to sign in a minute, per client address.
const SIGN_INS: Quota = Quota {
    name: "sign-ins",
    per_minute: NonZeroU32::new(30).unwrap(),
};

/// Limits of the gate.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests a minute per client address.
    pub requests_per_minute: NonZeroU32,
    /// Requests a minute of one person, from wherever.
    pub person_requests_per_minute: NonZeroU32,
    /// Requests a minute by one of a person's tokens.
    pub token_requests_per_minute: NonZeroU32,
    /// Beginnings of paths at which credentials can be guessed: slower, and counted apart.
    pub guarded: Vec<&'static str>,
    /// Beginnings of paths that are let in uncounted.
    pub unlimited: Vec<&'static str>,
    /// Proxies whose word on who asks is taken.
    pub trusted_proxies: Vec<Network>,
    /// Networks without a rate limit.
    pub exempt: Vec<Network>,
}

/// Answers a request that is not let in.
type Tell = fn(&Request, WebError) -> Response;

/// Lets requests in, or says why not.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    limits: Limits,
    rates: Rates,
    tell: Tell,
    places: Semaphore,
}

impl Gate {
    /// A gate with these limits, counted by `rates`; `tell` answers what it refuses.
    #[must_use]
    pub fn new(limits: Limits, rates: Rates, tell: Tell) -> Self {
        Self(Arc::new(Inner {
            limits,
            rates,
            tell,
            places: Semaphore::new(AT_ONCE),
        }))
    }

    /// Wraps `router`, and puts the [`Client`] on each request.
    pub fn before<S: Clone + Send + Sync + 'static>(self, router: Router<S>) -> Router<S> {
        router.layer(from_fn_with_state(self, pass))
    }

    /// Counts a request for its recognized sender, if it has a rate limit. [`Tally::tell`] adds the result
    /// to the answer.
    pub async fn admit(found: &Extensions, caller: Caller) -> Tally {
        // Put there by the gate that counted the client address.
        let Some(Self(gate)) = found.get::<Self>() else {
            return Tally::default();
        };
        let quota = |name, per_minute| Quota { name, per_minute };
        let person = Charge {
            quota: quota("person", gate.limits.person_requests_per_minute),
            who: Who::Person(caller.person),
        };
        let token = caller.token.map(|id| Charge {
            quota: quota("token", gate.limits.token_requests_per_minute),
            who: Who::Token(id),
        });
        let charges: Vec<Charge> = [Some(person), token].into_iter().flatten().collect();
        Tally::of(&gate.rates, &charges).await
    }
}

async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let inner = &*gate.0;
    if let Err(problem) = fits(&request) {
        return (inner.tell)(&request, problem.into());
    }
    let client = Client::of(&request, &inner.limits.trusted_proxies);
    request.extensions_mut().insert(client);
    if is_among(&inner.limits.unlimited, &request) {
        return next.run(request).await;
    }
    let tally = match inner.is_exempt(client) {
        true => Tally::default(),
        false => {
            let charge = inner.charge(client, &request);
            request.extensions_mut().insert(gate.clone());
            Tally::of(&inner.rates, &[charge]).await
        }
    };
    let may_enter = tally.may_enter().and_then(|()| inner.place());
    let mut response = match may_enter {
        Ok(_place) => next.run(request).await,
        Err(problem) => (inner.tell)(&request, problem.into()),
    };
    tally.write(&mut response);
    response
}

fn is_among(paths: &[&str], request: &Request) -> bool {
    let path = request.uri().path();
    paths.iter().any(|prefix| path.starts_with(prefix))
}

impl Inner {
    fn is_exempt(&self, client: Client) -> bool {
        let mut exempt = self.limits.exempt.iter();
        exempt.any(|network| network.contains(client.0))
    }

    /// Quotas that a client address's request is counted by.
    fn charge(&self, client: Client, request: &Request) -> Charge {
        let requests = Quota {
            name: "requests",
            per_minute: self.limits.requests_per_minute,
        };
        let is_sign_in = is_among(&self.limits.guarded, request);
        Charge {
            quota: if is_sign_in { SIGN_INS } else { requests },
            who: Who::Household(client.household()),
        }
    }

    fn place(&self) -> Result<SemaphorePermit<'_>, Problem> {
        self.places.try_acquire().map_err(|_| {
            let detail = "The server is handling too many requests. Try again in a second.";
            Problem::new(ProblemKind::Overloaded, "TOO_BUSY", detail)
        })
    }
}

/// Refuses what is too long to be meant, and what does not say for whom it is (RFC 9112, 3.2).
fn fits(request: &Request) -> Result<(), Problem> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || hosts == 0 && request.version() == Version::HTTP_11 {
        let detail = "A request must have exactly one `Host` header. Send one.";
        return Err(Problem::new(ProblemKind::Malformed, "BAD_HOST", detail));
    }
    let length = |uri: &Uri| {
        uri.path_and_query()
            .map_or(0, |address| address.as_str().len())
    };
    if length(request.uri()) > LONGEST_ADDRESS {
        let detail =
            format!("A URL can have at most {LONGEST_ADDRESS} bytes. Shorten the query string.");
        return Err(Problem::new(
            ProblemKind::UrlTooLong,
            "URL_TOO_LONG",
            detail,
        ));
    }
    let headers = request.headers().iter();
    let head: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if head > LARGEST_HEAD {
        let detail = format!(
            "Headers can have at most {LARGEST_HEAD} bytes in total. Send fewer headers, or delete cookies."
        );
        return Err(Problem::new(
            ProblemKind::HeadTooLarge,
            "HEADERS_TOO_LARGE",
            detail,
        ));
    }
    Ok(())
}
