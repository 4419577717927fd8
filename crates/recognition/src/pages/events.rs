//! Live updates: an event stream reports new ledger entries to a page, which then reloads itself. The
//! stream carries no data, so it discloses nothing.

use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Extension, Router,
    extract::State,
    middleware::from_fn_with_state,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures_util::{Stream, stream};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    db::DbError,
    flags::{self, Flag, FlagKind, FlagView, Start},
    web::{Closing, WebError},
};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::reads::latest;

/// The flag that turns the streams on and off.
pub(crate) const FLAG: &Flag = &Flag {
    name: "live_updates",
    kind: FlagKind::Feature,
    variable: "ENABLE_LIVE_UPDATES",
    start: Start::On,
    description: "Pages update automatically when points are posted.",
};

/// The maximum number of streams. A page without a stream shows new points after a reload.
const STREAMS: usize = 256;
/// The interval between checks of a stream.
const TICK: Duration = Duration::from_secs(2);
/// How long the result of a check is shared by all streams.
const FRESH: Duration = Duration::from_secs(1);
/// The interval between keep-alive messages, which keep proxies from closing the stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The lifetime of a stream. The page then reconnects, and the slot of a vanished client is freed.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// The state shared by all streams of this process.
struct Live {
    places: Arc<Semaphore>,
    seen: Mutex<Option<(Instant, Option<Uuid>)>>,
}

impl Live {
    /// Creates the state, without streams.
    fn new() -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(STREAMS)),
            seen: Mutex::new(None),
        })
    }

    /// Returns the latest ledger entry, which is read at most once a second for all streams.
    async fn latest(&self, context: &Context) -> Result<Option<Uuid>, DbError> {
        let mut seen = self.seen.lock().await;
        if let Some((at, latest)) = *seen
            && at.elapsed() < FRESH
        {
            return Ok(latest);
        }
        let latest = latest(&context.db).await?;
        *seen = Some((Instant::now(), latest));
        Ok(latest)
    }
}

/// The stream of a page.
struct Watch {
    live: Arc<Live>,
    context: Context,
    closing: Option<Closing>,
    flag_view: FlagView,
    until: Instant,
    seen: Option<Uuid>,
    _place: OwnedSemaphorePermit,
}

/// Returns the route of the streams.
pub(super) fn routes() -> Router<Context> {
    let stream = get(events).layer(Extension(Live::new()));
    let route = Router::new().route("/events", stream);
    route.layer(from_fn_with_state(FLAG, flags::hide))
}

/// `GET /events`.
async fn events(
    State(context): State<Context>,
    Extension(live): Extension<Arc<Live>>,
    Extension(flag_view): Extension<FlagView>,
    closing: Option<Extension<Closing>>,
) -> Result<Response, WebError> {
    let full = |_| {
        let detail =
            "Too many pages are receiving live updates. Reload the page to see new points.";
        Problem::new(ProblemKind::Overloaded, "TOO_BUSY", detail)
    };
    let place = Arc::clone(&live.places).try_acquire_owned().map_err(full)?;
    let watch = Watch {
        seen: live.latest(&context).await?,
        live,
        context,
        closing: closing.map(|Extension(closing)| closing),
        flag_view,
        until: Instant::now() + LIFE,
        _place: place,
    };
    let heartbeat = KeepAlive::new().interval(HEARTBEAT);
    Ok(Sse::new(posted(watch))
        .keep_alive(heartbeat)
        .into_response())
}

/// Sends an event for each check that finds a new entry. Ends when the server stops or streams are turned
/// off.
fn posted(watch: Watch) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold(watch, |mut watch| async move {
        while Instant::now() < watch.until && watch.flag_view.still_shows(FLAG) {
            if watch.waits_until_stop().await {
                return None;
            }
            match watch.live.latest(&watch.context).await {
                Ok(latest) if latest != watch.seen => {
                    watch.seen = latest;
                    return Some((Ok(Event::default().event("posted").data("")), watch));
                }
                Ok(_) => {}
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
    /// Waits for the next check; returns whether the server is stopping.
    async fn waits_until_stop(&self) -> bool {
        let tick = tokio::time::sleep(TICK);
        match &self.closing {
            Some(Closing(stop)) => stop.run_until_cancelled(tick).await.is_none(),
            None => {
                tick.await;
                false
            }
        }
    }
}
