//! Live updates: an event stream tells an open page that something changed, and the page then reloads itself. A stream
//! carries no data, so it discloses nothing.

use std::{
    collections::HashMap,
    convert::Infallible,
    fmt,
    sync::{Arc, Mutex as Lock, PoisonError, Weak},
    time::{Duration, Instant},
};

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{
    Stream,
    future::{BoxFuture, ready},
    stream,
};
use kernel::{Problem, ProblemKind};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use crate::{
    Context,
    db::DbError,
    flags::{Flag, FlagKind, FlagView, Start},
    web::{Closing, WebError, not_found},
};

/// The flag that turns the streams on and off.
pub const FLAG: &Flag = &Flag {
    name: "live_updates",
    kind: FlagKind::Feature,
    variable: "ENABLE_LIVE_UPDATES",
    start: Start::On,
    description: "Open pages update automatically when something changes.",
};

/// The maximum number of streams. A page without a stream shows changes after a reload.
const STREAMS: usize = 256;
/// The maximum number of public streams, so that anonymous readers do not take those of coaches and competitors.
const PUBLIC: usize = 192;
/// The interval between checks of a stream. With [`FRESH`], a change is reported within a second.
const TICK: Duration = Duration::from_millis(500);
/// How long the result of a check is shared by all streams about the same.
const FRESH: Duration = Duration::from_millis(400);
/// The interval between keep-alive messages, which keep proxies from closing the stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The lifetime of a stream. The page then reconnects, and the slot of a vanished client is freed.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// The subject of a stream.
pub trait LiveSubject: Send + Sync + 'static {
    /// Returns the name. Streams with the same name share their checks.
    fn name(&self) -> String;

    /// Returns a text that differs after each change.
    fn mark<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<String, DbError>>;

    /// Returns whether the listener may still receive reports.
    fn may_listen<'a>(&'a self, _: &'a Context) -> BoxFuture<'a, Result<bool, DbError>> {
        Box::pin(ready(Ok(true)))
    }

    /// Returns whether people who are not signed in can listen.
    fn is_public(&self) -> bool {
        false
    }
}

/// The last check of a subject.
type Check = Mutex<Option<(Instant, String)>>;

/// The state shared by all streams of this process, an extension of each request.
#[derive(Clone)]
pub struct Live {
    places: Arc<Semaphore>,
    public: Arc<Semaphore>,
    checks: Arc<Lock<HashMap<String, Weak<Check>>>>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(STREAMS)),
            public: Arc::new(Semaphore::new(PUBLIC)),
            checks: Arc::default(),
        }
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}

/// A stream's share of the maximum, which ends when this is dropped.
struct StreamPermit {
    _public: Option<OwnedSemaphorePermit>,
    _any: OwnedSemaphorePermit,
}

impl Live {
    /// Takes a place for a stream; `None` if all are taken.
    fn place(&self, is_public: bool) -> Option<StreamPermit> {
        let take = |places: &Arc<Semaphore>| Arc::clone(places).try_acquire_owned().ok();
        Some(StreamPermit {
            _public: if is_public { Some(take(&self.public)?) } else { None },
            _any: take(&self.places)?,
        })
    }

    /// Returns the check that the streams of a name share.
    fn check(&self, name: String) -> Arc<Check> {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(check) = checks.get(&name).and_then(Weak::upgrade) {
            return check;
        }
        checks.retain(|_, check| check.strong_count() > 0);
        let check = Arc::new(Check::default());
        checks.insert(name, Arc::downgrade(&check));
        check
    }
}

/// A request for a stream. Hidden while the flag is off.
#[derive(Debug)]
pub struct Listener {
    live: Live,
    context: Context,
    closing: Option<Closing>,
    flag_view: FlagView,
}

impl FromRequestParts<Context> for Listener {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let extensions = &parts.extensions;
        let flag_view = extensions.get::<FlagView>().cloned();
        let flag_view = flag_view.filter(|flag_view| flag_view.shows(FLAG));
        Ok(Self {
            live: extensions.get::<Live>().cloned().ok_or_else(not_found)?,
            context: context.clone(),
            closing: extensions.get::<Closing>().cloned(),
            flag_view: flag_view.ok_or_else(not_found)?,
        })
    }
}

impl Listener {
    /// Answers with a stream that reports each change of a subject from now on.
    ///
    /// # Errors
    /// When too many streams are open, or the database fails.
    pub async fn listen(self, subject: impl LiveSubject) -> Result<Response, WebError> {
        let full = || {
            let detail =
                "Too many pages are receiving live updates. Reload the page to see what is new.";
            Problem::new(ProblemKind::Overloaded, "TOO_BUSY", detail)
        };
        let place = self.live.place(subject.is_public()).ok_or_else(full)?;
        let mut watch = Watch {
            check: self.live.check(subject.name()),
            subject: Box::new(subject),
            listener: self,
            until: Instant::now() + LIFE,
            seen: String::new(),
            _place: place,
        };
        watch.seen = watch.mark().await?;
        let heartbeat = KeepAlive::new().interval(HEARTBEAT);
        let stream = Sse::new(reports(watch)).keep_alive(heartbeat);
        // Proxies such as nginx would hold events back until their buffer is full.
        Ok(([("x-accel-buffering", "no")], stream).into_response())
    }
}

/// The stream of a page.
struct Watch {
    listener: Listener,
    subject: Box<dyn LiveSubject>,
    check: Arc<Check>,
    until: Instant,
    seen: String,
    _place: StreamPermit,
}

/// Sends an event for each check that finds a change. Ends when the server stops, streams are turned off, or the listener may no
/// longer receive reports.
fn reports(watch: Watch) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold(watch, |mut watch| async move {
        while watch.lasts() {
            if watch.waits_until_stop().await {
                return None;
            }
            match watch.finds_change().await {
                Ok(None) => {}
                Ok(Some(true)) => {
                    // Browsers ignore events without data.
                    return Some((Ok(Event::default().event("posted").data("changed")), watch));
                }
                Ok(Some(false)) => return None,
                Err(error) => {
                    tracing::warn!(%error, "a live update stream failed");
                    return None;
                }
            }
        }
        None
    })
}

impl Watch {
    fn lasts(&self) -> bool {
        Instant::now() < self.until && self.listener.flag_view.still_shows(FLAG)
    }

    /// Waits for the next check; returns whether the server is stopping.
    async fn waits_until_stop(&self) -> bool {
        let tick = tokio::time::sleep(TICK);
        match &self.listener.closing {
            Some(Closing(stop)) => stop.run_until_cancelled(tick).await.is_none(),
            None => {
                tick.await;
                false
            }
        }
    }

    /// Returns the mark of the subject, which all its streams read at most once in [`FRESH`].
    async fn mark(&self) -> Result<String, DbError> {
        let mut check = self.check.lock().await;
        if let Some((at, mark)) = &*check
            && at.elapsed() < FRESH
        {
            return Ok(mark.clone());
        }
        let mark = self.subject.mark(&self.listener.context).await?;
        *check = Some((Instant::now(), mark.clone()));
        Ok(mark)
    }

    /// Returns whether the listener may receive a report; `None` if nothing changed.
    async fn finds_change(&mut self) -> Result<Option<bool>, DbError> {
        let mark = self.mark().await?;
        if mark == self.seen {
            return Ok(None);
        }
        self.seen = mark;
        let may_listen = self.subject.may_listen(&self.listener.context).await?;
        Ok(Some(may_listen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_streams_leave_places_to_others() {
        let live = Live::default();
        let mut public: Vec<_> = (0..PUBLIC).map(|_| live.place(true)).collect();
        assert!(public.iter().all(Option::is_some));
        assert!(live.place(true).is_none(), "the public share is taken");
        let own: Vec<_> = (PUBLIC..STREAMS).map(|_| live.place(false)).collect();
        assert!(own.iter().all(Option::is_some));
        assert!(live.place(false).is_none(), "all are taken");
        public.pop();
        let freed = live.place(false);
        assert!(freed.is_some(), "a public stream ended");
        assert!(live.place(true).is_none(), "all are taken again");
        drop(freed);
        assert!(live.place(true).is_some());
    }
}
