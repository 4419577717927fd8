//! Live numbers: a stream for each page reports new ledger entries, and the page then loads itself again. The
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
    flags::{self, Flag, FlagKind, FlagView},
    web::{Closing, WebError},
};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::reads::latest;

/// Turns the streams on and off.
pub(crate) const FLAG: &Flag = &Flag {
    name: "live_updates",
    kind: FlagKind::Feature,
    variable: "ENABLE_LIVE_UPDATES",
    description: "Pages update automatically when points are posted.",
};

/// Maximum of streams; a page without one shows the same after a reload.
const STREAMS: usize = 256;
/// Interval between checks of a stream.
const TICK: Duration = Duration::from_secs(2);
/// How long one check serves all streams.
const FRESH: Duration = Duration::from_secs(1);
/// Interval between signs of life, so that no proxy closes the stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Lifetime of a stream: then the page connects again, and a client that vanished frees its slot.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// State that all streams of this process share.
struct Live {
    places: Arc<Semaphore>,
    seen: Mutex<Option<(Instant, Option<Uuid>)>>,
}

impl Live {
    /// State without any stream.
    fn new() -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(STREAMS)),
            seen: Mutex::new(None),
        })
    }

    /// Returns the latest ledger entry; all streams together read it once a second.
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

/// Sends an event when a check finds a new entry; ends when the server stops or streams are turned off.
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
    /// Waits for the next check; returns true when the server stops meanwhile.
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
