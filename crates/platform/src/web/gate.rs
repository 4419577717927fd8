//! Who may come in: sizes, rates and how many at once.

use std::{num::NonZeroU32, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{Uri, Version, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use kernel::{Problem, ProblemKind};
use tokio::sync::Semaphore;

use super::{
    Client, WebError,
    rate::{Allowance, Rate},
};
use crate::config::Network;

/// The longest address that is read, in bytes.
const LONGEST_ADDRESS: usize = 4 * 1024;
/// The largest head that is read, in bytes of names and values.
const LARGEST_HEAD: usize = 16 * 1024;
/// Requests that are answered at once.
const AT_ONCE: usize = 1024;
/// Attempts to sign in, a minute and household.
const SIGN_INS: NonZeroU32 = NonZeroU32::new(30).unwrap();

/// What a gate lets in.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests a minute of one household.
    pub requests_per_minute: NonZeroU32,
    /// Where paths begin at which one signs in: slower, and counted apart.
    pub sign_in: &'static [&'static str],
    /// Where paths begin that are let in uncounted.
    pub unlimited: &'static [&'static str],
    /// Proxies whose word on who asks is taken.
    pub trusted_proxies: Vec<Network>,
    /// Those for whom no rate holds.
    pub exempt: Vec<Network>,
}

/// Answers a request that is not let in.
type Tell = fn(&Request, WebError) -> Response;

/// Lets requests in, or says why not.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    limits: Limits,
    tell: Tell,
    requests: Rate,
    sign_ins: Rate,
    places: Semaphore,
}

impl Gate {
    /// A gate with these limits; `tell` answers what it refuses.
    #[must_use]
    pub fn new(limits: Limits, tell: Tell) -> Self {
        Self(Arc::new(Inner {
            requests: Rate::new("requests", limits.requests_per_minute),
            sign_ins: Rate::new("sign-ins", SIGN_INS),
            places: Semaphore::new(AT_ONCE),
            limits,
            tell,
        }))
    }

    /// Stands before everything that `router` answers, and tells it the [`Client`].
    pub fn before<S: Clone + Send + Sync + 'static>(self, router: Router<S>) -> Router<S> {
        router.layer(from_fn_with_state(self, pass))
    }
}

async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let gate = &*gate.0;
    if let Err(problem) = fits(&request) {
        return (gate.tell)(&request, problem.into());
    }
    let client = Client::of(&request, &gate.limits.trusted_proxies);
    request.extensions_mut().insert(client);
    if is_among(gate.limits.unlimited, &request) {
        return next.run(request).await;
    }
    let counted = gate.count(client, &request);
    let allowance = counted.map(|(_, allowance)| allowance);
    let mut response = match gate.may_enter(allowance) {
        Ok(_place) => next.run(request).await,
        Err(problem) => (gate.tell)(&request, problem.into()),
    };
    if let Some((rate, allowance)) = counted {
        rate.tell(allowance, response.headers_mut());
    }
    response
}

fn is_among(paths: &[&str], request: &Request) -> bool {
    let path = request.uri().path();
    paths.iter().any(|prefix| path.starts_with(prefix))
}

impl Inner {
    /// Counts a request, if a rate holds for it.
    fn count(&self, client: Client, request: &Request) -> Option<(&Rate, Allowance)> {
        let mut exempt = self.limits.exempt.iter();
        if exempt.any(|network| network.contains(client.0)) {
            return None;
        }
        let rate = if is_among(self.limits.sign_in, request) {
            &self.sign_ins
        } else {
            &self.requests
        };
        Some((rate, rate.take(client.household())))
    }

    fn may_enter(&self, allowance: Option<Allowance>) -> Result<impl Sized, Problem> {
        if let Some(seconds) = allowance.and_then(|allowance| allowance.wait) {
            let detail =
                format!("Too many requests came from your address. Try again in {seconds} s.");
            return Err(Problem::new(
                ProblemKind::TooManyRequests,
                "TOO_MANY_REQUESTS",
                detail,
            ));
        }
        self.places.try_acquire().map_err(|_| {
            let detail = "Too many requests are being answered. Try again in a second.";
            Problem::new(ProblemKind::Overloaded, "TOO_BUSY", detail)
        })
    }
}

/// Refuses what is too long to be meant, and what does not say for whom it is (RFC 9112, 3.2).
fn fits(request: &Request) -> Result<(), Problem> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || hosts == 0 && request.version() == Version::HTTP_11 {
        let detail = "A request names its host in one `Host` header. Send exactly one.";
        return Err(Problem::new(ProblemKind::Malformed, "BAD_HOST", detail));
    }
    let length = |uri: &Uri| {
        uri.path_and_query()
            .map_or(0, |address| address.as_str().len())
    };
    if length(request.uri()) > LONGEST_ADDRESS {
        let detail = format!(
            "An address has at most {LONGEST_ADDRESS} bytes. Shorten what follows the question mark."
        );
        return Err(Problem::new(
            ProblemKind::AddressTooLong,
            "ADDRESS_TOO_LONG",
            detail,
        ));
    }
    let headers = request.headers().iter();
    let head: usize = headers
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if head > LARGEST_HEAD {
        let detail = format!(
            "Headers have at most {LARGEST_HEAD} bytes together. Send fewer, or delete cookies."
        );
        return Err(Problem::new(
            ProblemKind::HeadTooLarge,
            "HEADERS_TOO_LARGE",
            detail,
        ));
    }
    Ok(())
}
