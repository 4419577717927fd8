use std::{fmt, sync::Arc, time::Duration};

use kernel::{Clock, Timestamp};
use platform::{
    Context,
    flags::{FlagViewer, Flags, Hold, Outgoing as _, Permit},
    outside::{self, Answer, AskError, silence},
};
use reqwest::{Method, RequestBuilder, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use tokio::time::Instant;

use super::{
    GamePlatformCalls, PlatformError, answers, held, link::Link, measure, recorder::Recorder,
};

/// The name of the service in the metrics of all outgoing calls.
const TARGET: &str = "game_platform";

/// The number of times that a request is sent while the platform fails.
const TRIES: u32 = 3;

/// The number of times that a request waits because of the platform's rate limit.
const WAITS: u32 = 3;

/// The wait that is assumed if the platform states none, and the longest that is kept.
const RETRY_AFTER: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(60));

/// How often a call that waits for its turn looks at the flag.
const LOOKS_EVERY: Duration = Duration::from_secs(2);

/// A client of `MetaCTF`'s API. Clients of one process share their limits.
#[derive(Clone)]
pub(super) struct MetaCtf {
    pub(super) link: Arc<Link>,
    pub(super) recorder: Recorder,
    guard: Guard,
    flags: Flags,
    clock: Arc<dyn Clock>,
}

/// The condition under which a client calls the platform.
#[derive(Clone, Debug)]
pub(super) enum Guard {
    /// The flag is on for one of these people, or for everyone.
    Subjects(Vec<FlagViewer>),
    /// The variable and the row of the flag are on, for whomever. For reading only.
    Enabled,
    /// No condition: an operator checks the connection. For reading only.
    Check,
}

/// The result of asking the guard.
enum GuardAnswer {
    Permitted(Permit<GamePlatformCalls>),
    Reading,
}

/// A request without its token.
pub(super) struct PlatformRequest<'a> {
    /// The name of the call in metrics and logs.
    pub(super) call: &'static str,
    pub(super) method: Method,
    /// The path below the base.
    pub(super) path: &'static str,
    pub(super) query: Vec<(&'static str, &'a str)>,
    pub(super) body: Option<Value>,
    /// The values of the request about a person, which must not be in an error.
    pub(super) private: Vec<String>,
}

impl<'a> PlatformRequest<'a> {
    pub(super) fn get(
        call: &'static str,
        path: &'static str,
        query: Vec<(&'static str, &'a str)>,
    ) -> Self {
        Self { call, method: Method::GET, path, query, body: None, private: Vec::new() }
    }

    pub(super) fn post(call: &'static str, path: &'static str, body: Value) -> Self {
        Self {
            call,
            method: Method::POST,
            path,
            query: Vec::new(),
            body: Some(body),
            private: Vec::new(),
        }
    }
}

impl MetaCtf {
    /// Creates a client, whose requests the recorder counts.
    pub(super) fn new(
        (link, recorder): (Arc<Link>, Recorder),
        guard: Guard,
        context: &Context,
    ) -> Self {
        Self {
            link,
            recorder,
            guard,
            flags: context.flags.clone(),
            clock: Arc::clone(&context.clock),
        }
    }

    /// Creates a client for checks without a database.
    #[cfg(test)]
    pub(super) fn checking(link: Arc<Link>, clock: impl Clock) -> Self {
        Self {
            link,
            recorder: Recorder::default(),
            guard: Guard::Check,
            flags: Flags::default(),
            clock: Arc::new(clock),
        }
    }

    /// Sends a request and returns its successful answer. Counts what fails.
    pub(super) async fn send(&self, ask: PlatformRequest<'_>) -> Result<String, PlatformError> {
        let result = self.tried(&ask).await;
        match &result {
            Ok(_) | Err(PlatformError::SwitchedOff(_)) => {}
            // A check asks for an account that does not exist.
            Err(PlatformError::Unknown) if !matches!(self.guard, Guard::Subjects(_)) => {}
            Err(error) => measure::error(ask.call, error.kind()),
        }
        result
    }

    /// Sends a request, again while the platform fails or asks to wait.
    async fn tried(&self, ask: &PlatformRequest<'_>) -> Result<String, PlatformError> {
        let slot = self.link.slots.acquire().await;
        let _slot = slot.map_err(|_| PlatformError::Unreachable("the client was stopped"))?;
        let (mut tries, mut waits) = (0, 0);
        loop {
            let passage = self.turn(ask).await?;
            if self.rests() {
                return Err(PlatformError::Resting);
            }
            match self.once(ask, &passage).await {
                Err(PlatformError::RateLimited { retry_after }) => {
                    waits += 1;
                    let pause = retry_after.min(RETRY_AFTER.1);
                    self.link.throttle.pause(Instant::now(), pause);
                    if waits > WAITS {
                        return Err(PlatformError::RateLimited { retry_after });
                    }
                }
                Err(error @ (PlatformError::Failed { .. } | PlatformError::Unreachable(_))) => {
                    tries += 1;
                    if tries >= TRIES || self.rests() {
                        return Err(error);
                    }
                    tokio::time::sleep(backoff(tries)).await;
                }
                result => return result,
            }
        }
    }

    /// Waits until the throttle permits a request, and asks the guard right before it is sent.
    async fn turn(&self, ask: &PlatformRequest<'_>) -> Result<GuardAnswer, PlatformError> {
        loop {
            let passage = self.passage(&ask.method)?;
            match self.link.throttle.take(Instant::now()) {
                Ok(_) => {
                    self.link.measure();
                    return Ok(passage);
                }
                Err(wait) => tokio::time::sleep(wait.min(LOOKS_EVERY)).await,
            }
        }
    }

    fn passage(&self, method: &Method) -> Result<GuardAnswer, PlatformError> {
        let off = |hold| PlatformError::SwitchedOff(held::words(hold).to_owned());
        let subjects = match (&self.guard, method == Method::GET) {
            (Guard::Check, true) => return Ok(GuardAnswer::Reading),
            (Guard::Enabled, true) => {
                return match self.flags.hold(GamePlatformCalls::FLAG, &[]) {
                    None | Some(Hold::Rollout) => Ok(GuardAnswer::Reading),
                    Some(hold) => Err(off(hold)),
                };
            }
            (Guard::Check | Guard::Enabled, false) => &[][..],
            (Guard::Subjects(subjects), _) => subjects.as_slice(),
        };
        self.flags.permit_for(subjects).map(GuardAnswer::Permitted).map_err(off)
    }

    /// Returns true while the platform must not be called.
    fn rests(&self) -> bool {
        self.link.circuit.open_for(self.now()).is_some()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn once(
        &self,
        ask: &PlatformRequest<'_>,
        _: &GuardAnswer,
    ) -> Result<String, PlatformError> {
        let request = self.request(ask)?;
        let began = Instant::now();
        self.recorder.count();
        let answer = outside::ask_up_to(TARGET, request, self.now(), self.link.limit).await;
        let status = match &answer {
            Ok(answer) => answer.status.as_str().to_owned(),
            Err(AskError::TooLong(status)) => status.as_str().to_owned(),
            Err(AskError::Call(_)) => "none".to_owned(),
        };
        let took = began.elapsed();
        self.recorder.took(took);
        measure::request(ask.call, &status, took);
        let result = match answer {
            Ok(answer) => judged(answer, &ask.private),
            Err(AskError::TooLong(_)) => Err(PlatformError::TooLarge),
            Err(AskError::Call(error)) => Err(PlatformError::Unreachable(silence(&error))),
        };
        let failed =
            matches!(result, Err(PlatformError::Failed { .. } | PlatformError::Unreachable(_)));
        self.link.circuit.note(!failed, self.now());
        result
    }

    fn request(&self, ask: &PlatformRequest<'_>) -> Result<RequestBuilder, PlatformError> {
        let url = format!("{}{}", self.link.base, ask.path);
        let request = self.link.http.request(ask.method.clone(), &url);
        let request = request.map_err(|error| PlatformError::Unreachable(silence(&error)))?;
        let request = request.bearer_auth(self.link.token.expose_secret());
        let request = if ask.query.is_empty() { request } else { request.query(&ask.query) };
        Ok(match &ask.body {
            Some(body) => request.json(body),
            None => request,
        })
    }
}

/// Returns the body of a successful answer.
fn judged(answer: Answer, private: &[String]) -> Result<String, PlatformError> {
    let status = answer.status;
    Err(match status {
        status if status.is_success() => return Ok(answer.text),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => PlatformError::Rejected,
        StatusCode::NOT_FOUND if answers::has_detail(&answer.text) => PlatformError::Unknown,
        StatusCode::NOT_FOUND => PlatformError::Refused {
            status: status.as_u16(),
            detail: "the address is not that of the API, so check GAME_PLATFORM_API_BASE_URL"
                .to_owned(),
        },
        StatusCode::TOO_MANY_REQUESTS => {
            PlatformError::RateLimited { retry_after: answer.retry_after.unwrap_or(RETRY_AFTER.0) }
        }
        status if status.is_server_error() => PlatformError::Failed { status: status.as_u16() },
        status => PlatformError::Refused {
            status: status.as_u16(),
            detail: answers::detail(&answer.text, private),
        },
    })
}

/// Returns the wait before the `n`-th retry: 300 milliseconds, then twice as long each time, up to two seconds.
fn backoff(n: u32) -> Duration {
    let wait = 300_u64.saturating_mul(1 << n.saturating_sub(1).min(8));
    Duration::from_millis(wait.min(2_000))
}

impl fmt::Debug for MetaCtf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetaCtf").field("link", &self.link).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_wait_twice_as_long_each_time() {
        let waits: Vec<_> = (1..=5).map(|n| backoff(n).as_millis()).collect();
        assert_eq!(waits, [300, 600, 1_200, 2_000, 2_000]);
    }

    #[test]
    fn a_status_becomes_an_error_with_a_next_step() {
        let judged = |status: u16, text: &str| {
            let answer = Answer {
                status: StatusCode::from_u16(status).expect("a status"),
                retry_after: None,
                text: text.to_owned(),
            };
            judged(answer, &[]).expect_err("refused").kind()
        };
        let detail = r#"{"detail":"No such user"}"#;
        for (status, text, kind) in [
            (302, "", "refused"),
            (401, detail, "rejected"),
            (403, detail, "rejected"),
            (404, detail, "unknown"),
            (404, "<html>", "refused"),
            (409, detail, "refused"),
            (422, detail, "refused"),
            (429, "", "rate_limited"),
            (500, "", "failed"),
            (503, "<html>", "failed"),
        ] {
            assert_eq!(judged(status, text), kind, "{status}");
        }
    }
}
