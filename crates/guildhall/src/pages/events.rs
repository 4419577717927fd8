//! Live numbers: one stream for each page tells that something was posted; the page then asks for
//! itself again. The stream carries no data, so nobody learns from it what they may not see.

use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Extension,
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    db::DbError,
    flags::{Flag, FlagKind, FlagView},
    web::{Closing, WebError},
};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// What switches the streams.
pub(crate) const FLAG: &Flag = &Flag {
    name: "live_updates",
    kind: FlagKind::Feature,
    variable: "ENABLE_LIVE_UPDATES",
    description: "Pages that are open follow what is posted, by a stream each.",
};

/// Streams at once; a page without one shows the same, a moment later.
const STREAMS: usize = 256;
/// Between looks of a stream.
const TICK: Duration = Duration::from_secs(2);
/// A look serves all streams for so long.
const FRESH: Duration = Duration::from_secs(1);
/// Between signs of life, so that nothing on the way takes the stream for dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Then the page asks anew, and the place of one that went away in silence is free again.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// What all streams of this process share.
pub(super) struct Live {
    places: Arc<Semaphore>,
    seen: Mutex<Option<(Instant, Option<Uuid>)>>,
}

impl Live {
    /// No stream yet.
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(STREAMS)),
            seen: Mutex::new(None),
        })
    }

    /// The latest entry of the ledger: all streams together look once a second.
    async fn latest(&self, context: &Context) -> Result<Option<Uuid>, DbError> {
        let mut seen = self.seen.lock().await;
        if let Some((at, latest)) = *seen
            && at.elapsed() < FRESH
        {
            return Ok(latest);
        }
        let latest = recognition::reads::latest(&context.db).await?;
        *seen = Some((Instant::now(), latest));
        Ok(latest)
    }
}

/// One page's stream.
struct Watch {
    live: Arc<Live>,
    context: Context,
    closing: Option<Closing>,
    flag_view: FlagView,
    until: Instant,
    seen: Option<Uuid>,
    _place: OwnedSemaphorePermit,
}

/// `GET /events`.
pub(super) async fn events(
    State(context): State<Context>,
    Extension(live): Extension<Arc<Live>>,
    Extension(flag_view): Extension<FlagView>,
    closing: Option<Extension<Closing>>,
) -> Result<Response, WebError> {
    let full = |_| {
        let detail = "All streams are taken. The page shows the same without one.";
        Problem::new(ProblemKind::Overloaded, "TOO_MUCH_IN_FLIGHT", detail)
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

/// An event for each look that finds something new; ends when the server stops or streams are switched
/// off.
fn posted(watch: Watch) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold(watch, |mut watch| async move {
        while Instant::now() < watch.until && watch.flag_view.still_shows(FLAG) {
            if watch.rests_until_the_end().await {
                return None;
            }
            match watch.live.latest(&watch.context).await {
                Ok(latest) if latest != watch.seen => {
                    watch.seen = latest;
                    return Some((Ok(Event::default().event("posted").data("")), watch));
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "a stream of events ends");
                    return None;
                }
            }
        }
        None
    })
}

impl Watch {
    /// Rests for a moment; true when the server stops meanwhile.
    async fn rests_until_the_end(&self) -> bool {
        let rest = tokio::time::sleep(TICK);
        match &self.closing {
            Some(Closing(stop)) => stop.run_until_cancelled(rest).await.is_none(),
            None => {
                rest.await;
                false
            }
        }
    }
}
